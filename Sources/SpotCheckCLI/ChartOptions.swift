import ArgumentParser
import SpotCheck

/// Answers as pictures, whoever has read what was said about them.
protocol ChartForm {
  var chart: ChartKind? { get }
  var axis: ChartAxis? { get }
  var colour: ColourChoice? { get }
  var width: Int? { get }
}

struct ChartOptions: ParsableArguments, ChartForm {
  @Option(help: "Draw the answer: bar, heat, trend or funnel; with --format svg as a file for documents.")
  var chart: ChartKind?

  @Option(help: "Where a chart's axis of rates begins: zero, or auto around the rates (bars are dots then).")
  var axis: ChartAxis?

  @Option(
    name: [.customLong("color"), .customLong("colour")],
    help: "Colours in a chart: auto, always or never (default: $SPOTCHECK_COLOR, settings, or auto).")
  var colour: ColourChoice?

  @Option(help: ArgumentHelp("Columns of a chart (default: the terminal's, or 80).", valueName: "columns"))
  var width: Int?

  func validate() throws {
    if let width, !(1...1000).contains(width) { throw ValidationError("--width takes a number from 1 to 1000") }
  }
}

extension ChartForm {
  /// How the answer is written. What is settled about answers without pictures says nothing about one.
  func format(of answer: some AnswerForm) throws -> OutputFormat {
    try chart == nil ? answer.formatInForce() : answer.format ?? .table
  }

  /// Writes the answer, as a picture if one was asked for.
  func emit(_ report: Report, as answer: some AnswerForm, targets: [RateTarget] = []) throws {
    let all = RateText.defaultTargets + targets
    let format = try format(of: answer)
    switch (chart, format) {
    case (nil, let format) where format != .svg: try Output.emit(report, as: answer, targets: targets)
    case (let kind, .svg):
      try Output.emit(
        report.speaking(try answer.language()), with: SVGEmitter(kind ?? .bar, axis: axis, targets: all))
    case (let kind?, .table):
      let isTerminal = StandardStreams.isTerminal(StandardStreams.output)
      let choice = try colour ?? SettingsInForce.word(.color) ?? .auto
      let usesColours = choice.allows(isTerminal: isTerminal) { Machine.environment($0) }
      try Output.emit(
        report.speaking(try answer.language()),
        with: TextChartEmitter(
          kind, axis: axis, width: width ?? (isTerminal ? StandardStreams.terminalWidth : nil),
          usesColours: usesColours,
          targets: all), in: answer.encoding)
    default:
      throw CommandFailure(
        .usage, "a chart is drawn in the terminal or with --format svg, not as \(format.rawValue)")
    }
  }
}
