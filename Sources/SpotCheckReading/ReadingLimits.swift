/// How much of anything a delivered file may ask of us. Every limit has a diagnostic code of its own.
///
/// The defaults hold the largest honest files with room to spare and keep a hostile one within bounded memory;
/// a pipeline may set each of them.
public struct ReadingLimits: Sendable, Equatable {
  // MARK: File and compression

  /// Bytes of the file as delivered; beyond it: `FS_TOO_BIG`.
  public var fileBytes: Int = 16 << 30
  /// Output bytes for each input byte; beyond it: `GZ_RATIO`. Laboratory CSV reaches 12, zeros 1029.
  public var gzipRatio: Int = 200
  /// The ratio is judged once this much output has come (short files compress oddly).
  public var gzipRatioAfter: Int = 1 << 20
  /// Bytes after decompression; beyond it: `GZ_OUTPUT_LIMIT`.
  public var gzipOutputBytes: Int = 64 << 30
  /// Bytes of one optional field (name, comment) in a gzip header; beyond it: `GZ_DATA`.
  public var gzipHeaderFieldBytes: Int = 64 << 10

  // MARK: Character set

  /// Bad byte sequences and NULs in one file; beyond it: `ENC_TOO_MANY_INVALID`.
  public var invalidSequences: Int = 1000

  // MARK: CSV

  /// Bytes of one row as decoded to UTF-8, without its line end; beyond it: `CSV_LINE_TOO_LONG`.
  public var csvRowBytes: Int = 1 << 20
  /// Fields of one row; beyond it: `CSV_MANY_COLS` and the rest of the row is not tokenised.
  public var csvFields: Int = 4096

  // MARK: XML

  /// Nested elements; beyond it: `XML_DEPTH`.
  public var depth: Int = 64
  /// Bytes of one start tag with its attributes; beyond it: `XML_TAG_TOO_LONG`.
  public var startTagBytes: Int = 64 << 10
  /// Attributes of one element; beyond it: `XML_ATTR_COUNT`.
  public var attributes: Int = 256
  /// Bytes of one element or attribute name; beyond it: `XML_NAME_LIMIT`.
  public var nameBytes: Int = 1 << 10
  /// Different names in one file; beyond it: `XML_NAME_LIMIT`.
  public var distinctNames: Int = 4096
  /// Bytes of one text node; beyond it: `XML_TEXT_LIMIT`.
  public var textBytes: Int = 16 << 20
  /// Bytes of text of one record with all its items; beyond it: `XML_RECORD_LIMIT`.
  public var recordBytes: Int = 32 << 20

  public init() {}
}
