/// Where in a delivered file something is.
///
/// Lines count from 1, bytes and fields from 0. Byte offsets are offsets in the *payload*: the file after
/// decompression, as delivered, before any character set conversion.
public struct SourcePosition: Sendable, Hashable, Codable {
  public var line: Int
  public var byteOffset: Int
  /// Field index from 0 (CSV), if the problem lies in one cell.
  public var field: Int?
  /// The field's name as delivered: a header name or an XML path.
  public var fieldName: String?

  public init(line: Int, byteOffset: Int, field: Int? = nil, fieldName: String? = nil) {
    self.line = line
    self.byteOffset = byteOffset
    self.field = field
    self.fieldName = fieldName
  }

  /// The file as a whole.
  public static let file = SourcePosition(line: 0, byteOffset: 0)
}
