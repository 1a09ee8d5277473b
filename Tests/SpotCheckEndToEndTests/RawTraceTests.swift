import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// From a number to what was delivered: `trace --raw` shows the rows of the file in the archive, and says what it cannot show.
@Suite("Traces to the archive", .enabled(if: FileManager.default.fileExists(atPath: Program.path)))
struct RawTraceTests {
  private static let header = "抽样编号,监测类型,监测环节,产品类别,样品名称,受检单位,受检单位所在县区,抽样时间,检测项目,检测结果,计量单位,最大残留限量,综合判定,联系人,联系电话,备注"
  private static func row(_ number: String, _ analyte: String, note: String = "") -> String {
    "\(number),例行监测,生产基地,蔬菜,番茄,西宁某公司,城中区,2024-05-01,\(analyte),0.01,mg/kg,0.5,合格,欧阳探花,13912345678,\(note)"
  }

  private func traced(_ inbox: InboxStore, _ more: [String] = []) throws -> [[String: String]] {
    let end = try Program.run(
      [
        "trace", "--store", inbox.root, "--by", "year", "--row", "*,*", "--columns", "sampling_number,file", "--raw",
        "--format", "ndjson",
      ] + more)
    #expect(end.status == 0, "\(end.errors)")
    return try end.output.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      return object.compactMapValues { $0 as? String }
    }
  }

  @Test func rowsStandAsTheyWereDelivered() throws {
    let inbox = try InboxStore()
    let long = (0..<60).map { RawTraceTests.row("P-3", "农药\($0)") }
    let lines = [
      RawTraceTests.header, RawTraceTests.row("P-1", "毒死蜱"), RawTraceTests.row("P-2", "毒死蜱", note: "\"一,二\u{1B}[31m\""),
      RawTraceTests.row("P-1", "克百威"),
    ]
    var encoder = GB18030Encoder()
    try inbox.drop(encoder.encode(Array(((lines + long).joined(separator: "\n") + "\n").utf8)), as: "a.csv")
    #expect(try inbox.nightly().status == 0)
    let found = try traced(inbox)
    let texts = Dictionary(
      uniqueKeysWithValues: found.map { ($0["sampling_number"] ?? "", $0) })
    func masked(_ line: String) -> String {
      line.replacingOccurrences(of: "欧阳探花", with: "欧***").replacingOccurrences(of: "13912345678", with: "139******78")
    }
    // Every row of a sample, in its bytes' own words; nobody is named.
    #expect(texts["P-1"]?["raw_text"] == masked(lines[1]) + "\n" + masked(lines[3]))
    #expect(texts["P-2"]?["raw_text"] == masked(lines[2]))
    #expect(texts["P-2"]?["raw_note"] == nil)
    // What is long is cut, and it is said.
    let cut = try #require(texts["P-3"]?["raw_text"])
    #expect(masked(long.joined(separator: "\n")).hasPrefix(cut) && (4000...4096).contains(cut.utf8.count))
    #expect(texts["P-3"]?["raw_note"] == "cut to its first \(cut.utf8.count) bytes")
    // A terminal gets no control characters.
    let table = try Program.run(
      ["trace", "--store", inbox.root, "--by", "year", "--row", "*,*", "--columns", "sampling_number", "--raw"])
    #expect(table.output.contains("一,二[31m") && !table.output.contains("\u{1B}"))
  }

  @Test func whatCannotBeShownIsSaidForItsRowsOnly() throws {
    let inbox = try InboxStore()
    for (index, name) in ["a.csv", "b.csv", "c.csv"].enumerated() {
      try inbox.drop(
        Array((RawTraceTests.header + "\n" + RawTraceTests.row("N-\(index)", "毒死蜱") + "\n").utf8), as: name)
    }
    #expect(try inbox.nightly().status == 0)
    _ = try inbox.scratch.importFiles([
      try inbox.scratch.file("d.csv", Array((RawTraceTests.header + "\n" + RawTraceTests.row("N-9", "铅") + "\n").utf8))
    ])
    func place(_ name: String) throws -> String {
      let batch = try #require(try inbox.batches().first { $0.record.name.hasSuffix(name) })
      return inbox.layout.path(of: batch.record.place)
    }
    try FileManager.default.removeItem(atPath: try place("a.csv"))
    let changed = try place("b.csv")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: changed)
    try Data((RawTraceTests.header + "\n" + RawTraceTests.row("N-1", "铅") + "\n").utf8).write(
      to: URL(fileURLWithPath: changed))
    let notes = Dictionary(
      uniqueKeysWithValues: try traced(inbox).map { ($0["sampling_number"] ?? "", $0) })
    #expect(notes.count == 4)
    #expect(notes["N-0"]?["raw_note"]?.hasSuffix("is missing") == true && notes["N-0"]?["raw_text"] == nil)
    #expect(notes["N-1"]?["raw_note"]?.contains("SHA-256") == true && notes["N-1"]?["raw_text"] == nil)
    #expect(notes["N-2"]?["raw_text"]?.hasPrefix("N-2,例行监测") == true && notes["N-2"]?["raw_note"] == nil)
    #expect(notes["N-9"]?["raw_note"]?.contains("has not kept") == true)
    #expect(notes.values.allSatisfy { ($0["raw_note"] == nil) == ($0["raw_note_zh"] == nil) })
  }

  @Test func generatedDeliveriesOfAllKindsAreFoundAgain() throws {
    let inbox = try InboxStore()
    for (bureau, name) in [
      ("nyncj", "nyncj-2024Q1.csv.gz"), ("scjgj", "scjgj-2024Q1.xml.gz"), ("lcj", "lcj-2023Q1.csv.gz"),
    ] {
      try inbox.drop(Repository.path("samples/deliveries/" + name), into: bureau)
    }
    _ = try inbox.nightly()
    let found = try traced(inbox)
    #expect(try OpenStore(inbox.root).list(ListQuery(.samples)).rowCount() == found.count)
    for row in found {
      let number = try #require(row["sampling_number"])
      #expect(row["raw_text"]?.contains(number) == true, "\(row)")
    }
    #expect(Set(found.compactMap { $0["file"] }).count == 3)
  }
}

extension Report {
  fileprivate func rowCount() throws -> Int {
    var count = 0
    try rows { _ in count += 1 }
    return count
  }
}
