import SpotCheck

/// Arguments of which there can be no doubt: long options, each said once, each with a value that cannot be an option.
///
/// ArgumentParser describes every option of a command, twice, before it reads the first: 27 M instructions where the answer to
/// a question from kept counts takes less. So the two things that are asked most are read here: the version, and rates.
/// Whatever is not plain, a mistake or a call for help included, is left to ArgumentParser, which says what it always says.
struct PlainArguments {
  private var values: [String: String] = [:]
  private var flags: Set<String> = []

  /// Nil if anything else is among them.
  init?(_ arguments: some Collection<String>, options known: Set<String>, flags knownFlags: Set<String>) {
    var rest = arguments.makeIterator()
    while let argument = rest.next() {
      guard argument.utf8.starts(with: "--".utf8) else { return nil }
      let name = String(argument.dropFirst(2))
      if knownFlags.contains(name) {
        guard flags.insert(name).inserted else { return nil }
      } else {
        guard known.contains(name), let value = rest.next(), let first = value.utf8.first, first != UInt8(ascii: "-"),
          values.updateValue(value, forKey: name) == nil
        else { return nil }
      }
    }
  }

  func text(_ name: String) -> String? { values[name] }
  func flag(_ name: String) -> Bool { flags.contains(name) }

  /// Of a word that is none, nothing is made: the value is nil, and so is the whole.
  func word<Word: RawRepresentable<String>>(_ name: String, default fallback: Word) -> Word? {
    values[name].map { Word(rawValue: $0) } ?? fallback
  }

  /// Nil in it: nobody said one.
  func word<Word: RawRepresentable<String>>(_ name: String) -> Word?? {
    guard let text = values[name] else { return .some(nil) }
    return Word(rawValue: text).map { .some($0) }
  }

  func number(_ name: String, default fallback: Int) -> Int? { values[name].map { Int($0) } ?? fallback }
}

extension SpotCheckCommand {
  /// Answers what was asked in plain words.
  ///
  /// - Returns: false if it was not, and nothing was done.
  static func answerPlainly(_ arguments: [String]) throws -> Bool {
    if arguments.elementsEqual(["--version"]) {
      Console.out(SpotCheckVersion.current + "\n")
      return true
    }
    guard arguments.first == "rate", let request = RateRequest(arguments.dropFirst())
    else { return false }
    try request.answer()
    return true
  }
}

extension RateRequest {
  private static let plainOptions: Set<String> = [
    "store", "by", "where", "as-of", "period", "format", "on-map", "parks", "period-by", "threads", "pipelines",
  ]

  /// Every property of a group is given its value here: one that ArgumentParser has not read must not be asked for.
  fileprivate init?(_ plain: some Collection<String>) {
    guard
      let plain = PlainArguments(plain, options: RateRequest.plainOptions, flags: ["pool", "recount", "year-on-year"]),
      let by = plain.text("by"), let format: OutputFormat? = plain.word("format"),
      let selection = SelectionOptions(plain)
    else { return nil }
    store = StoreOption()
    store.store = plain.text("store")
    self.selection = selection
    self.by = by
    answered = AnswerOptions()
    answered.format = format
    answered.encoding = .utf8
    answered.lang = nil
    period = plain.text("period")
    yearOnYear = plain.flag("year-on-year")
    chart = ChartOptions()
    chart.chart = nil
    chart.axis = nil
    chart.colour = nil
    chart.width = nil
    pipelines = PipelinesOption()
    pipelines.pipelines = plain.text("pipelines")
  }
}

extension SelectionOptions {
  fileprivate init?(_ plain: PlainArguments) {
    guard let onMap = plain.word("on-map", default: MapView.then),
      let parks = plain.word("parks", default: ParkRule.rolledUp), let threads = plain.number("threads", default: 2)
    else { return nil }
    self.init()
    filter = plain.text("where")
    asOf = plain.text("as-of")
    pool = plain.flag("pool")
    recount = plain.flag("recount")
    self.onMap = onMap
    self.parks = parks
    periodBy = plain.text("period-by") ?? "sampled"
    self.threads = threads
  }
}
