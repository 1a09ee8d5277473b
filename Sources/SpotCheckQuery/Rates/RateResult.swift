public import SpotCheckModel
public import SpotCheckStatistics

/// One group of samples.
public struct RateRow: Sendable, Hashable {
  /// One code a dimension; empty = not delivered, `?` = in no table, `*` = all.
  public var codes: [String]
  public var names: [String]
  public var counts: RateCounts
  /// Why the samples were taken; nil for a sum over several purposes.
  public var purpose: Purpose?
  /// False for a sum over several purposes that was not asked for: it has counts but no rate.
  public var hasRate = true

  private var beside = Beside.nothing

  public init(codes: [String], names: [String], counts: RateCounts, purpose: Purpose? = nil, hasRate: Bool = true) {
    self.codes = codes
    self.names = names
    self.counts = counts
    self.purpose = purpose
    self.hasRate = hasRate
  }

  /// What the rate of purposes is called that were added up.
  static let pooledRateName = "合格率（合并）"

  /// What the rate is called; nil if these samples have none (see ``Purpose/passRateName``).
  public var rateName: String? {
    guard hasRate else { return nil }
    guard let purpose else { return RateRow.pooledRateName }
    return purpose.passRateName
  }

  public var proportion: Proportion? { rateName == nil ? nil : Proportion(counts.passed, of: counts.inspected) }
  /// How far the rate can be relied on; nil if there is none for such samples.
  var tier: CellTier? { rateName == nil ? nil : CellTier(samples: counts.inspected) }
  /// passed ÷ inspected; nil without inspected samples.
  public var rate: Double? { proportion?.rate }
  /// Wilson's 95 % interval.
  public var interval: Interval? { proportion?.interval(.wilson) }
  /// failed ÷ inspected, for purposes that report what they found; nil for others.
  public var finding: Proportion? {
    hasRate && purpose?.hasFindingRate == true ? Proportion(counts.failed, of: counts.inspected) : nil
  }
  /// The same with label-only failures counted as passed: 实物质量.
  public var physical: Proportion? {
    rateName == nil ? nil : Proportion(counts.passed + counts.labelOnly, of: counts.inspected)
  }
  public var beforeProportion: Proportion? {
    guard rateName != nil, let before else { return nil }
    return Proportion(before.passed, of: before.inspected)
  }

  /// Whether the rows meet a target: exact for a census, otherwise as evidence. nil without a rate.
  public func decision(_ question: TargetQuestion) -> TargetDecision? {
    guard let proportion else { return nil }
    return TargetDecision.decide(
      proportion, question.target, basis: purpose == .census ? .census : .sample, alpha: question.alpha)
  }
}

/// What stands beside the sample rate.
extension RateRow {
  private struct Measured: Hashable {
    var items: RateCounts?
    var failingItems: Int?
    var enterprises: EnterpriseCounts?
    var mean: MeanRate?
    var before: RateCounts?
  }

  /// Kept apart from the row, because most questions ask for nothing beside the rate, and answers have many rows: with all of
  /// it inside, a row is 450 bytes and not 130.
  private indirect enum Beside: Hashable {
    case nothing
    case measured(Measured)
  }

  private var measured: Measured {
    get {
      guard case .measured(let measured) = beside else { return Measured() }
      return measured
    }
    // Equal rows are equal, whether nothing was measured or nothing was found.
    set { beside = newValue == Measured() ? .nothing : .measured(newValue) }
  }

  /// Items of inspected samples; nil unless asked for.
  public var items: RateCounts? {
    get { measured.items }
    set { measured.items = newValue }
  }
  /// Failing items of the rows that differ from this one only in what was tested: the base of its share.
  public var failingItems: Int? {
    get { measured.failingItems }
    set { measured.failingItems = newValue }
  }
  public var enterprises: EnterpriseCounts? {
    get { measured.enterprises }
    set { measured.enterprises = newValue }
  }
  public var mean: MeanRate? {
    get { measured.mean }
    set { measured.mean = newValue }
  }
  /// The same group in the same period last year; zero if it had no sample then.
  public var before: RateCounts? {
    get { measured.before }
    set { measured.before = newValue }
  }
}

/// What was read to answer.
public struct ScanSummary: Sendable, Hashable {
  /// What the counts were made from.
  public enum Origin: Sendable, Hashable {
    case rows
    /// Kept with segments (decision 0016), or with the snapshot (0017).
    case segmentCounts, snapshotCounts
  }

  public var origin = Origin.rows
  public var segments = 0
  /// Segments that could not hold a matching row and were not read.
  public var segmentsPruned = 0
  public var rowsRead = 0
  /// Superseded, repeated and withdrawn rows among them.
  public var rowsExcluded = 0
}

/// The answer to a ``RateQuery``.
public struct RateResult: Sendable {
  public var query: RateQuery
  public var dimensions: [Dimension]
  public var snapshot: Int64
  /// Sorted by codes, byte by byte, first dimension first.
  public var rows: [RateRow]
  /// One a purpose, when there are several and other dimensions too.
  public var purposeTotals: [RateRow]
  public var total: RateRow
  /// How many samples of which purpose the answer holds.
  public var purposeMix: [RateRow]
  public var notes: [QueryNote]
  public var scan: ScanSummary
  /// What is not shown; nil: everything is. See ``suppressing(below:)``.
  public internal(set) var suppression: RateSuppression?
  var suppressedBelow: Int?
}
