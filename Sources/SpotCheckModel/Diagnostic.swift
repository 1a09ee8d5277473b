/// One problem found in delivered data: a value, never thrown.
public struct Diagnostic: Sendable, Equatable {
  /// Raw text is cut to this many bytes (at a character border) before it is kept.
  public static let rawTextLimit = 4096

  public var code: DiagnosticCode
  public var position: SourcePosition
  /// What was found, in English, for this very place ("expected 12 fields, found 11").
  public var message: String
  /// The same in Chinese; empty means that the code's own text says enough.
  public var messageZh: String
  /// The text that caused it, as delivered, cut to ``rawTextLimit``.
  public var rawText: String
  /// The severity in force: the code's own unless a pipeline changed it.
  public var severity: Severity

  public init(
    _ code: DiagnosticCode, at position: SourcePosition, _ message: String = "", zh messageZh: String = "",
    rawText: String = "", severity: Severity? = nil
  ) {
    self.code = code
    self.position = position
    self.message = message
    self.messageZh = messageZh
    self.rawText = Diagnostic.cut(rawText)
    self.severity = severity ?? code.severity
  }

  /// Cuts text to the limit without splitting a character.
  public static func cut(_ text: String) -> String {
    guard text.utf8.count > rawTextLimit else { return text }
    var end = text.utf8.index(text.utf8.startIndex, offsetBy: rawTextLimit)
    while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
      end = text.utf8.index(before: end)
    }
    return String(text[..<end])
  }
}

/// How much a problem takes away.
public enum Severity: String, Sendable, CaseIterable, Comparable, Codable {
  /// Worth knowing; nothing is lost.
  case info
  /// The value is kept and flagged.
  case warning
  /// The record is rejected.
  case error
  /// The whole file is refused.
  case fatal

  private var rank: Int {
    switch self {
    case .info: 0
    case .warning: 1
    case .error: 2
    case .fatal: 3
    }
  }

  public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
}
