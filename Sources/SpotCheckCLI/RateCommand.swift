import ArgumentParser
import SpotCheck

struct RateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rate", abstract: "Pass rates by category, district and other dimensions.",
    discussion: """
      Purposes are separate rows unless --pool is said: a rate over risk-directed and random samples together means
      nothing. Only samples with a conclusion for or against are in a denominator; all others are shown.

      EXAMPLES
        spotcheck rate --store store --by category,district
        spotcheck rate --store store --by category:1,year --where "district = 湟中区 and purpose = selective"
        spotcheck rate --store store --by quarter --format csv --as-of v3
        spotcheck rate --store store --by category:1 --period 2024 --year-on-year --target 90
        spotcheck rate --store store --by district --measure item,enterprise --mean-over category:1
        spotcheck rate --store store --by category --having "rate < 95% and inspected >= 30" --sort "rate, inspected desc"
        spotcheck rate --store store --by category:1,district --pool --pivot district --format html
        spotcheck rate --store store --by district --pool --chart bar --target 90
        spotcheck rate --store store --by quarter --pool --chart trend --format svg > trend.svg
      """)

  @OptionGroup var store: StoreOption
  @OptionGroup var selection: SelectionOptions

  @Option(
    help: ArgumentHelp("Dimensions, comma-separated; 'category:1' for a level of a tree.", valueName: "dimensions"),
    completion: Completions.dimensions)
  var by: String

  @OptionGroup var answer: AnswerOptions

  @Option(
    help: ArgumentHelp(
      "Only this period: 2024, 2024H1, 2024Q3, 2024-03, a day, or from..to.", valueName: "period"))
  var period: String?

  @Flag(name: .customLong("year-on-year"), help: "Beside each row: the same period last year, and the change.")
  var yearOnYear = false

  @Option(
    help: ArgumentHelp(
      "Further rates beside the sample rate: item, enterprise, hazard, physical.", valueName: "measures"))
  var measure: String?

  @Option(name: .customLong("enterprise-by"), help: "Which enterprise a sample is laid to: producer or unit.")
  var enterpriseBy: EnterpriseRole = .producer

  @Option(
    name: .customLong("mean-over"),
    help: ArgumentHelp("Beside the pooled rate: the mean of the rates by this dimension.", valueName: "dimension"))
  var meanOver: String?

  @Option(
    help: ArgumentHelp(
      "Verdict against a target: a percentage, or the id of a registered target.", valueName: "target"))
  var target: String?

  @Option(
    name: .customLong("suppress-below"),
    help: ArgumentHelp(
      "Do not show rows of fewer samples, nor what they would follow from by subtraction.", valueName: "samples"))
  var suppressBelow: Int?

  @OptionGroup var shape: ShapeOptions

  @OptionGroup var chart: ChartOptions

  @OptionGroup var pipelines: PipelinesOption

  func run() throws {
    do {
      let query = try query()
      var result = try query.run(on: try OpenStore(try store.path(for: .answers)).snapshot(asOf: selection.asOf))
      if let suppressBelow {
        guard suppressBelow > 1 else { throw CommandFailure(.usage, "--suppress-below takes a number above 1") }
        result = try result.suppressing(below: suppressBelow)
      }
      for note in result.notes where note.isWarning { Console.note(note.text) }
      try chart.emit(
        try shape.applied(to: result.report()), as: answer, targets: query.target.map { [$0.target] } ?? [])
    } catch let error as QueryError {
      throw CommandFailure(.usage, error.description)
    }
  }

  /// The same question, its answer explained.
  func explain() throws {
    do {
      if let suppressBelow, suppressBelow < 2 {
        throw CommandFailure(.usage, "--suppress-below takes a number above 1")
      }
      let report = try OpenStore(try store.path(for: .answers)).explain(
        try query(), asOf: selection.asOf, suppressBelow: suppressBelow, store: try store.settled())
      try Output.emit(report, as: answer)
    } catch let error as QueryError {
      throw CommandFailure(.usage, error.description)
    }
  }

  private func query() throws -> RateQuery {
    var query = try selection.query(by: by)
    query.period = try period.map { try PeriodSpan($0) }
    query.yearOnYear = yearOnYear
    query.measures = try measure.map { try RateMeasure.parse(list: $0) } ?? []
    query.enterprises = enterpriseBy
    query.meanOver = try meanOver.map { text in
      let dimensions = try Dimension.parse(list: text)
      guard let dimension = dimensions.first, dimensions.count == 1 else {
        throw CommandFailure(.usage, "--mean-over takes one dimension; got '\(text)'")
      }
      return dimension
    }
    query.target = try target.map { try question($0, in: query.period) }
    return query
  }
}

extension RateCommand {
  /// A percentage, or the version of a registered target in force at the end of the period (without one: the newest).
  private func question(_ text: String, in period: PeriodSpan?) throws -> TargetQuestion {
    if let question = TargetQuestion(percent: text) { return question }
    let register = try pipelines.library(for: .answers).targets
    let day = period.map { CalendarDay(daysSinceEpoch: $0.days.upperBound) }
    let found = day.map { register.target(text, on: $0) } ?? register.targets.last { $0.id == text }
    guard let target = found else {
      throw CommandFailure(
        .usage,
        "'\(text)' is neither a percentage nor a target in force; registered: "
          + register.ids.filter { id in register.targets.contains { $0.id == id && $0.question != nil } }.joined(
            separator: ", "))
    }
    guard let question = target.question else {
      throw CommandFailure(.usage, "the target '\(text)' has no share to compare with: it is a \(target.kind.rawValue)")
    }
    return question
  }
}
