import SpotCheck

/// Arguments of which there can be no doubt: long options, each said once, each with a value that cannot be an option.
///
/// ArgumentParser describes every option of a command, twice, before it reads the first: 27 M instructions where the answer to
/// a question from kept counts takes less. So the two things that are asked most are read here: the version, and rates.
/// Whatever is not plain, a mistake or a call for help included, is left to ArgumentParser, which says what it always says.
struct PlainArguments {
  private var values: [(name: String, value: String)] = []
  private var flags: [String] = []

  /// Nil if anything else is among them.
  init?(_ arguments: some Collection<String>, options known: [String], flags knownFlags: [String]) {
    var rest = arguments.makeIterator()
    while let argument = rest.next() {
      guard argument.utf8.starts(with: "--".utf8) else { return nil }
      let name = String(argument.dropFirst(2))
      if knownFlags.contains(name) {
        guard !flag(name) else { return nil }
        flags.append(name)
      } else {
        guard known.contains(name), let value = rest.next(), let first = value.utf8.first, first != UInt8(ascii: "-"),
          text(name) == nil
        else { return nil }
        values.append((name, value))
      }
    }
  }

  func text(_ name: String) -> String? { values.first { $0.name == name }?.value }
  func flag(_ name: String) -> Bool { flags.contains(name) }

  /// Of a word that is none, nothing is made: the value is nil, and so is the whole.
  func word<Word: RawRepresentable<String>>(_ name: String, default fallback: Word) -> Word? {
    text(name).map { Word(rawValue: $0) } ?? fallback
  }

  /// Nil in it: nobody said one.
  func word<Word: RawRepresentable<String>>(_ name: String) -> Word?? {
    guard let text = text(name) else { return .some(nil) }
    return Word(rawValue: text).map { .some($0) }
  }

  func number(_ name: String, default fallback: Int) -> Int? { text(name).map { Int($0) } ?? fallback }
}

extension SpotCheckCommand {
  /// Answers what was asked in plain words; then the process is over.
  ///
  /// - Returns: false if it was not, and nothing was done.
  static func answerPlainly(_ arguments: [String]) throws -> Bool {
    if arguments.elementsEqual(["--version"]) {
      Console.out(SpotCheckVersion.current + "\n")
      return true
    }
    guard arguments.first == "rate", let request = RateRequest(arguments.dropFirst())
    else { return false }
    try request.answer { Machine.leave(ExitStatus.success.rawValue) }
    return true
  }
}

extension RateRequest {
  private static let plainOptions = [
    "store", "by", "where", "as-of", "period", "format", "on-map", "parks", "period-by", "threads", "pipelines",
  ]

  // Groups of options that ArgumentParser has not read must not be asked for what they say, and making one costs more than
  // counting: what was said plainly is held by structs of its own.
  private struct PlainStore: StoreChoice {
    var store: String?
  }

  private struct PlainSelection: SampleSelection {
    var filter: String?
    var asOf: String?
    var pool: Bool
    var onMap: MapView
    var parks: ParkRule
    var periodBy: String
    var recount: Bool
    var threads: Int
  }

  private struct PlainAnswer: AnswerForm {
    var format: OutputFormat?
    var encoding: OutputEncoding { .utf8 }
    var lang: AnswerLanguage? { nil }
  }

  private struct NoChart: ChartForm {
    var chart: ChartKind? { nil }
    var axis: ChartAxis? { nil }
    var colour: ColourChoice? { nil }
    var width: Int? { nil }
  }

  fileprivate init?(_ plain: some Collection<String>) {
    guard
      let plain = PlainArguments(plain, options: RateRequest.plainOptions, flags: ["pool", "recount", "year-on-year"]),
      let by = plain.text("by"), let format: OutputFormat? = plain.word("format"),
      let onMap = plain.word("on-map", default: MapView.then),
      let parks = plain.word("parks", default: ParkRule.rolledUp), let threads = plain.number("threads", default: 2)
    else { return nil }
    self.init(
      store: PlainStore(store: plain.text("store")),
      selection: PlainSelection(
        filter: plain.text("where"), asOf: plain.text("as-of"), pool: plain.flag("pool"), onMap: onMap, parks: parks,
        periodBy: plain.text("period-by") ?? "sampled", recount: plain.flag("recount"), threads: threads),
      by: by, answered: PlainAnswer(format: format), period: plain.text("period"),
      yearOnYear: plain.flag("year-on-year"), chart: NoChart(), pipelines: plain.text("pipelines"))
  }
}
