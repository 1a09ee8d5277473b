import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// Pictures, asked for on the command line.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: Program.path))) struct ChartTests {
  @Test func anAnswerIsDrawnInTheTerminalAndAsAFile() throws {
    let store = try ScratchStore()
    let folder = Repository.path("samples/deliveries/")
    _ = try store.importFiles(["nyncj-2024Q1.csv.gz", "scjgj-2024Q1.xml.gz"].map { folder + $0 })
    func ask(_ more: String..., environment: [String: String] = [:]) throws -> Program.End {
      try Program.run(["rate", "--store", store.root, "--pool"] + more, environment: environment)
    }
    let bars = try ask("--by", "district", "--chart", "bar", "--target", "90")
    #expect(bars.status == 0 && bars.output.contains("│█") && bars.output.contains("目标 90%"))
    #expect(!bars.output.contains("\u{1B}"))
    // What a table warns of is said beside a picture too.
    let table = try ask("--by", "district", "--target", "90")
    #expect(bars.errors == table.errors)
    #expect(try ask("--by", "district", "--chart", "bar", "--color", "always").output.contains("\u{1B}["))
    #expect(
      try ask("--by", "district", "--chart", "bar", environment: ["CLICOLOR_FORCE": "1"]).output.contains("\u{1B}["))
    #expect(try ask("--by", "category:1,district", "--chart", "heat").status == 0)
    #expect(try ask("--by", "month", "--chart", "trend").status == 0)
    #expect(try ask("--by", "district", "--chart", "funnel").output.contains("总体合格率"))
    let file = try ask("--by", "month", "--chart", "trend", "--format", "svg")
    #expect(file.status == 0 && file.output.hasPrefix("<?xml") && file.output.hasSuffix("</svg>\n"))
    // In English by option or setting; names stay.
    let english = try ask("--by", "district", "--chart", "bar", "--target", "90", "--lang", "en").output
    #expect(english.contains("┊ target 90%") && english.contains("├─┤ 95% interval") && !english.contains("区间"))
    let page = try ask("--by", "month", "--format", "svg", environment: ["SPOTCHECK_LANG": "en"])
    #expect(page.output.contains("xml:lang=\"en\"") && page.output.contains("<title>rate by month</title>"))
    let refused = try ask("--by", "district", "--chart", "trend")
    #expect(refused.status == 2 && refused.output.isEmpty && refused.errors.contains("--by quarter"))
    #expect(try ask("--by", "district", "--chart", "bar", "--format", "json").status == 2)
    #expect(try ask("--by", "district", "--chart", "pie").status != 0)
    let runs = try Program.run(["runs", "list", "--store", store.root, "--format", "svg"])
    #expect(runs.status == 2 && runs.errors.contains("no column 'rate'"))
  }

  /// The same groups are outside in the table of `compare` and in its picture.
  @Test func compareDrawsItsFunnel() throws {
    let store = try ScratchStore()
    _ = try store.importFiles([Repository.path("samples/deliveries/nyncj-2024Q1.csv.gz")])
    let question = ["compare", "--store", store.root, "--pool", "--period", "2024Q1", "--by", "district"]
    let drawn = try Program.run(question + ["--chart", "funnel"])
    let table = try Program.run(question + ["--format", "csv"]).output
    #expect(drawn.status == 0)
    let outside = table.split(separator: "\n").count { $0.contains("不合格率偏") }
    #expect(drawn.output.components(separatedBy: "，不合格率偏").count - 1 == outside)
  }
}
