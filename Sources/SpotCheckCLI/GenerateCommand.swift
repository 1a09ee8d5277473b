import ArgumentParser
import SpotCheck

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Makes realistic files of the three bureaus, and TRUTH.json beside them.",
    discussion: """
      The same seed gives the same bytes. TRUTH.json says what the files hold, counted by the generator.

      EXAMPLES
        spotcheck generate --rows 1000000 --seed 7 --out /tmp/deliveries
        spotcheck generate --rows 100000 --bureau agriculture --quarters 1 --plain --out /tmp/one
      """)

  @Option(help: "About how many rows in all (default: a few thousand samples).")
  var rows = 0

  @Option(help: "Seed of the random numbers.")
  var seed: UInt64 = 2015

  @Option(help: ArgumentHelp("Folder to write to.", valueName: "folder"))
  var out: String

  @Option(help: "Only this bureau: market, agriculture or forestry (may be repeated).")
  var bureau: [GeneratedBureau] = []

  @Option(help: "Number of quarters, one file a bureau and quarter.")
  var quarters = 8

  @Flag(name: .customLong("plain"), help: "No odd spellings, corrections or damaged rows.")
  var isPlain = false

  @Option(name: .customLong("plain-xml"), help: "How many of the XML files are not compressed.")
  var plainXML = 1

  func run() throws {
    guard rows >= 0, (1...400).contains(quarters) else {
      throw CommandFailure(.usage, "--rows must not be negative, and --quarters is 1 to 400")
    }
    var options = GeneratorOptions()
    options.rows = rows
    options.seed = seed
    if !bureau.isEmpty { options.bureaus = GeneratedBureau.allCases.filter(bureau.contains) }
    options.quarters = quarters
    options.hasQuirks = !isPlain
    options.plainXMLQuarters = plainXML
    let files = try Generator.run(options, into: out)
    for file in files { Console.out("\(file.path)  \(file.rows) rows\n") }
  }
}
