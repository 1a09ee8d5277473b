import ArgumentParser
import SpotCheck

struct RecordsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "records", abstract: "Prints what the reader sees, one record a line.",
    discussion: """
      CSV records are {"line":…,"byte":…,"fields":[…]}; XML records have an object of paths to values. Problems go to
      standard error, one JSON object a line. Exit status 1 if a record or the file had to be refused.

      EXAMPLES
        spotcheck records samples/deliveries/nyncj-2023Q1.csv.gz | head -3
        spotcheck records report.xml --record /报告/样品
        spotcheck records list.txt --as csv --delimiter tab --no-header
      """)

  @Argument(help: ArgumentHelp("The file (plain or gzip).", valueName: "file"))
  var file: String

  @Option(name: .customLong("as"), help: "csv or xml (default: told from the content).")
  var format: DeliveredFormat?

  @Option(help: "Column separator: one character, or tab (default: detected).")
  var delimiter: String?

  @Flag(name: .customLong("no-header"), help: "The first row is a record too.")
  var hasNoHeader = false

  @Flag(name: .customLong("no-quotes"), help: "Quotes are ordinary text.")
  var hasNoQuotes = false

  @Option(name: .customLong("record"), help: "XML: path of the record element (default: children of the root).")
  var recordPath: String?

  @Option(help: "Character set (default: auto).")
  var encoding = "auto"

  func run() throws {
    var options = MicroscopeOptions()
    options.format = format
    options.hasHeader = !hasNoHeader
    options.recordPath = recordPath
    options.encoding = encoding
    if hasNoQuotes { options.hasQuotes = false }
    if let delimiter {
      let names = ["tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "]
      let character = Array((names[delimiter] ?? delimiter).utf8)
      guard character.count == 1, let byte = character.first, byte < 0x80, ![0x0A, 0x0D, 0x22].contains(byte) else {
        throw CommandFailure(.usage, "--delimiter takes one ASCII character, or tab; got '\(delimiter)'")
      }
      options.delimiter = byte
    }
    var microscope = RecordMicroscope(
      options, print: { Console.out($0) }, report: { Console.note($0.json()) })
    do {
      let worst = try microscope.show(name: file) { try FileSource(file) }
      if worst >= .error { ExitStatus.leave(.failure) }
    } catch let error as SystemError {
      let code: DiagnosticCode = error.isNotRegular ? .fileNotRegular : .fileUnreadable
      Console.note(Diagnostic(code, at: .file, error.description, zh: error.meaningZh).json())
      ExitStatus.leave(.failure)
    }
  }
}
