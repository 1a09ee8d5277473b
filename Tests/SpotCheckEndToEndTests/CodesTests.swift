import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// Texts that are in no table: listed, mapped, replayed.
@Suite struct CodesTests {
  private static let table = """
    code,name,parent,level,valid_from,valid_to,successors,aliases
    1,甲,,1,,,,
    2,乙县,,1,,2020-07-22,3,乙
    3,乙区,,1,2020-07-22,,,"乙|乙,新"
    """

  private func edit(_ edit: CodeTableEdit) throws -> String {
    String(decoding: try edit.apply(to: Array(CodesTests.table.utf8), file: "t.csv"), as: UTF8.self)
  }

  private func day(_ text: String) throws -> CalendarDay { try #require(CalendarDay(iso: text)) }

  @Test func onlyTheRowThatChangesIsWrittenAnew() throws {
    #expect(
      try edit(CodeTableEdit(table: "t", text: "甲甲", code: "1"))
        == CodesTests.table.replacing("1,甲,,1,,,,", with: "1,甲,,1,,,,甲甲"))
    #expect(
      try edit(CodeTableEdit(table: "t", text: "乙镇", code: "3"))
        == CodesTests.table.replacing("\"乙|乙,新\"", with: "\"乙|乙,新|乙镇\""))
  }

  @Test func daysCutTheEntry() throws {
    let text = try edit(CodeTableEdit(table: "t", text: "老乙", code: "2", from: try day("2010-01-01")))
    #expect(text.contains("2,乙县,,1,,2010-01-01,,乙\n2,乙县,,1,2010-01-01,2020-07-22,3,乙|老乙\n3,"))
    let part = try edit(
      CodeTableEdit(table: "t", text: "甲甲", code: "1", from: try day("2010-01-01"), to: try day("2012-01-01")))
    let table = CodeTableFile(name: "t", file: "t.csv", bytes: Array(part.utf8)).table
    #expect(table.resolve("甲甲", on: try day("2011-06-01")) == .code("1"))
    #expect(table.resolve("甲甲", on: try day("2012-01-01")) == .retired("1"))
    #expect(table.resolve("甲", on: try day("2013-01-01")) == .code("1"))
  }

  @Test func whatCannotBeIsRefused() throws {
    let edits = [
      CodeTableEdit(table: "t", text: "丙", code: "9"), CodeTableEdit(table: "t", text: "甲", code: "1"),
      CodeTableEdit(table: "t", text: "甲", code: "3"), CodeTableEdit(table: "t", text: " ", code: "1"),
      CodeTableEdit(table: "t", text: "a|b", code: "1"),
      CodeTableEdit(table: "t", text: "丙", code: "2", from: try day("2021-01-01")),
    ]
    for wrong in edits { #expect(throws: CodeTableEdit.Refusal.self, "\(wrong)") { try edit(wrong) } }
  }

  private func dryRun(_ store: KeepingStore, _ library: PipelineLibrary) throws -> ReplayOutcome {
    var options = ReplayOptions()
    options.isDryRun = true
    let run = try ImportRun(store: store.store.root, library: library)
    defer { try? run.end("done") }
    return try Replay(run, options: options).replay()
  }

  @Test func theQueueHasExamplesAndSuggestions() throws {
    let store = try KeepingStore()
    let lines = [
      VersionTests.line("L1", report: "A", day: "2023-03-20", "初检", "合格"),
      VersionTests.line("L2", report: "A", day: "2023-03-20", "初检", "不合格").replacing("枸杞,枸杞", with: "大枸杞干果,枸杞"),
    ]
    try store.take("a.csv", Array((VersionTests.header + lines.joined()).utf8))
    try store.take("b.csv", Array((VersionTests.header + lines[1].replacing("L2", with: "L3")).utf8))
    let open = try OpenStore(store.store.root)
    func queue() throws -> [UnmappedQueue.Entry] {
      let tables = try store.library().tables.tables.mapValues(\.table)
      return try UnmappedQueue(layout: open.layout, catalogue: open.catalogue, tables: tables).entries
    }
    let entry = try #require(try queue().first { $0.text == "大枸杞干果" })
    #expect(entry.table == "categories" && entry.count == 2 && entry.files == 2)
    #expect(entry.exampleFile == "a.csv" && entry.exampleLine == 3)
    let suggestion = try #require(entry.suggestions.first)
    #expect(suggestion.spelling.contains("枸杞"))

    // Mapped: what would change is said, then done, and then it is no longer in the queue.
    let folder = store.store.folder + "/pipelines"
    let editor = CodeTableEditor(folder: folder)
    let bytes = try editor.edited(CodeTableEdit(table: "categories", text: "大枸杞干果", code: suggestion.code))
    let preview = try PipelineLibrary.load(
      folder: editor.preview(bytes, table: "categories", in: store.store.folder + "/p"))
    let dry = try dryRun(store, preview)
    #expect(dry.samples == 2 && dry.snapshot == nil)
    let shift = try #require(dry.shifts.first { $0.category == suggestion.code })
    #expect(shift.after.inspected == shift.before.inspected + 2 && shift.categoryName == suggestion.name)
    try editor.write(bytes, table: "categories")
    #expect(try queue().contains { $0.text == "大枸杞干果" } == false)
    #expect(try store.replay().shifts == dry.shifts)
    #expect(try open.catalogue.unmapped().contains { $0.entry.text == "大枸杞干果" } == false)
  }

  /// 湟中县 became 湟中区 on 2020-07-22: a spelling of one or the other maps by the day of the sample.
  @Test func retiredDistrictsMapByDate() throws {
    let store = try KeepingStore()
    let text =
      RandomStories.header
      + "L1,R,枸杞,枸杞,甲,鲁沙尔老城,2019-03-05,2019-04-01,/,合格,初检,/\nL2,R,枸杞,枸杞,甲,鲁沙尔老城,2023-03-05,2023-04-01,/,合格,初检,/\n"
    try store.take("a.csv", Array(text.utf8))
    func districts() throws -> [String] {
      try StoredRows(try store.store.open()).rows.sorted { $0.number < $1.number }.map { $0[.district] }
    }
    #expect(try districts() == ["?", "?"])
    let editor = CodeTableEditor(folder: store.store.folder + "/pipelines")
    for code in ["630122", "630106"] {
      try editor.write(
        try editor.edited(CodeTableEdit(table: "districts", text: "鲁沙尔老城", code: code)), table: "districts")
    }
    try store.replay()
    #expect(try districts() == ["630122", "630106"])
  }
}
