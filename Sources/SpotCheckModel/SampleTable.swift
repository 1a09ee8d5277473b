/// The dictionary columns of the samples table; the raw value is the column's place in ``SampleTable/text``.
public enum SampleText: Int, CaseIterable, Sendable {
  case bureau
  /// SHA-256 of the delivered file's bytes, in hex: which batch the row came from.
  case batch
  case versionKind
  case purpose
  case level
  case stage
  /// Leaf code of the category, or `?` if the delivered text is in no table.
  case category
  /// The category as delivered.
  case categoryText
  /// The district that counts for this bureau (its pipeline says whether sampled unit or producer), or `?`.
  case district
  case unitDistrict
  case unitDistrictText
  case producerDistrict
  case producerDistrictText
  /// Development-zone park inside the district; missing if none.
  case park
  case product
  case tradeMark
  case specification
  case lot
  case producerName
  case producerCode
  case unitName
  case unitCode
  case lab
  case programme
  /// A grouping that the delivery itself makes (section rows, sub-lists).
  case section
  case barcode
  /// The conclusion as delivered, as a word of ``Verdict``; missing if none.
  case reportedVerdict
  /// The conclusion that follows from the items; missing if they say nothing.
  case derivedVerdict
  /// The conclusion that counts.
  case verdict

  /// The column's name in segments, filters and output.
  public var name: String { SampleText.names[rawValue] }
  static let names = [
    "bureau", "batch", "version", "purpose", "level", "stage", "category", "category_text", "district",
    "unit_district", "unit_district_text", "producer_district", "producer_district_text", "park", "product",
    "trade_mark", "specification", "lot", "producer", "producer_code", "unit", "unit_code", "lab", "programme",
    "section", "barcode", "reported_verdict", "derived_verdict", "verdict",
  ]
}

/// The text columns of the samples table that hardly repeat.
public enum SamplePlainText: Int, CaseIterable, Sendable {
  case samplingNumber
  case reportNumber

  /// The column's name in segments, filters and output.
  public var name: String { SamplePlainText.names[rawValue] }
  static let names = [
    "sampling_number", "report_number",
  ]
}

public enum SampleDay: Int, CaseIterable, Sendable {
  case sampled
  case received
  case reported

  /// The column's name in segments, filters and output.
  public var name: String { SampleDay.names[rawValue] }
  static let names = [
    "sampled_day", "received_day", "reported_day",
  ]
}

/// Samples, one a row: what Curation builds and the Store writes.
public struct SampleTable: Sendable {
  public var text: [TextColumn] = SampleText.allCases.map { _ in TextColumn() }
  public var plainText: [PlainTextColumn] = SamplePlainText.allCases.map { _ in PlainTextColumn() }
  public var days: [DayColumn] = SampleDay.allCases.map { _ in DayColumn() }
  public var flags: [UInt32] = []
  /// First item row and number of item rows of the sample in the item table of the same segment.
  public var firstItem: [UInt32] = []
  public var itemCount: [UInt32] = []
  /// How many delivered rows made this sample: keeps the accounts of rows true when a sample is superseded.
  public var deliveredRows: [UInt32] = []
  /// Position of the record in the payload.
  public var line: [Int64] = []
  public var byteOffset: [Int64] = []
  /// Stable hash of (bureau, sampling number): finds earlier versions.
  public var keyHash: [UInt64] = []
  /// Stable hashes of everything delivered about the sample and its items: tells a repetition from a correction.
  public var contentHashLow: [UInt64] = []
  public var contentHashHigh: [UInt64] = []

  public init() {}

  public var rowCount: Int { line.count }

  /// For reading. Appending goes through `text[column.rawValue]`, in place.
  public subscript(_ column: SampleText) -> TextColumn { text[column.rawValue] }
  public subscript(_ column: SamplePlainText) -> PlainTextColumn { plainText[column.rawValue] }
  public subscript(_ column: SampleDay) -> DayColumn { days[column.rawValue] }
}

/// The dictionary columns of the items table.
public enum ItemText: Int, CaseIterable, Sendable {
  /// Normalised name.
  case analyte
  case analyteText
  case hazard
  case qualifier
  /// The result as delivered.
  case valueText
  case unit
  case limitOperator
  /// The limit as delivered.
  case limitText
  case method
  case basis
  case comparison
  case reportedVerdict
  case derivedVerdict
  case verdict

  /// The column's name in segments, filters and output.
  public var name: String { ItemText.names[rawValue] }
  static let names = [
    "analyte", "analyte_text", "hazard", "qualifier", "value_text", "unit", "limit_operator", "limit_text",
    "method", "basis", "comparison", "reported_verdict", "derived_verdict", "verdict",
  ]
}

public enum ItemDecimal: Int, CaseIterable, Sendable {
  case value
  case detectionLimit
  case limitLow
  case limitHigh

  /// The column's name in segments, filters and output.
  public var name: String { ItemDecimal.names[rawValue] }
  static let names = [
    "value", "detection_limit", "limit_low", "limit_high",
  ]
}

/// Items, one a row; the items of a sample stand together, in order of delivery.
public struct ItemTable: Sendable {
  /// Row of the sample in the sample table of the same segment.
  public var sample: [UInt32] = []
  public var text: [TextColumn] = ItemText.allCases.map { _ in TextColumn() }
  public var decimals: [DecimalColumn] = ItemDecimal.allCases.map { _ in DecimalColumn() }
  public var flags: [UInt32] = []
  public var line: [Int64] = []
  public var byteOffset: [Int64] = []

  public init() {}

  public var rowCount: Int { sample.count }

  /// For reading. Appending goes through `text[column.rawValue]`, in place.
  public subscript(_ column: ItemText) -> TextColumn { text[column.rawValue] }
  public subscript(_ column: ItemDecimal) -> DecimalColumn { decimals[column.rawValue] }
}

/// Both tables of one stretch of a delivery, ready to be sealed as a segment.
public struct TablePair: Sendable {
  public var samples = SampleTable()
  public var items = ItemTable()
  public init() {}
  public var isEmpty: Bool { samples.rowCount == 0 && items.rowCount == 0 }

  /// Empties both tables and keeps the memory for as many rows.
  public mutating func removeAll() {
    samples.removeAll()
    items.removeAll()
  }
}

extension SampleTable {
  mutating func removeAll() {
    for column in text.indices { text[column].removeAll() }
    for column in plainText.indices { plainText[column].removeAll() }
    for column in days.indices { days[column].days.forget() }
    flags.forget()
    firstItem.forget()
    itemCount.forget()
    deliveredRows.forget()
    line.forget()
    byteOffset.forget()
    keyHash.forget()
    contentHashLow.forget()
    contentHashHigh.forget()
  }
}

extension ItemTable {
  mutating func removeAll() {
    sample.forget()
    for column in text.indices { text[column].removeAll() }
    for column in decimals.indices {
      decimals[column].mantissas.forget()
      decimals[column].scales.forget()
    }
    flags.forget()
    line.forget()
    byteOffset.forget()
  }
}
