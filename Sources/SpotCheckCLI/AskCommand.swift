import ArgumentParser
import SpotCheck

struct AskCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask", abstract: "Asks a question that was kept in pipelines/queries.",
    discussion: """
      Without a name: lists them, with their parameters. NAME=VALUE sets a parameter; options behind are those of the
      command that is asked, and win over what was kept.

      EXAMPLES
        spotcheck ask
        spotcheck ask district-year year=2024 district=湟中区 --store store
        spotcheck ask below-target --store store --format xlsx > below.xlsx
        spotcheck ask district-year year=2024 district=湟中区 --show
      """)

  @OptionGroup var pipelines: PipelinesOption

  @Flag(help: "Print the command line and run nothing.")
  var show = false

  @Argument(help: "The query's name.", completion: Completions.queries)
  var name: String?

  @Argument(parsing: .allUnrecognized, help: "NAME=VALUE of its parameters, then options of its command.")
  var words: [String] = []

  func run() throws {
    guard let line = try line() else { return list(try queries()) }
    if show { return Console.out("spotcheck " + line.map(ShellWords.quoted).joined(separator: " ") + "\n") }
    var command = try SpotCheckCommand.parseAsRoot(line)
    try command.run()
  }

  /// The words that the question stands for; nil if none is named.
  func line() throws -> [String]? {
    guard let name else { return nil }
    let queries = try queries()
    guard let query = queries.first(where: { $0.name == name }) else {
      let names = queries.map(\.name)
      let none = "there are none in \(try pipelines.folder(for: .answers))/\(SavedQuery.folder)"
      throw CommandFailure(
        .usage,
        "there is no query '\(PathText.printable(name))'\(NearestWord.hint(name, in: names)); "
          + (names.isEmpty ? none : "there are: " + names.joined(separator: ", ")))
    }
    let settings = words.prefix { !$0.hasPrefix("-") }
    var values: [String: String] = [:]
    for word in settings {
      guard let sign = word.firstIndex(of: "="), values[String(word[..<sign])] == nil else {
        throw CommandFailure(.usage, "expected NAME=VALUE, once for each name; got '\(PathText.printable(word))'")
      }
      values[String(word[..<sign])] = String(word[word.index(after: sign)...])
    }
    do {
      return try query.words(values) + words.dropFirst(settings.count)
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }

  private func queries() throws -> [SavedQuery] {
    let (queries, problems) = try SavedQuery.all(in: try pipelines.folder(for: .answers))
    for problem in problems { Console.note(problem.description) }
    return queries
  }

  private func list(_ queries: [SavedQuery]) {
    var lines: [String] = []
    for query in queries {
      lines.append("\(query.name)\t\(query.title)")
      for parameter in query.parameters {
        lines.append("  \(parameter.name)=\(parameter.fallback ?? "…")\t\(parameter.about)")
      }
    }
    Console.out(lines.map { $0 + "\n" }.joined())
  }
}
