/// One thing that is wrong with what is printed.
public struct AuditFinding: Sendable, Hashable {
  public enum Severity: String, Sendable, Hashable {
    /// The printed numbers contradict each other.
    case error
    /// They can be explained, but will be misread.
    case warning
  }

  public var code: AuditCode
  public var severity: Severity
  public var position: AuditPosition
  /// What the numbers are about, as the document names it; empty for the total.
  public var subject: String
  /// The figure as printed.
  public var printed: String
  /// What it should be, or must lie in.
  public var expected: String
  /// What was found, in English and in Chinese: a sentence each.
  public var message: String
  public var messageZh: String

  /// A finding about a document as a whole.
  public init(
    _ code: AuditCode, _ severity: Severity, subject: String, printed: String, expected: String, _ message: String,
    zh messageZh: String
  ) {
    self.init(
      code: code, severity: severity, position: .document, subject: subject, printed: printed, expected: expected,
      message: message, messageZh: messageZh)
  }

  init(
    code: AuditCode, severity: Severity, position: AuditPosition, subject: String, printed: String, expected: String,
    message: String, messageZh: String
  ) {
    self.code = code
    self.severity = severity
    self.position = position
    self.subject = subject
    self.printed = printed
    self.expected = expected
    self.message = message
    self.messageZh = messageZh
  }
}

extension AuditFinding: Comparable {
  /// By place, then code: the same order on every machine.
  public static func < (left: AuditFinding, right: AuditFinding) -> Bool {
    if left.position != right.position { return left.position < right.position }
    if left.code != right.code { return left.code.rawValue < right.code.rawValue }
    return left.message.utf8.lexicographicallyPrecedes(right.message.utf8)
  }
}
