public import SpotCheckStatistics

/// A picture of an answer as SVG that stands alone: no script, no network, texts are text, and what it shows is also said in
/// words for those who do not see it. The same answer gives the same bytes.
public struct SVGEmitter: Emitter {
  public var kind: ChartKind
  /// Nil: bars from 0 to 100 %, trends and funnels around what is drawn.
  public var axis: ChartAxis?
  public var targets: [RateTarget]

  public init(_ kind: ChartKind = .bar, axis: ChartAxis? = nil, targets: [RateTarget] = RateText.defaultTargets) {
    self.kind = kind
    self.axis = axis
    self.targets = targets
  }

  /// - Throws: ``QueryError`` if the answer does not suit the picture; what the sink or the report's rows throw.
  public func emit(_ report: Report, to sink: inout some ByteSink) throws {
    let source = try ChartSource(report)
    let text = RateText(targets: targets)
    var page = SVGPage(source)
    switch kind {
    case .bar: page.draw(BarChart(source, axis: axis ?? .zero), text)
    case .heat:
      let chart = try HeatChart(source)
      page.draw(chart, RateText(targets: targets + chart.targets))
    case .trend: page.draw(try TrendChart(source, axis: axis ?? .auto), text)
    case .funnel: page.draw(try FunnelChart(source, axis: axis ?? .auto), text)
    }
    for note in report.notes { page.say(report.language.noteLabel + report.language.text(note)) }
    page.say(source.phrases.made(report.snapshot))
    try sink.write(Array(page.finished(text).utf8))
  }
}

/// A picture that grows downwards, and its frame.
struct SVGPage {
  static let width = 840.0
  static let margin = 16.0
  static let ink = "#222222"
  static let grey = "#595959"
  static let grid = "#d9d9d9"
  static let target = "#b2182b"
  /// Dark enough on white for lines (3:1) and told apart by people who do not see red or green; the shape differs too.
  static let series = ["#0072b2", "#b34700", "#00704f", "#9c3f78", "#5a5a5a", "#7a6200"]
  static let dashes = ["", "6 3", "2 2", "8 2 2 2", "4 4", "1 3"]

  let source: ChartSource
  var canvas = SVGCanvas()
  /// The lower end of what is drawn so far.
  var y = SVGPage.margin
  /// The essence in words.
  var essence: [String] = []

  init(_ source: ChartSource) {
    self.source = source
    y += 14
    canvas.text(SVGPage.margin, y, source.phrases.lines(source.title, columns: 90).first ?? "", size: 16, isBold: true)
    y += 6
    if !source.subtitle.isEmpty { say(source.subtitle) }
    y += 10
  }

  /// Words below what is drawn, broken where the line is full.
  mutating func say(_ text: String, fill: String = SVGPage.grey) {
    for line in source.phrases.lines(text, columns: Int((SVGPage.width - 2 * SVGPage.margin) / SVGCanvas.column)) {
      y += 17
      canvas.text(SVGPage.margin, y, line, fill: fill)
    }
  }

  /// The whole file.
  func finished(_ text: RateText) -> String {
    let height = y + SVGPage.margin
    let (width, tall) = (SVGCanvas.number(SVGPage.width), SVGCanvas.number(height))
    var description = essence
    let rows = source.rows + source.sums
    for row in rows.prefix(SVGPage.mostDescribed) { description.append(row.sentence(text, source.rateHeading)) }
    if rows.count > SVGPage.mostDescribed {
      description.append(source.phrases.moreRows(rows.count - SVGPage.mostDescribed))
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(tall)\" viewBox=\"0 0 \(width) \(tall)\""
      + " role=\"img\" xml:lang=\"\(source.phrases.language.tag)\" font-size=\"12\" fill=\"\(SVGPage.ink)\""
      + " font-family=\"'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif\">\n"
      + "<title>" + SVGCanvas.escaped(source.title) + "</title>\n<desc>"
      + SVGCanvas.escaped(description.joined(separator: source.phrases.stop) + source.phrases.stop.prefix(1))
      + "</desc>\n"
      + "<rect width=\"\(width)\" height=\"\(tall)\" fill=\"#ffffff\"/>\n" + canvas.body + "</svg>\n"
  }

  static let mostDescribed = 60
}
