/// Where in a document a figure is printed.
public struct AuditPosition: Sendable, Hashable, Comparable {
  /// Lines and columns count from 1; columns count Unicode scalars. 0 = the document as a whole.
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The document as a whole.
  public static let document = AuditPosition(line: 0, column: 0)

  public static func < (left: AuditPosition, right: AuditPosition) -> Bool {
    left.line != right.line ? left.line < right.line : left.column < right.column
  }
}
