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

  func run() throws { try request.answer() }

  /// The same question, its answer explained.
  func explain() throws { try request.explain() }

  private var request: RateRequest {
    RateRequest(
      store: store, selection: selection, by: by, answered: answer, period: period, yearOnYear: yearOnYear,
      measure: measure, enterpriseBy: enterpriseBy, meanOver: meanOver, target: target, suppressBelow: suppressBelow,
      shape: shape, chart: chart, pipelines: pipelines.pipelines)
  }
}
