import SpotCheck

/// A question about rates, whoever has read its options: what `rate` and `explain` do.
///
/// It is no command, because a command describes groups of options to ArgumentParser, and making the description of one group
/// costs more than counting: a question in plain words (``PlainArguments``) is asked without.
struct RateRequest {
  var store: any StoreChoice
  var selection: any SampleSelection
  var by: String
  var answered: any AnswerForm
  var period: String?
  var yearOnYear = false
  var measure: String?
  var enterpriseBy = EnterpriseRole.producer
  var meanOver: String?
  var target: String?
  var suppressBelow: Int?
  /// Nil: the rows as they are.
  var shape: ShapeOptions?
  var chart: any ChartForm
  var pipelines: String?

  /// Asks the store, and writes what it says.
  ///
  /// - Parameter leave: called when it is written, while the store is open and the answer there: a process that ends in it
  ///   leaves taking them down to the system, which is quicker by a tenth of the whole.
  func answer(then leave: () -> Void = {}) throws {
    do {
      let query = try query()
      let source = try OpenStore(try store.path(for: .answers)).snapshot(asOf: selection.asOf)
      var result = try query.run(on: source)
      if let suppressBelow {
        guard suppressBelow > 1 else { throw CommandFailure(.usage, "--suppress-below takes a number above 1") }
        result = try result.suppressing(below: suppressBelow)
      }
      for note in result.notes where note.isWarning { Console.note(note.text) }
      let report = try shape?.applied(to: result.report()) ?? result.report()
      try chart.emit(report, as: answered, targets: query.target.map { [$0.target] } ?? [])
      withExtendedLifetime((source, report)) { leave() }
    } catch let error as QueryError {
      throw CommandFailure(.usage, error.description)
    }
  }

  /// Writes how the answer came about.
  func explain() throws {
    do {
      if let suppressBelow, suppressBelow < 2 {
        throw CommandFailure(.usage, "--suppress-below takes a number above 1")
      }
      let report = try OpenStore(try store.path(for: .answers)).explain(
        try query(), asOf: selection.asOf, suppressBelow: suppressBelow, store: try store.settled())
      try Output.emit(report, as: answered)
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

extension RateRequest {
  /// A percentage, or the version of a registered target in force at the end of the period (without one: the newest).
  private func question(_ text: String, in period: PeriodSpan?) throws -> TargetQuestion {
    if let question = TargetQuestion(percent: text) { return question }
    let register = try PipelinesOption.library(named: pipelines, for: .answers).targets
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
