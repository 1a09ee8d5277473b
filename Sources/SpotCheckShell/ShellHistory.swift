/// The lines of earlier sessions and of this one, oldest first.
public struct ShellHistory: Sendable, Hashable {
  public private(set) var lines: [String] = []
  /// At most so many are kept.
  public let limit: Int

  public static let usualLimit = 1000

  public init(limit: Int = usualLimit) { self.limit = max(1, limit) }

  /// From the text of a history file: a line an entry. What cannot be typed is left out.
  public init(text: String, limit: Int = usualLimit) {
    self.init(limit: limit)
    for line in text.utf8.split(separator: 0x0A) { add(String(decoding: line, as: UTF8.self)) }
  }

  /// The text of a history file.
  public var text: String { lines.map { $0 + "\n" }.joined() }

  /// Adds a line, unless it is empty, the same as the last one, or begins with a blank (as with shells: it is not to be
  /// kept). A line break inside becomes a blank.
  ///
  /// - Returns: whether it was added.
  @discardableResult
  public mutating func add(_ line: String) -> Bool {
    let scalars = line.unicodeScalars.map { scalar -> Unicode.Scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: " "
      default: scalar
      }
    }
    var kept = String(String.UnicodeScalarView(scalars))
    while kept.hasSuffix(" ") { kept.removeLast() }
    guard !kept.isEmpty, !kept.hasPrefix(" "), kept != lines.last else { return false }
    lines.append(kept)
    if lines.count > limit { lines.removeFirst(lines.count - limit) }
    return true
  }
}
