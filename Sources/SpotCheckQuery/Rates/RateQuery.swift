public import SpotCheckModel

/// Which map codes are read on.
public enum MapView: String, Sendable, CaseIterable {
  /// As stored: the codes that were in use.
  case then
  /// On today's map: a code with one successor counts under it; with several it stays, because nobody can say which.
  case today
}

/// What becomes of samples from development-zone parks.
public enum ParkRule: String, Sendable, CaseIterable {
  /// They count in their host district.
  case rolledUp = "rolled_up"
  /// In the dimension `district` the park takes the district's place.
  case separate
}

/// A question for pass rates.
public struct RateQuery: Sendable {
  public var by: [Dimension]
  public var filter: Filter?
  /// Only samples of these days (of ``periodBy``).
  public var period: PeriodSpan?
  public var onMap: MapView = .then
  public var parks: ParkRule = .rolledUp
  /// The day that years, quarters and months are taken from.
  public var periodBy: SampleDay = .sampled
  /// Adds purposes up without showing them. Warned about, always.
  public var pool = false
  /// Rows are counted, even where counts that are kept with them would do: the answer is the same.
  public var recounts = false
  /// What stands beside the sample rate.
  public var measures: [RateMeasure] = []
  public var enterprises: EnterpriseRole = .producer
  /// The unweighted mean over the parts by this dimension is shown beside the pooled rate.
  public var meanOver: Dimension?
  /// 同比: the same period last year is shown beside each row.
  public var yearOnYear = false
  public var target: TargetQuestion?
  /// At most two are worth it on the machine this is made for.
  public var threads = 2

  public init(by: [Dimension], filter: Filter? = nil) {
    self.by = by
    self.filter = filter
  }

  /// The dimensions of the answer: those asked for, and the purpose unless it is among them or pooled.
  public var dimensions: [Dimension] {
    let hasPurpose = by.contains { $0.kind == .purpose }
    return hasPurpose || pool ? by : by + [Dimension(.purpose)]
  }

  /// The same question with the dimension that ``RateMeasure/hazard`` needs.
  var completed: RateQuery {
    guard measures.contains(.hazard), !by.contains(where: { $0.isItemBased }) else { return self }
    var query = self
    query.by.append(Dimension(.hazard))
    return query
  }

  /// The same question without what stands beside the sample rate.
  var plain: RateQuery {
    var query = self
    query.measures = []
    query.meanOver = nil
    query.yearOnYear = false
    query.target = nil
    return query
  }
}
