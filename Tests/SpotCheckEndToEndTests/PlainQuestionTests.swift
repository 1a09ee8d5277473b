import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// A question in plain words is read without ArgumentParser; `--name=value` is not plain, and goes through it. Both say the
/// same.
@Suite("Questions in plain words", .enabled(if: FileManager.default.fileExists(atPath: Program.path)))
struct PlainQuestionTests {
  @Test func sayTheSame() throws {
    let store = try ScratchStore()
    let folder = Repository.path("samples/deliveries/")
    _ = try store.importFiles(["nyncj-2024Q1.csv.gz", "scjgj-2024Q1.xml.gz"].map { folder + $0 })
    let questions: [[(String, String?)]] = [
      [("by", "category,district")], [("by", "nonsense")], [("format", "json")],
      [("by", "district"), ("format", "json"), ("where", "purpose = supervision and year = 2024")],
      [("by", "category:1,month"), ("period", "2024Q1"), ("year-on-year", nil)],
      [("by", "quarter"), ("pool", nil), ("format", "csv"), ("as-of", "v1"), ("threads", "1")],
      [("by", "quarter"), ("period-by", "reported"), ("on-map", "today"), ("parks", "separate")],
      [("by", "district"), ("parks", "nowhere")], [("by", "district"), ("threads", "many")],
      [("by", "district"), ("as-of", "v99")], [("by", "district"), ("where", "year = ")],
      [("by", "district"), ("period-by", "never")], [("by", "district"), ("by", "category")],
      [("by", "month"), ("measure", "item")], [("by", "district"), ("format", "pdf")],
    ]
    for question in questions {
      let said = [("store", store.root)] + question
      let plain = said.flatMap { name, value in ["--" + name] + (value.map { [$0] } ?? []) }
      let joined = said.map { name, value in "--" + name + (value.map { "=" + $0 } ?? "") }
      let (one, other) = (try Program.run(["rate"] + plain), try Program.run(["rate"] + joined))
      #expect(one.status == other.status, "\(plain)")
      #expect(one.output == other.output, "\(plain)")
      #expect(one.errors == other.errors, "\(plain)")
    }
    let unasked = try Program.run(["rate", "--by", "district"])
    #expect(unasked.status == 2 && unasked.errors.contains("which store?"))
    #expect(try Program.run(["rate", "--by"]).status == 2)
    #expect(try Program.run(["rate", "--help"]).output.contains("USAGE"))
    let (version, twice) = (try Program.run(["--version"]), try Program.run(["--version", "--version"]))
    #expect(version.status == 0 && version.output == twice.output)
  }
}
