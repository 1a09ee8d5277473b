/// A refused record: kept whole, with every problem found in it.
public struct Reject: Sendable, Equatable {
  public var position: SourcePosition
  /// The row as delivered (XML: its fields as `path=value` lines), cut to ``Diagnostic/rawTextLimit``.
  public var rawText: String
  /// All problems of the row; the first of severity `error` is why it was refused.
  public var diagnostics: [Diagnostic]

  public init(position: SourcePosition, rawText: String, diagnostics: [Diagnostic]) {
    self.position = position
    self.rawText = rawText
    self.diagnostics = diagnostics
  }

  /// The problem that decided.
  public var cause: Diagnostic? { diagnostics.first { $0.severity >= .error } ?? diagnostics.first }
}
