/// Where a record was delivered: in which file, at which byte.
public struct RecordPlace: Sendable, Hashable {
  /// SHA-256 of the delivered file, in hex.
  public var batch: String
  /// Offset of the record's first byte in the payload.
  public var byteOffset: Int

  public init(batch: String, byteOffset: Int) {
    self.batch = batch
    self.byteOffset = byteOffset
  }
}

/// A record as it was delivered, read again: decoded to UTF-8, persons masked, cut to ``Diagnostic/rawTextLimit``.
public struct RecordText: Sendable, Hashable {
  /// The row as delivered; of XML the fields as `path=value` lines. Rows below that belong to the record stand below.
  public private(set) var text = ""
  /// Bytes of the text before it was cut, as far as it was put together.
  public private(set) var fullBytes = 0
  /// Why there is no text, in English and Chinese; empty if there is one.
  public var problem = ""
  public var problemZh = ""

  public init() {}

  public init(problem: String, zh: String) {
    self.problem = problem
    problemZh = zh
  }

  public var isCut: Bool { fullBytes > text.utf8.count }

  /// What has to be said beside the text; empty: nothing.
  public var note: String { isCut ? "cut to its first \(text.utf8.count) bytes" : problem }
  public var noteZh: String { isCut ? "只列出前 \(text.utf8.count) 字节" : problemZh }

  /// Adds a row.
  public mutating func append(_ row: String) {
    let separator = text.isEmpty ? "" : "\n"
    let wasCut = isCut
    fullBytes += separator.utf8.count + row.utf8.count
    if !wasCut { text = Diagnostic.cut(text + separator + row) }
  }
}
