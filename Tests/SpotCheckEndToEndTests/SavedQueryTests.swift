import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

@testable import SpotCheckPipeline
@testable import SpotCheckQuery

/// Questions that were kept: read, filled, asked.
@Suite struct SavedQueryTests {
  private func read(_ yaml: String) -> (query: SavedQuery?, problems: [String]) {
    let found = SavedQuery.read(Array(yaml.utf8), file: "queries/q.yaml")
    return (found.query, found.problems.map(\.description))
  }

  @Test(
    "every shipped question is answered by the samples",
    .enabled(if: FileManager.default.fileExists(atPath: Program.path)))
  func shipped() throws {
    let (queries, problems) = try SavedQuery.all(in: Program.pipelines)
    #expect(problems.isEmpty && queries.count >= 5)
    let store = try ScratchStore()
    let folder = Repository.path("samples/deliveries/")
    _ = try store.importFiles(
      ["lcj-2023Q1.csv.gz", "nyncj-2024Q1.csv.gz", "scjgj-2024Q1.xml.gz"].map { folder + $0 })
    let asked = ["district": "湟中区", "product": "花椒", "period": "2024Q1", "least": "1", "share": "1", "target": "100"]
    for query in queries {
      let settings = query.parameters.filter { $0.fallback == nil || asked[$0.name] != nil }
        .map { "\($0.name)=\(asked[$0.name] ?? "1")" }
      let end = try Program.run(["ask", query.name] + settings + ["--store", store.root, "--format", "csv"])
      #expect(end.status == 0, "\(query.name): \(end.errors)")
      #expect(end.output.split(separator: "\n").count > 1, "\(query.name) finds nothing")
      // What is shown is what is run.
      let shown = try Program.run(["ask", query.name] + settings + ["--show"]).output
      #expect(shown.hasPrefix("spotcheck "))
      let shell = Process()
      shell.executableURL = URL(fileURLWithPath: "/bin/sh")
      let line = Program.path + shown.dropFirst("spotcheck".count).dropLast() + " --store \(store.root) --format csv"
      shell.arguments = ["-c", line]
      shell.environment = ["SPOTCHECK_PIPELINES": Program.pipelines]
      let pipe = Pipe()
      (shell.standardOutput, shell.standardError) = (pipe, FileHandle.nullDevice)
      try shell.run()
      let output = pipe.fileHandleForReading.readDataToEndOfFile()
      shell.waitUntilExit()
      #expect(String(decoding: output, as: UTF8.self) == end.output, "\(line)")
    }
    let list = try Program.run(["ask"])
    #expect(queries.allSatisfy { list.output.contains($0.name + "\t" + $0.title) })
    for (words, said) in [
      (["ask", "prodct"], "did you mean 'product'"), (["ask", "product"], "say product="),
      (["ask", "product", "produkt=x"], "has no parameter 'produkt'"),
      (["ask", "product", "x"], "expected NAME=VALUE"),
      (["ask", "product", "product=a", "product=b"], "once for each name"),
    ] {
      let end = try Program.run(words)
      #expect(end.status == 2 && end.errors.contains(said), "\(words): \(end.errors)")
    }
  }

  /// Whatever is said, the filter is the one comparison with that text.
  @Test(arguments: 0..<200)
  func noValueLeavesItsPlace(seed: Int) throws {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(truncatingIfNeeded: (state >> 33) % UInt64(count))
    }
    let pieces = [
      "'", "''", "\"", "”", "’", " or ", "1=1", ")", "(", "{", "}", "{x}", "花椒", "\\", "--", "%", "，", "a", " ",
    ]
    let value = (0..<next(8) + 1).map { _ in pieces[next(pieces.count)] }.joined()
    for (template, mark) in [
      ("product = {x}", ""), ("product = '{x}'", ""), ("product = \"{x}\"", ""), ("product = “{x}”", ""),
      ("product = '<{x}>'", "<>"),
    ] {
      let filled = try QueryTemplate(template, isExpression: true).filled(["x": (value, false)])
      let filter = try Filter(filled)
      guard case .comparison(let term) = filter.root else {
        Issue.record("\(filled)")
        continue
      }
      #expect(term.values.map(\.text) == [mark.isEmpty ? value : "<" + value + ">"], "\(filled)")
    }
  }

  @Test func whatIsWrongHasItsPlace() {
    func problem(_ body: String) -> String { read("title: t\ncommand: rate\n" + body).problems.joined(separator: "\n") }
    #expect(problem("options: {by: category}") == "")
    #expect(problem("options: {by: '{x}'}").contains("q.yaml:3:15: error: there is no parameter 'x'"))
    #expect(problem("options: {store: a, by: b}").contains("'store' is no option"))
    #expect(problem("options: {'by x': b}").contains("is no option"))
    #expect(problem("options: {by: 'a{'}").contains("'{' is not closed"))
    #expect(problem("options: {by: 'a}'}").contains("'}' closes nothing"))
    #expect(problem("options: {by: '{A b}'}").contains("names no parameter"))
    #expect(problem("parameters: {x: {about: a}}").contains("is used nowhere"))
    #expect(
      problem("options: {by: '{x}'}\nparameters: {x: {about: a, kind: number, default: abc}}").contains(
        "'abc' is no number"))
    #expect(problem("options: {by: a}\nnonsense: 1").contains("unknown key 'nonsense'"))
    #expect(read("title: t\ncommand: import").problems.joined().contains("import"))
    #expect(read("command: rate").problems.joined().contains("missing key 'title'"))
  }

  @Test func wordsAreInOrder() throws {
    let query = try #require(
      read(
        """
        title: t
        command: diff
        arguments: ['{from}', latest]
        options: {by: [category, district], pool: true, pivot: false, where: "year = {year}", top: '{rows}'}
        parameters:
          from: {about: a}
          year: {about: a, default: it's}
          rows: {about: a, kind: number, default: '3'}
        """
      ).query)
    #expect(
      try query.words(["from": "v1", "rows": "-5"]) == [
        "diff", "v1", "latest", "--by", "category", "--by", "district", "--pool", "--where", "year = 'it''s'", "--top",
        "-5",
      ])
    for values in [
      ["from": "--store"], ["from": "a\nb"], [:], ["from": "v1", "rows": "1e5"], ["from": "v1", "z": ""],
    ] {
      #expect(throws: SavedQueryError.self) { try query.words(values) }
    }
  }
}
