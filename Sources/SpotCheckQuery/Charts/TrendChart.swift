import SpotCheckStatistics

/// Periods of one length, numbered without gaps.
enum ChartPeriod: String, Sendable {
  case year, half, quarter, month

  var perYear: Int {
    switch self {
    case .year: 1
    case .half: 2
    case .quarter: 4
    case .month: 12
    }
  }

  /// The number of `2024`, `2024H1`, `2024Q3`, `2024-03`; nil for what is none of its kind.
  func index(_ code: String) -> Int? {
    let bytes = Array(code.utf8)
    guard bytes.count >= 4, let year = Int(plain: bytes[0..<4]) else { return nil }
    if self == .year { return bytes.count == 4 ? year : nil }
    let mark: UInt8 = self == .half ? 0x48 : self == .quarter ? 0x51 : 0x2D
    guard bytes.count == (self == .month ? 7 : 6), bytes[4] == mark, let part = Int(plain: bytes[5...]),
      (1...perYear).contains(part)
    else { return nil }
    return year * perYear + part - 1
  }

  func code(_ index: Int) -> String {
    let (year, part) = (String(index / perYear), index % perYear + 1)
    let padded = String(repeating: "0", count: max(0, 4 - year.utf8.count)) + year
    switch self {
    case .year: return padded
    case .half: return padded + "H\(part)"
    case .quarter: return padded + "Q\(part)"
    case .month: return padded + (part < 10 ? "-0" : "-") + String(part)
    }
  }
}

extension Int {
  /// Digits alone.
  fileprivate init?(plain bytes: some Collection<UInt8>) {
    guard !bytes.isEmpty, bytes.allSatisfy({ (48...57).contains($0) }) else { return nil }
    self = bytes.reduce(0) { $0 * 10 + Int($1) - 48 }
  }
}

/// Rates in the order of time. A period without a rate that may be shown is a gap, and no line goes over it.
struct TrendChart: Sendable {
  struct Series: Sendable {
    var label: String
    /// One a period; nil where there was no row.
    var points: [ChartRow?]

    /// Whether a point is drawn: rates of fewer than five samples are counts, not points.
    func isDrawn(_ index: Int) -> Bool { points[index].map { $0.rate != nil && $0.tier != .countsOnly } ?? false }

    /// Stretches of periods in a row that are drawn.
    var runs: [ClosedRange<Int>] {
      var runs: [ClosedRange<Int>] = []
      for index in points.indices where isDrawn(index) {
        if let last = runs.last, last.upperBound == index - 1 {
          runs[runs.count - 1] = last.lowerBound...index
        } else {
          runs.append(index...index)
        }
      }
      return runs
    }
  }
  var periods: [String]
  var series: [Series]
  var axis: RateAxis
  /// What is not in the picture, in words.
  var remarks: [String] = []

  static let mostSeries = 6
  static let mostPeriods = 120

  /// - Throws: ``QueryError`` without exactly one dimension of time, and for more series or periods than can be told apart.
  init(_ source: ChartSource, axis choice: ChartAxis = .auto) throws {
    let times = source.dimensions.indices.filter { ChartPeriod(rawValue: source.dimensions[$0].name) != nil }
    guard let time = times.first, times.count == 1, let unit = ChartPeriod(rawValue: source.dimensions[time].name)
    else {
      throw QueryError(
        times.isEmpty
          ? "a trend needs a dimension of time with more than one period" : "a trend takes one dimension of time",
        advice: "Ask --by with one of year, half, quarter, month, such as --by quarter.")
    }
    var dated: [(index: Int, key: [String], row: ChartRow)] = []
    var keys: [[String]] = []
    var undated = 0
    for row in source.rows {
      guard let index = unit.index(row.codes[time]) else {
        undated += 1
        continue
      }
      var key = row.codes
      key.remove(at: time)
      if !keys.contains(key) {
        keys.append(key)
        guard keys.count <= TrendChart.mostSeries else {
          throw QueryError(
            "more than \(TrendChart.mostSeries) lines cannot be told apart",
            advice: "Choose some with --where, or ask by fewer dimensions"
              + (source.purposes == nil ? "." : "; purposes are lines of their own without --pool."))
        }
      }
      dated.append((index, key, row))
    }
    guard let first = dated.map(\.index).min(), let last = dated.map(\.index).max() else {
      throw QueryError("no row of this answer has a period")
    }
    guard last - first < TrendChart.mostPeriods else {
      throw QueryError(
        "\(last - first + 1) periods from \(unit.code(first)) to \(unit.code(last)) are more than can be drawn",
        advice: "Choose a stretch with --period, or longer periods.")
    }
    periods = (first...last).map(unit.code)
    series = keys.map { key in
      var points = [ChartRow?](repeating: nil, count: last - first + 1)
      var label = ""
      for (index, own, row) in dated where own == key {
        points[index - first] = row
        var labels = row.labels
        labels.remove(at: time)
        label = labels.joined(separator: " · ")
      }
      return Series(label: label.isEmpty ? source.rateHeading : label, points: points)
    }
    var values: [Double] = source.target.map { [$0] } ?? []
    for line in series {
      for index in line.points.indices where line.isDrawn(index) {
        if let rate = line.points[index]?.rate { values.append(rate) }
      }
    }
    if series.count == 1 {
      // One line has its intervals; those of several would cover each other.
      for point in series[0].points {
        if let interval = point?.interval, point?.tier != .countsOnly { values += [interval.lower, interval.upper] }
      }
    }
    axis = RateAxis(choice, around: values)
    let few = series.reduce(0) { sum, line in sum + line.points.count { $0?.rate != nil && $0?.tier == .countsOnly } }
    if few > 0 { remarks.append(source.phrases.pointsLeftOut(few)) }
    if undated > 0 { remarks.append(source.phrases.undated(undated)) }
  }
}
