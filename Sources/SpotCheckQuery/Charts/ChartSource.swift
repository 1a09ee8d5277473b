import SpotCheckModel
import SpotCheckStatistics

/// A row of an answer as pictures need it.
struct ChartRow: Sendable {
  /// One a dimension that is drawn; never empty, nothing in it harms a terminal.
  var labels: [String]
  var codes: [String]
  var proportion: Proportion?
  var rate: Double?
  var interval: Interval?
  var inspected: Int?
  /// Code and name of the verdict against the target that was asked for.
  var verdict: (code: String, name: String)?
  var isSuppressed = false
  var isSum = false
  var phrases = ChartPhrases(language: .chinese)

  var label: String { labels.isEmpty ? phrases.total : labels.joined(separator: " · ") }

  /// How far the rate can be relied on.
  var tier: CellTier { CellTier(samples: inspected ?? 0) }
}

/// What every picture is made from: the rows of an answer, read by the names of its columns.
struct ChartSource: Sendable {
  struct Axis: Sendable {
    var name: String
    var heading: String
  }
  /// Dimensions with more than one value; if none has, the first.
  var dimensions: [Axis] = []
  /// Dimensions in which all rows are alike: said once, above the picture.
  var constants: [(heading: String, label: String)] = []
  var rows: [ChartRow] = []
  var sums: [ChartRow] = []
  var target: Double?
  var rateHeading = "合格率"
  var sizeHeading = "检验数"
  var notes: [QueryNote] = []
  let phrases: ChartPhrases
  /// Condition, period and target of the question, in words.
  var question = ""

  /// More rows than this are no picture.
  static let mostRows = 2_000

  /// - Throws: ``QueryError`` for an answer without rates, or of too many rows; what reading the rows throws.
  init(_ report: Report) throws {
    let columns = report.columns
    phrases = ChartPhrases(language: report.language)
    let phrases = phrases
    guard let rate = columns.firstIndex(where: { $0.name == "rate" }) else {
      throw QueryError(
        "this answer has no column 'rate' that could be drawn",
        advice: "Charts are drawn from the answers of rate and compare, without --pivot.")
    }
    func place(_ name: String) -> Int? { columns.firstIndex { $0.name == name } }
    let places = Places(
      rate: rate, inspected: place("inspected"), low: place("wilson_low"), high: place("wilson_high"),
      verdict: place("target_verdict"), verdictName: place("target_verdict_name"), suppressed: place("suppressed"))
    rateHeading = columns[rate].heading
    if let size = places.inspected { sizeHeading = columns[size].heading }
    var heads: [Int] = []
    while columns.count > heads.count * 2 + 1,
      columns[heads.count * 2 + 1].name == columns[heads.count * 2].name + "_name"
    {
      heads.append(heads.count * 2)
    }
    var lines: [[ReportCell]] = []
    try report.rows { cells in
      guard lines.count < ChartSource.mostRows else {
        throw QueryError(
          "more than \(ChartSource.mostRows) rows are no picture",
          advice: "Ask for fewer with --where, --having or --top, or for the level above: category:1.")
      }
      lines.append(cells)
    }
    let sumLines = report.subtotals + (report.total.map { [$0] } ?? [])
    let used = ChartSource.changing(heads, lines)
    let labels = Dictionary(
      uniqueKeysWithValues: heads.map { ($0, ChartSource.labels(columns, $0, lines + sumLines, phrases)) })
    dimensions = used.map { Axis(name: columns[$0].name, heading: columns[$0 + 1].heading) }
    for head in heads where !used.contains(head) {
      guard let first = lines.first else { continue }
      let label = labels[head]?[ChartSource.text(first[head])] ?? "-"
      constants.append((columns[head + 1].heading, label))
    }
    func row(_ cells: [ReportCell]) -> ChartRow {
      var row = places.row(cells)
      row.phrases = phrases
      row.codes = used.map { ChartSource.text(cells[$0]) }
      row.labels = zip(used, row.codes).map { labels[$0]?[$1] ?? "-" }
      return row
    }
    rows = lines.map(row)
    sums = sumLines.map(row)
    for index in sums.indices { sums[index].isSum = true }
    let cells = (lines.first ?? sumLines.first) ?? []
    if let place = place("target"), place < cells.count, case .rate(let rate, _) = cells[place] { target = rate }
    notes = report.notes
    question = HTMLEmitter.question(report, without: ["by"])
  }

  private struct Places {
    var rate: Int
    var inspected, low, high, verdict, verdictName, suppressed: Int?

    func row(_ cells: [ReportCell]) -> ChartRow {
      func share(_ place: Int?) -> Double? {
        guard let place, place < cells.count, case .rate(let rate, _) = cells[place], rate >= 0, rate <= 1 else {
          return nil
        }
        return rate
      }
      var row = ChartRow(labels: [], codes: [])
      row.rate = share(rate)
      if row.rate != nil, case .rate(_, of: let proportion) = cells[rate] { row.proportion = proportion }
      if let inspected, inspected < cells.count, case .integer(let count) = cells[inspected] { row.inspected = count }
      row.inspected = row.inspected ?? row.proportion?.total
      if row.rate != nil, let lower = share(low), let upper = share(high), lower <= upper {
        row.interval = Interval(lower: lower, upper: upper)
      }
      if let verdict, let verdictName, verdictName < cells.count, case .text(let code) = cells[verdict],
        case .text(let name) = cells[verdictName]
      {
        row.verdict = (code, name)
      }
      if let suppressed, suppressed < cells.count, case .text = cells[suppressed] { row.isSuppressed = true }
      return row
    }
  }

  private static func changing(_ heads: [Int], _ lines: [[ReportCell]]) -> [Int] {
    let used = heads.filter { head in lines.contains { $0[head] != lines[0][head] } }
    return used.isEmpty ? Array(heads.prefix(1)) : used
  }

  /// What a code is called. Codes that share a name are told apart by the code behind it.
  private static func labels(_ columns: [ReportColumn], _ head: Int, _ lines: [[ReportCell]], _ phrases: ChartPhrases)
    -> [String: String]
  {
    let place = columns[head + 1].display == .hidden ? head : head + 1
    var names: [String: String] = [:]
    var codes: [String: Set<String>] = [:]
    for cells in lines {
      let code = text(cells[head])
      let harmless = DisplayWidth.harmless(text(cells[place]))
      let name = harmless.allSatisfy({ $0 == " " }) ? "-" : harmless
      names[code] = name
      codes[name, default: []].insert(code)
    }
    for (code, name) in names where (codes[name]?.count ?? 0) > 1 && !code.isEmpty {
      names[code] = name + phrases.bracketed(DisplayWidth.harmless(code))
    }
    return names
  }

  static func text(_ cell: ReportCell) -> String {
    if case .text(let text) = cell { return text }
    return ""
  }
}

extension ChartSource {
  /// `合格率：按区县、季度`.
  var title: String { phrases.title(rateHeading, dimensions.map(\.heading)) }

  /// What all rows have in common, and the question.
  var subtitle: String {
    (constants.map { $0.heading + phrases.colon + $0.label }
      + (question.isEmpty ? [] : [DisplayWidth.harmless(question)]))
      .joined(separator: phrases.semicolon)
  }

  /// The index of the dimension of purposes, if there are several: their rates are not one rate.
  var purposes: Int? { dimensions.firstIndex { $0.name == "purpose" } }

  static let purposeAdvice = "Say --pool, or choose one with --where \"purpose = …\"."
}

extension ChartRow {
  /// The rate as tables print it, with its sign.
  func rateText(_ text: RateText) -> String {
    rate.map { text.digits($0, proportion) + "%" } ?? RateText.none
  }

  func intervalText(_ text: RateText) -> String? {
    interval.map { text.digits($0.lower, nil) + "–" + text.digits($0.upper, nil) + "%" }
  }

  /// `n=100`; a dash for what was not published.
  var sizeText: String { "n=" + (inspected.map(String.init) ?? RateText.none) }

  /// What must be said beside a rate that cannot be relied on; nil for a full cell.
  var caution: String? {
    if isSuppressed { return phrases.unpublished }
    guard rate != nil else { return nil }
    return tier == .full ? nil : phrases.caution(tier)
  }

  /// Everything about the row in one line.
  func sentence(_ text: RateText, _ rateHeading: String) -> String {
    var parts = [rateHeading + " " + rateText(text), sizeText]
    if let interval = intervalText(text) { parts.append(phrases.interval(interval)) }
    if let verdict { parts.append(phrases.verdict(verdict)) }
    if let caution { parts.append(caution) }
    return label + phrases.colon + parts.joined(separator: phrases.comma)
  }
}
