import SpotCheckModel

/// A question that cannot be answered as asked: what is wrong, where, and what would be right.
public struct QueryError: Error, Sendable, Equatable, CustomStringConvertible {
  public var message: String
  /// The text that was asked, if a place in it can be shown.
  public var source: String?
  /// Place in ``source``, counted in Unicode scalars from 0.
  public var position: Int?
  public var advice: String

  public init(_ message: String, source: String? = nil, position: Int? = nil, advice: String = "") {
    self.message = message
    self.source = source
    self.position = position
    self.advice = advice
  }

  /// The message, the text with a caret under the place, the advice.
  public var description: String {
    var lines = [message]
    if let source, let position {
      let shown = source.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }
      var line = String.UnicodeScalarView()
      line.append(contentsOf: shown)
      let before = shown.prefix(position).reduce(0) { $0 + DisplayWidth.of($1) }
      lines.append("  " + String(line))
      lines.append("  " + String(repeating: " ", count: before) + "^")
    }
    if !advice.isEmpty { lines.append(advice) }
    return lines.joined(separator: "\n")
  }
}

/// The known name that looks most like a mistyped one.
enum NearestName {
  static func of(_ name: String, among names: [String]) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    let limit = max(1, wanted.count / 3)
    let ranked = names.map { ($0, NearestWord.distance(wanted, Array($0.unicodeScalars))) }
    guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= limit else {
      return names.first { $0.hasPrefix(name) && name.count >= 3 }
    }
    return best.0
  }
}

/// Something the reader of a result must know; printed beside it, never inside the data.
public struct QueryNote: Sendable, Hashable {
  /// `pooled`, `purposes_not_pooled`, `item_based` …
  public var code: String
  public var text: String
  public var textZh: String
  /// Warnings are printed on the error stream even when the output goes to a file.
  public var isWarning: Bool

  public init(_ code: String, _ text: String, zh: String, isWarning: Bool = false) {
    self.code = code
    self.text = text
    self.textZh = zh
    self.isWarning = isWarning
  }
}
