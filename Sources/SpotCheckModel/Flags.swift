/// What curation noticed about a sample and kept. Bits are stored in segments: never renumbered.
@frozen
public struct SampleFlags: OptionSet, Sendable, Hashable {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The reported conclusion contradicts what the items say.
  public static let contradiction = SampleFlags(rawValue: 1 << 0)
  /// Every failing item is a label item: 实物质量 is not affected.
  public static let labelOnly = SampleFlags(rawValue: 1 << 1)
  public static let unmappedCategory = SampleFlags(rawValue: 1 << 2)
  public static let unmappedDistrict = SampleFlags(rawValue: 1 << 3)
  /// A credit code, organisation code or barcode failed its check digit.
  public static let checkDigit = SampleFlags(rawValue: 1 << 4)
  /// An item row of this sample was rejected.
  public static let incomplete = SampleFlags(rawValue: 1 << 5)
  /// Risk monitoring: reported, never in a pass rate.
  public static let riskMonitoring = SampleFlags(rawValue: 1 << 6)
  /// An objection or retest is pending.
  public static let pending = SampleFlags(rawValue: 1 << 7)
  /// A code was no longer valid on the sampling day.
  public static let retiredCode = SampleFlags(rawValue: 1 << 8)
  /// The verdict is the reported one because the items could not be judged.
  public static let reportedOnly = SampleFlags(rawValue: 1 << 9)
  /// A date could not be read or contradicts another.
  public static let dateProblem = SampleFlags(rawValue: 1 << 10)
  /// A word (purpose, level, stage, verdict) was not in its table.
  public static let unknownWord = SampleFlags(rawValue: 1 << 11)
  /// Not tested because the inspection was refused (拒检).
  public static let refused = SampleFlags(rawValue: 1 << 12)
  /// Not tested because the producer has no licence (涉嫌无证): a case for others, not a sample.
  public static let unlicensed = SampleFlags(rawValue: 1 << 13)
  /// An objection was upheld (异议认可, often 假冒: not this producer's product). The verdict stays as reported.
  public static let objectionUpheld = SampleFlags(rawValue: 1 << 14)
  /// Known only from a list that names samples by their outcome: only failed ones, or only passed ones.
  public static let listed = SampleFlags(rawValue: 1 << 15)
}

extension SampleFlags {
  /// Every flag by the name that filters, lists and pipeline tests use.
  public static let named: [(name: String, flag: SampleFlags)] = [
    ("contradiction", .contradiction), ("label_only", .labelOnly), ("unmapped_category", .unmappedCategory),
    ("unmapped_district", .unmappedDistrict), ("check_digit", .checkDigit), ("incomplete", .incomplete),
    ("risk_monitoring", .riskMonitoring), ("pending", .pending), ("retired_code", .retiredCode),
    ("reported_only", .reportedOnly), ("date_problem", .dateProblem), ("unknown_word", .unknownWord),
    ("refused", .refused), ("unlicensed", .unlicensed), ("objection_upheld", .objectionUpheld), ("listed", .listed),
  ]
}

/// What curation noticed about an item and kept.
@frozen
public struct ItemFlags: OptionSet, Sendable, Hashable {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The reported verdict contradicts value and limit.
  public static let contradiction = ItemFlags(rawValue: 1 << 0)
  /// The limit was marked as set at the limit of determination (`0.1*`).
  public static let limitAtDetermination = ItemFlags(rawValue: 1 << 1)
  /// Not detected, but the detection limit lies above the limit: compliance is not proven.
  public static let detectionAboveLimit = ItemFlags(rawValue: 1 << 2)
  /// A superscript was lost in delivery (10^5 became 105): value not believed.
  public static let lostSuperscript = ItemFlags(rawValue: 1 << 3)
  /// Value and limit have units that cannot be converted into each other.
  public static let unitMismatch = ItemFlags(rawValue: 1 << 4)
  /// The value was converted to the limit's unit.
  public static let unitConverted = ItemFlags(rawValue: 1 << 5)
  /// The limit's text could not be read.
  public static let unreadLimit = ItemFlags(rawValue: 1 << 6)
  /// The value is a number that a spreadsheet has damaged.
  public static let spreadsheetDamage = ItemFlags(rawValue: 1 << 7)
}
