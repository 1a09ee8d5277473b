public import SpotCheckModel

/// What the catalogue keeps about a segment: enough to decide whether to open it, and to prove that it is intact.
public struct SegmentDescription: Sendable, Codable, Hashable {
  /// One of the two files.
  public struct File: Sendable, Codable, Hashable {
    public var name: String
    public var byteCount: Int
    /// SHA-256 of the whole file, in hex.
    public var sha256: String
    /// XXH64 of everything that is not column data, in hex.
    public var metadataHash: String

    public init(name: String, byteCount: Int, sha256: String, metadataHash: String) {
      self.name = name
      self.byteCount = byteCount
      self.sha256 = sha256
      self.metadataHash = metadataHash
    }
  }

  /// 32 hex digits: the content of both files; see ``StoreLayout``.
  public var id: String
  public var sampleRows: Int
  public var itemRows: Int
  public var samples: File
  public var items: File
  /// First and last sampled day; nil if no sample has one.
  public var firstDay: CalendarDay?
  public var lastDay: CalendarDay?
  /// Samples without a sampled day.
  public var samplesWithoutDay: Int
  /// The distinct values of columns that queries often filter by, sorted by their bytes; the empty text stands for
  /// missing. Nil: more than ``codeLimit``.
  public var bureaus: [String]?
  public var categories: [String]?
  public var districts: [String]?
  public var purposes: [String]?
  public var verdicts: [String]?
  /// The samples counted by what rates are usually asked by; nil: too few or too different, or sealed by an older
  /// program.
  public var counts: SegmentCounts?

  /// Most values that are listed for a column.
  public static let codeLimit = 512

  public init(
    id: String, sampleRows: Int, itemRows: Int, samples: File, items: File, firstDay: CalendarDay?,
    lastDay: CalendarDay?, samplesWithoutDay: Int, bureaus: [String]?, categories: [String]?, districts: [String]?,
    purposes: [String]?, verdicts: [String]?
  ) {
    self.id = id
    self.sampleRows = sampleRows
    self.itemRows = itemRows
    self.samples = samples
    self.items = items
    self.firstDay = firstDay
    self.lastDay = lastDay
    self.samplesWithoutDay = samplesWithoutDay
    self.bureaus = bureaus
    self.categories = categories
    self.districts = districts
    self.purposes = purposes
    self.verdicts = verdicts
  }

  /// The listed values of a column; nil if it has too many or is not listed.
  public func values(of column: SampleText) -> [String]? {
    switch column {
    case .bureau: bureaus
    case .category: categories
    case .district: districts
    case .purpose: purposes
    case .verdict: verdicts
    default: nil
    }
  }

  /// Describes tables that are to be written, or were read back. Files and id are filled in by the caller.
  init(of samples: SampleTable, itemRows: Int) {
    let none = File(name: "", byteCount: 0, sha256: "", metadataHash: "")
    var first = Int32.max
    var last = Int32.min
    var missing = 0
    for day in samples[.sampled].days {
      if day == DayColumn.missing {
        missing += 1
      } else {
        first = min(first, day)
        last = max(last, day)
      }
    }
    let hasDay = missing < samples.rowCount
    self.init(
      id: "", sampleRows: samples.rowCount, itemRows: itemRows, samples: none, items: none,
      firstDay: hasDay ? CalendarDay(daysSinceEpoch: first) : nil,
      lastDay: hasDay ? CalendarDay(daysSinceEpoch: last) : nil, samplesWithoutDay: missing,
      bureaus: SegmentDescription.distinct(samples[.bureau]),
      categories: SegmentDescription.distinct(samples[.category]),
      districts: SegmentDescription.distinct(samples[.district]),
      purposes: SegmentDescription.distinct(samples[.purpose]), verdicts: SegmentDescription.distinct(samples[.verdict])
    )
    counts = SegmentCounts(of: samples)
  }

  private static func distinct(_ column: TextColumn) -> [String]? {
    var isUsed = [Bool](repeating: false, count: column.dictionary.count)
    var count = 0
    for code in column.codes where !isUsed[Int(code)] {
      isUsed[Int(code)] = true
      count += 1
      if count > codeLimit { return nil }
    }
    return isUsed.indices.filter { isUsed[$0] }.map { column.dictionary.string(UInt32($0)) }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
