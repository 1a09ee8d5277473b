import SpotCheckModel

/// How a column is stored.
enum ColumnKind: Sendable, Equatable {
  /// Dictionary of UTF-8 texts; indices of 1, 2 or 4 bytes, whatever the dictionary needs.
  case dictionary
  case plainText
  case day
  case uint32
  case uint64
  case int64
  case int8
  /// Of answers; segments have none.
  case float64

  /// Bytes of one value in the column's main buffer; nil if that depends on the data.
  var width: Int? {
    switch self {
    case .dictionary: nil
    case .plainText, .day, .uint32: 4
    case .uint64, .int64, .float64: 8
    case .int8: 1
    }
  }
}

/// A column of a segment's table: its name, kind and whether values may be missing.
struct ColumnSpec: Sendable, Equatable {
  var name: String
  var kind: ColumnKind
  var isNullable: Bool

  init(_ name: String, _ kind: ColumnKind, nullable: Bool = false) {
    self.name = name
    self.kind = kind
    isNullable = nullable
  }
}

/// The two tables of a segment, as format version 1 has them. The order of columns is part of the format.
enum SegmentTable: String, Sendable, CaseIterable {
  case samples
  case items

  /// Values of the schema's metadata.
  static let format = "spotcheck.segment"
  static let version = 1

  var columns: [ColumnSpec] {
    switch self {
    case .samples: SegmentTable.sampleColumns
    case .items: SegmentTable.itemColumns
    }
  }

  private static let sampleColumns: [ColumnSpec] =
    SampleText.allCases.map { ColumnSpec($0.name, .dictionary, nullable: true) }
    + SamplePlainText.allCases.map { ColumnSpec($0.name, .plainText, nullable: true) }
    + SampleDay.allCases.map { ColumnSpec($0.name, .day, nullable: true) }
    + SampleNumber.allCases.map { ColumnSpec($0.name, .uint32) }
    + RowPosition.allCases.map { ColumnSpec($0.name, .int64) }
    + SampleHash.allCases.map { ColumnSpec($0.name, .uint64) }

  private static let itemColumns: [ColumnSpec] =
    [ColumnSpec(ItemNumber.sample.name, .uint32)]
    + ItemText.allCases.map { ColumnSpec($0.name, .dictionary, nullable: true) }
    + ItemDecimal.allCases.flatMap {
      [
        ColumnSpec($0.name + "_mantissa", .int64, nullable: true),
        ColumnSpec($0.name + "_scale", .int8, nullable: true),
      ]
    }
    + [ColumnSpec(ItemNumber.flags.name, .uint32)]
    + RowPosition.allCases.map { ColumnSpec($0.name, .int64) }
}

/// The 32-bit columns of the samples table.
public enum SampleNumber: Int, CaseIterable, Sendable {
  /// Bits of ``SampleFlags``.
  case flags
  case firstItem
  case itemCount
  /// How many delivered rows made the sample.
  case deliveredRows

  public var name: String {
    switch self {
    case .flags: "flags"
    case .firstItem: "first_item"
    case .itemCount: "item_count"
    case .deliveredRows: "delivered_rows"
    }
  }
}

/// The 64-bit hashes of the samples table.
public enum SampleHash: Int, CaseIterable, Sendable {
  case key
  case contentLow
  case contentHigh

  public var name: String {
    switch self {
    case .key: "key_hash"
    case .contentLow: "content_hash_low"
    case .contentHigh: "content_hash_high"
    }
  }
}

/// The 32-bit columns of the items table.
public enum ItemNumber: Int, CaseIterable, Sendable {
  /// Row of the sample in the same segment.
  case sample
  /// Bits of ``ItemFlags``.
  case flags

  public var name: String { self == .sample ? "sample" : "flags" }
}

/// Where a record stood in its payload; both tables have these columns.
public enum RowPosition: Int, CaseIterable, Sendable {
  case line
  case byteOffset

  public var name: String { self == .line ? "line" : "byte_offset" }
}

// Places of the columns in their tables.

extension SampleText { var index: Int { rawValue } }
extension SamplePlainText { var index: Int { SampleText.allCases.count + rawValue } }
extension SampleDay { var index: Int { SamplePlainText.allCases.count + SampleText.allCases.count + rawValue } }
extension SampleNumber {
  private static let first = SampleDay.reported.index + 1
  var index: Int { SampleNumber.first + rawValue }
}
extension RowPosition {
  private static let firstOfSamples = SampleNumber.deliveredRows.index + 1
  private static let firstOfItems = ItemNumber.flags.index + 1
  var sampleIndex: Int { RowPosition.firstOfSamples + rawValue }
  var itemIndex: Int { RowPosition.firstOfItems + rawValue }
}
extension SampleHash {
  private static let first = RowPosition.byteOffset.sampleIndex + 1
  var index: Int { SampleHash.first + rawValue }
}
extension ItemText { var index: Int { 1 + rawValue } }
extension ItemDecimal {
  private static let first = 1 + ItemText.allCases.count
  var mantissaIndex: Int { ItemDecimal.first + rawValue * 2 }
  var scaleIndex: Int { mantissaIndex + 1 }
}
extension ItemNumber {
  var index: Int { self == .sample ? 0 : ItemDecimal.limitHigh.scaleIndex + 1 }
}
