/// Binomial CUSUM for a shift of a failure rate from p0 up to p1 (log-likelihood ratio; Page 1954, Steiner et al. 2000).
public struct BinomialCUSUM: Sendable, Hashable {
  /// Weight of one failure: ln[p1(1−p0)/(p0(1−p1))].
  public let perFailure: Double
  /// Weight of one sample: ln[(1−p1)/(1−p0)], negative.
  public let perSample: Double

  /// p0.
  public let expected: Double

  /// nil unless 0 < p0 < p1 < 1.
  public init?(expected p0: Double, shifted p1: Double) {
    guard p0 > 0, p0 < p1, p1 < 1 else { return nil }
    expected = p0
    perFailure = naturalLog(p1 / p0) + naturalLog((1 - p0) / (1 - p1))
    perSample = logOnePlus(-p1) - logOnePlus(-p0)
  }

  /// S_t = max(0, S_{t−1} + x_t·perFailure + n_t·perSample), from S = 0. For the alarm level see
  /// ``alarmLevel(inControlRunLength:samples:)``.
  public func path(_ series: [Proportion]) -> [Double] {
    var sum = 0.0
    return series.map { period in
      sum = max(0, sum + period.x * perFailure + period.n * perSample)
      return sum
    }
  }

  /// Largest number of samples a period for which run lengths are computed.
  public static let runLengthSampleLimit = 100_000

  /// Expected number of periods of `samples` samples each until S rises above `level`, when the true failure rate is `rate`.
  ///
  /// Markov chain of D. Brook & D. A. Evans, Biometrika 59 (1972) 539–549: S in `states` cells of equal width (the first
  /// half as wide, around 0). No random numbers, so the same answer every time.
  /// nil for a level that is not positive, samples outside 1...``runLengthSampleLimit``, a rate outside (0, 1), or a run
  /// length beyond what Double can solve for.
  public func averageRunLength(level: Double, samples: Int, rate: Double, states: Int = 100) -> Double? {
    guard level > 0, level.isFinite, samples > 0, samples <= BinomialCUSUM.runLengthSampleLimit, rate > 0, rate < 1,
      states >= 2, states <= 400
    else { return nil }
    let width = 2 * level / (2 * Double(states) - 1)
    // P(X ≤ x) for every x that matters: S cannot stay below the level with more failures than that.
    let most = (level - Double(samples) * perSample) / perFailure
    let largest = min(samples, max(0, Int(saturating: most.rounded(.down))))
    var below: [Double] = []
    below.reserveCapacity(largest + 1)
    for x in 0...largest { below.append(BinomialDistribution.cdf(x, n: samples, p: rate)) }
    // Chance that S ends at or under `border` when it was `from`.
    func chance(from: Double, border: Double) -> Double {
      let failures = ((border - from - Double(samples) * perSample) / perFailure).rounded(.down)
      if failures < 0 { return 0 }
      return failures >= Double(largest) ? below[largest] : below[Int(saturating: failures)]
    }
    // (I − R) L = 1, by elimination with row pivots.
    var rows: [[Double]] = []
    for i in 0..<states {
      let from = Double(i) * width
      var row = [Double](repeating: 0, count: states + 1)
      var previous = 0.0
      for j in 0..<states {
        let reached = chance(from: from, border: (Double(j) + 0.5) * width)
        row[j] = (i == j ? 1 : 0) - (reached - previous)
        previous = reached
      }
      row[states] = 1
      rows.append(row)
    }
    guard let lengths = solveLinear(&rows), let first = lengths.first, first.isFinite, first >= 1 else { return nil }
    return first
  }

  /// The lowest alarm level, to within 0.01, that gives at least this many periods on average before a false alarm.
  /// nil if none below 100 does, or the arguments are outside those of ``averageRunLength(level:samples:rate:states:)``.
  public func alarmLevel(inControlRunLength goal: Double, samples: Int) -> Double? {
    guard goal >= 1, goal <= 1e7 else { return nil }
    let p0 = expected
    func reaches(_ step: Int) -> Bool {
      // A level too high to solve for has a longer run length than any goal.
      (averageRunLength(level: Double(step) / 100, samples: samples, rate: p0) ?? .infinity) >= goal
    }
    guard samples > 0, samples <= BinomialCUSUM.runLengthSampleLimit else { return nil }
    return firstTrue(in: 1...10_000, reaches).map { Double($0) / 100 }
  }
}

/// Solves a square system given as rows with the right side appended; nil if it is singular. Destroys the rows.
func solveLinear(_ rows: inout [[Double]]) -> [Double]? {
  let n = rows.count
  for column in 0..<n {
    guard let pivot = (column..<n).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }) else { return nil }
    rows.swapAt(column, pivot)
    let lead = rows[column][column]
    guard abs(lead) > 1e-14 else { return nil }
    for row in (column + 1)..<max(n, column + 1) {
      let factor = rows[row][column] / lead
      if factor == 0 { continue }
      for k in column...n { rows[row][k] -= factor * rows[column][k] }
    }
  }
  var result = [Double](repeating: 0, count: n)
  for row in (0..<n).reversed() {
    var sum = rows[row][n]
    for k in (row + 1)..<max(n, row + 1) { sum -= rows[row][k] * result[k] }
    result[row] = sum / rows[row][row]
  }
  return result
}
