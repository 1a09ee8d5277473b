import SpotCheckStatistics

/// A field of rates: the first dimension down, the second across.
struct HeatChart: Sendable {
  var rowLabels: [String]
  var columnLabels: [String]
  /// By row, then by column; nil where there was no row.
  var cells: [[ChartRow?]]
  /// Ends and steps of the classes that shades stand for.
  var axis: RateAxis

  static let mostClasses = 4
  static let mostColumns = 60

  /// - Throws: ``QueryError`` unless exactly two dimensions have more than one value.
  init(_ source: ChartSource) throws {
    guard source.dimensions.count == 2 else {
      let names = source.dimensions.map(\.name).joined(separator: ", ")
      throw QueryError(
        "a heat map needs two dimensions with more than one value; this answer has \(source.dimensions.count): \(names)",
        advice: source.purposes == nil ? "Ask --by category:1,district." : ChartSource.purposeAdvice)
    }
    var rows: [String] = []
    var columns: [String: String] = [:]
    var field: [String: [String: ChartRow]] = [:]
    rowLabels = []
    for row in source.rows {
      if field[row.codes[0]] == nil {
        rows.append(row.codes[0])
        rowLabels.append(row.labels[0])
      }
      field[row.codes[0], default: [:]][row.codes[1]] = row
      columns[row.codes[1]] = row.labels[1]
    }
    let codes = columns.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard codes.count <= HeatChart.mostColumns else {
      throw QueryError(
        "\(codes.count) columns are more than can be drawn",
        advice: "Name the dimension with fewer values second, or choose some with --where.")
    }
    columnLabels = codes.map { columns[$0] ?? "-" }
    cells = rows.map { row in codes.map { field[row]?[$0] } }
    axis = RateAxis(
      around: source.rows.filter { $0.tier == .full }.compactMap(\.rate), steps: HeatChart.mostClasses)
  }

  /// The lower ends of the classes.
  var classes: [Int] { Array(stride(from: axis.low, to: axis.high, by: axis.step)) }

  /// The class of a cell, 0 = lowest rates; nil for a cell that must not be coloured.
  func shade(_ row: ChartRow) -> Int? {
    guard row.tier == .full, let rate = row.rate else { return nil }
    return classes.lastIndex { Double($0) / 10_000 <= rate }
  }

  /// `85–90%`: its lower end belongs to a class.
  func classText(_ index: Int) -> String {
    let low = classes[index]
    return RateAxis.text(low) + "–" + RateAxis.text(min(low + axis.step, axis.high))
  }

  /// Rates must not be rounded into another class either.
  var targets: [RateTarget] { axis.ticks.compactMap { RateTarget($0, outOf: 10_000) } }

  /// What a cell says: a rate; of few samples with `*`; of very few only the counts.
  static func text(_ row: ChartRow?, _ text: RateText) -> String {
    guard let row else { return RateText.none }
    if row.isSuppressed { return row.phrases.unpublished }
    guard let rate = row.rate else { return RateText.none }
    switch row.tier {
    case .empty: return RateText.none
    case .countsOnly: return row.proportion.map { "\($0.count)/\($0.total)" } ?? RateText.none
    case .lowSample: return text.digits(rate, row.proportion) + "*"
    case .full: return text.digits(rate, row.proportion)
    }
  }
}
