/// Which neighbouring segments are worth putting together.
///
/// Segments are sorted into tiers by their rows, each tier ``neighbours`` times as large as the one before. As many
/// neighbours of one tier, with smaller ones that stand between them, become one segment of the next, so that a row is
/// written anew once a tier, and the number of segments grows with the logarithm of the number of files. Smaller ones do
/// not count as neighbours: otherwise whatever is there would be written anew for every 32 new files.
public struct CompactionPlan: Sendable {
  /// So many small neighbours are put together.
  public var neighbours = 32
  /// No segment is made with more sample or item rows than this.
  public var rows = 250_000

  public init() {}

  /// Groups of neighbours, in order; empty: there is nothing to be done.
  ///
  /// - Parameter weights: of each segment in order of arrival, its sample or item rows, whichever are more.
  public func groups(_ weights: [Int]) -> [Range<Int>] {
    var floor = 0
    var tier = 1
    while tier <= rows {
      let (limit, isTooLarge) = tier.multipliedReportingOverflow(by: max(2, neighbours))
      tier = isTooLarge ? Int.max : limit
      let found = runs(weights) { $0 < tier }
        .filter { run in weights[run].count { $0 >= floor } >= neighbours }.flatMap { cut($0, weights) }
      if !found.isEmpty { return found }
      floor = tier
    }
    return []
  }

  /// Everything that fits together, however few they are.
  public func allGroups(_ weights: [Int]) -> [Range<Int>] { runs(weights) { _ in true }.flatMap { cut($0, weights) } }

  /// Stretches of segments that are small enough; one that is half full stays as it is.
  private func runs(_ weights: [Int], _ isSmall: (Int) -> Bool) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = 0
    for index in 0...weights.count {
      if index < weights.count, isSmall(weights[index]), weights[index] <= rows / 2 { continue }
      if index > start { result.append(start..<index) }
      start = index + 1
    }
    return result
  }

  /// Cuts a run where it would grow too large.
  private func cut(_ run: Range<Int>, _ weights: [Int]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = run.lowerBound
    var sum = 0
    for index in run {
      if sum > 0, sum + weights[index] > rows {
        result.append(start..<index)
        (start, sum) = (index, 0)
      }
      sum += weights[index]
    }
    result.append(start..<run.upperBound)
    return result.filter { $0.count > 1 }
  }
}
