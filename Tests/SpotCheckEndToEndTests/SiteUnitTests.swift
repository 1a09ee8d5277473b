import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// Units that a site has added to its own table: filters know them, as of the import that brought them.
@Suite struct SiteUnitTests {
  private static let delivery =
    "抽样编号,任务类别,食品大类,样品名称,抽样时间,检验项目,检验结果,结果单位,结果判定,结论\n"
    + [("S1", "铅", "0.9", "mg/kg"), ("S2", "粒数", "120", "粒/盒"), ("S3", "粒数", "2", "百粒/盒"), ("S4", "粒数", "70", "粒每盒")]
    .map {
      "\($0.0),监督抽检,挂面,挂面,2024-03-05,\($0.1),\($0.2),\($0.3),合格项,合格\n"
    }.joined()

  private func found(_ filter: String, _ store: ScratchStore, asOf: String? = nil) throws -> String {
    var query = ListQuery(.items, columns: ["sampling_number"])
    query.filter = filter
    return try CSVEmitter().text(try OpenStore(store.root).list(query, asOf: asOf)).split(separator: "\n").dropFirst()
      .map { $0.filter { !$0.isWhitespace } }.joined(separator: " ")
  }

  @Test func filtersKnowThem() throws {
    let store = try ScratchStore()
    let pipelines = store.folder + "/pipelines"
    try FileManager.default.copyItem(atPath: Repository.path("pipelines"), toPath: pipelines)
    let units = URL(fileURLWithPath: pipelines + "/codes/units.csv")
    let own = "粒/盒,grains per box,0,粒每盒\n百粒/盒,grains per box,2,\n"
    try (try Data(contentsOf: units) + Data(own.utf8)).write(to: units)
    let file = try store.file("a.csv", Array(SiteUnitTests.delivery.utf8))
    // What was imported with other pipelines does not know them, and says so.
    _ = try store.importFiles([Repository.path("samples/deliveries/lcj-2023Q1.csv.gz")])
    let error = #expect(throws: QueryError.self) { try found("value > 1 百粒/盒", store) }
    #expect(error?.description.contains("'百粒/盒' is no known unit") == true)
    let library = try PipelineLibrary.load(folder: pipelines)
    #expect(try ImportRun(store: store.root, library: library).run([file]).count(.accepted) == 1)
    for (filter, samples) in [
      ("value > 1 百粒/盒", "S2 S3"), ("value <= 120 粒每盒", "S2 S4"), ("value = 200粒/盒", "S3"),
      ("value in (0.7 百粒/盒, 120 粒/盒)", "S2 S4"), ("value between 100 粒/盒 and 2 百粒/盒", "S2 S3"),
      // Kinds do not mix, and the shipped units are known beside them.
      ("value > 0 粒/盒 and value > 0 mg/kg", ""), ("sampling_number like 'S%' and value > 500 μg/kg", "S1"),
      ("sampling_number like 'S%' and value != 120 粒/盒", "S1 S3 S4"),
    ] { #expect(try found(filter, store) == samples, "\(filter)") }
    let typo = #expect(throws: QueryError.self) { try found("value > 1 百粒/合", store) }
    #expect(typo?.description.contains("Did you mean '百粒/盒'?") == true && typo?.position == 10)
    // The past stays as it was.
    #expect(throws: QueryError.self) { try found("value > 1 百粒/盒", store, asOf: "v1") }
  }
}
