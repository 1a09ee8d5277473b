import SpotCheckModel
public import SpotCheckStatistics

/// A picture of an answer for terminals: characters of Unicode, nothing wider than the terminal.
public struct TextChartEmitter: Emitter {
  public var kind: ChartKind
  /// Nil: bars from 0 to 100 %, trends and funnels around what is drawn.
  public var axis: ChartAxis?
  public let width: Int
  public var usesColours: Bool
  public var targets: [RateTarget]

  /// Where a terminal does not say how wide it is.
  public static let usualWidth = 80
  /// Narrower than this nothing can be drawn: a narrower terminal wraps.
  public static let leastWidth = 48

  /// - Parameters:
  ///   - width: columns of the terminal; nil and numbers below 1: it does not say.
  ///   - targets: rates are written with enough digits not to cross these.
  public init(
    _ kind: ChartKind, axis: ChartAxis? = nil, width: Int? = nil, usesColours: Bool = false,
    targets: [RateTarget] = RateText.defaultTargets
  ) {
    self.kind = kind
    self.axis = axis
    let width = width ?? 0
    self.width = width < 1 ? TextChartEmitter.usualWidth : max(width, TextChartEmitter.leastWidth)
    self.usesColours = usesColours
    self.targets = targets
  }

  /// - Throws: ``QueryError`` if the answer does not suit the picture; what the sink or the report's rows throw.
  public func emit(_ report: Report, to sink: inout some ByteSink) throws {
    let source = try ChartSource(report)
    var page = TextPage(width: width, source: source)
    let text = RateText(targets: targets)
    switch kind {
    case .bar: page.draw(BarChart(source, axis: axis ?? .zero), text)
    case .heat:
      let chart = try HeatChart(source)
      page.draw(chart, RateText(targets: targets + chart.targets), colours: usesColours)
    case .trend: page.draw(try TrendChart(source, axis: axis ?? .auto), text)
    case .funnel: page.draw(try FunnelChart(source, axis: axis ?? .auto), text)
    }
    for note in report.notes { page.say(report.language.noteLabel + report.language.text(note)) }
    if page.cut > 0 { page.say(source.phrases.cutNames(page.cut)) }
    try sink.write(Array(page.lines.map { $0.text(colours: usesColours) + "\n" }.joined().utf8))
  }
}

/// The lines of a picture, from the top.
struct TextPage {
  let width: Int
  let source: ChartSource
  var lines: [StyledLine] = []
  /// How many names were cut.
  var cut = 0

  init(width: Int, source: ChartSource) {
    self.width = width
    self.source = source
    say(source.title)
    if !source.subtitle.isEmpty { say(source.subtitle) }
    lines.append(StyledLine())
  }

  /// Words, broken where the line is full.
  mutating func say(_ text: String, _ style: ChartStyle = .plain) {
    for words in source.phrases.lines(text, columns: width) {
      var line = StyledLine()
      line.append(words, style)
      lines.append(line)
    }
  }

  /// A name in so many columns.
  mutating func fitted(_ name: String, _ width: Int) -> String {
    guard DisplayWidth.of(name) > width else { return name }
    cut += 1
    return DisplayWidth.cut(name, to: width)
  }

  /// Places of ticks and their texts on a line below; texts that would touch the one before are left out.
  static func ticks(_ ticks: [(column: Int, text: String)], width: Int) -> String {
    var line = ""
    var used = 0
    for (index, tick) in ticks.enumerated() {
      let size = DisplayWidth.of(tick.text)
      var start = index == 0 ? tick.column : tick.column - size / 2
      start = max(0, min(start, width - size))
      guard start >= (index == 0 ? 0 : used + 1), start + size <= width else { continue }
      line += String(repeating: " ", count: start - used) + tick.text
      used = start + size
    }
    return line
  }

  /// `└──┬──┬──┘` with its texts below, behind a margin.
  mutating func axis(_ ticks: [(column: Int, text: String)], margin: Int, width: Int) {
    var rule = Array(repeating: "─", count: width)
    for tick in ticks where rule.indices.contains(tick.column) { rule[tick.column] = "┬" }
    var line = StyledLine()
    line.append(String(repeating: " ", count: margin - 1) + "└" + rule.joined())
    lines.append(line)
    var texts = StyledLine()
    texts.append(String(repeating: " ", count: margin) + TextPage.ticks(ticks, width: self.width - margin))
    lines.append(texts)
  }
}
