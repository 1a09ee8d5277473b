import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// The doctor's verdict is that of an import.
@Suite struct FileDoctorTests {
  private func examine(_ path: String, store: ScratchStore?, in folder: String) throws -> FileDiagnosis {
    let scratch = folder + "/doctor-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let doctor = FileDoctor(library: try Repository.library.get(), scratch: scratch)
    let open = try store.map { try OpenStore($0.root) }
    return try doctor.examine(path, store: open.map { ($0.layout, $0.catalogue) })
  }

  @Test(arguments: ["samples/hostile", "samples/deliveries"]) func theVerdictIsThatOfAnImport(_ folder: String) throws {
    let store = try ScratchStore()
    let names = try FileManager.default.contentsOfDirectory(atPath: Repository.path(folder)).sorted()
    for name in names where name != "EXPECTED.csv" && name != "TRUTH.json" && name != "README.md" {
      let path = Repository.path(folder + "/" + name)
      let digest = try store.digest()
      let diagnosis = try examine(path, store: store, in: store.folder)
      #expect(try store.digest() == digest)
      let outcome = try #require(try store.importFiles([path]).files.first)
      #expect(diagnosis.state == outcome.state && diagnosis.refusal?.code == outcome.refusal?.code, "\(name)")
      #expect(diagnosis.accounts == outcome.accounts, "\(name)")
      #expect(diagnosis.samples == outcome.samples && diagnosis.items == outcome.items, "\(name)")
      #expect(diagnosis.superseded == outcome.superseded && diagnosis.layout == outcome.layout, "\(name)")
      #expect(diagnosis.isClean == (outcome.state != .refused && outcome.accounts.rejected == 0), "\(name)")
    }
  }

  @Test func columnsAreProfiled() throws {
    let store = try ScratchStore()
    let text =
      "林业抽检表,,,,,,,,,,,\n" + VersionTests.header
      + VersionTests.line("L1", report: "A1", day: "2023-03-20", "初检", "合格")
      + VersionTests.line("L22", report: "A2", day: "2023-04-20", "初检", "不合格", remark: "电话13812345678")
    let diagnosis = try examine(try store.file("a.csv", Array(text.utf8)), store: nil, in: store.folder)
    #expect(diagnosis.state == .accepted && diagnosis.headerLine == 2 && diagnosis.dialect == "comma")
    #expect(diagnosis.encoding == "utf-8" && diagnosis.format == "csv" && !diagnosis.isCompressed)
    let columns = Dictionary(uniqueKeysWithValues: diagnosis.columns.map { ($0.name, $0) })
    let number = try #require(columns["抽样编号"])
    #expect(
      number.fields == ["sampling_number"] && number.cells == 2 && number.distinct == 2 && number.lengths == 2...3)
    #expect(number.topShapes(1).map(\.text) == ["A9"])
    let day = try #require(columns["报告日期"])
    #expect(day.dayRange?.lowerBound == CalendarDay(iso: "2023-03-20") && day.days == 2)
    #expect(day.dayRange?.upperBound == CalendarDay(iso: "2023-04-20"))
    let remark = try #require(columns["备注"])
    #expect(!remark.top(5).contains { $0.text.contains("13812345678") })
    #expect(columns["序号"]?.fields == [])
  }
}
