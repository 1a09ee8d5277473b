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
    let folder = try pipelines.folder()
    let (queries, problems) = try SavedQuery.all(in: folder)
    for problem in problems { Console.note(problem.description) }
    guard let name else { return list(queries) }
    guard let query = queries.first(where: { $0.name == name }) else {
      let names = queries.map(\.name)
      throw CommandFailure(
        .usage,
        "there is no query '\(PathText.printable(name))'\(NearestWord.hint(name, in: names)); "
          + (names.isEmpty
            ? "there are none in \(folder)/\(SavedQuery.folder)" : "there are: " + names.joined(separator: ", ")))
    }
    let settings = words.prefix { !$0.hasPrefix("-") }
    var values: [String: String] = [:]
    for word in settings {
      guard let sign = word.firstIndex(of: "="), values[String(word[..<sign])] == nil else {
        throw CommandFailure(.usage, "expected NAME=VALUE, once for each name; got '\(PathText.printable(word))'")
      }
      values[String(word[..<sign])] = String(word[word.index(after: sign)...])
    }
    let line: [String]
    do {
      line = try query.words(values) + words.dropFirst(settings.count)
    } catch {
      throw CommandFailure(.usage, error.description)
    }
    if show { return Console.out("spotcheck " + line.map(AskCommand.quoted).joined(separator: " ") + "\n") }
    var command = try SpotCheckCommand.parseAsRoot(line)
    try command.run()
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

  /// As a shell reads it.
  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte >= 0x80
          || [0x2D, 0x2E, 0x2F, 0x3A, 0x2C, 0x5F].contains(byte)
      }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
