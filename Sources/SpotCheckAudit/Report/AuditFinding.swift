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
}

extension AuditFinding: Comparable {
  /// By place, then code: the same order on every machine.
  public static func < (left: AuditFinding, right: AuditFinding) -> Bool {
    if left.position != right.position { return left.position < right.position }
    if left.code != right.code { return left.code.rawValue < right.code.rawValue }
    return left.message.utf8.lexicographicallyPrecedes(right.message.utf8)
  }
}
