import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// A file with refused rows is imported, the table of refused rows is mended and dropped back: the store then says what
/// it would have said, had the file been right from the start.
@Suite struct RefusedRowsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    /// The right file; `‹wrong|right›` is wrong in the delivered one.
    var text: String
    var file: String
    /// A filter that a shell runs the file through: another packing or character set.
    var packing: String?
    /// Rows that the table must have, refused ones and all.
    var refused: Int
    var rows: Int
    /// What a clerk does: in the refused row that holds all the cells, the column gets the value.
    var edits: [(cells: [String], column: String, value: String)]
    var testDescription: String { name }
  }

  static let items = "抽样编号,监测类型,监测环节,产品类别,样品名称,批号,条码,受检单位,受检单位所在县区,抽样时间,检测项目,检测结果,计量单位,最大残留限量,单项判定,综合判定,联系人\n"

  static let cases: [Case] = [
    Case(
      name: "rows of items",
      text: items + """
        N-1,监督抽查,批发市场,水果,苹果,007,6901234567892,某市场,城西区,2024/4/1,多菌灵,6.2,mg/kg,5,不合格,不合格,张三
        N-2,监督抽查,批发市场,水果,梨,=A1,/,某市场,城西区,2024/4/1,吡虫啉,0.1,mg/kg,5,合格,合格,张三
        N-1,监督抽查,批发市场,水果,苹果,007,6901234567892,某市场,城西区,2024/4/1,‹多菌灵|氧乐果›,ND,mg/kg,0.02,合格,不合格,张三
        N-2,监督抽查,批发市场,水果,梨,=A1,/,某市场,城西区,2024/4/1,‹吡虫啉|多菌灵›,"0.20",mg/kg,0.5,合格,合格,张三
        N-3,监督抽查,批发市场,水果,桃,3-4,/,某市场,城西区,2024/4/1,吡虫啉,0.1,mg/kg,0.5,合格,合格,张三
        """, file: "items.csv", refused: 2, rows: 4,
      edits: [(["N-1"], "检测项目", "氧乐果"), (["N-2"], "检测项目", "多菌灵")]),
    Case(
      name: "continuation rows below titles, GBK, gzip",
      text: "西宁市汇总表（2024年第1季度）,,,,,,,,,,,,,,,,\n填报单位：某局,,,,,,,,,,,,,,,,\n" + items + """
        N-1,监督抽查,批发市场,水果,苹果,,,某市场,城西区,2024/4/1,多菌灵,6.2,mg/kg,5,不合格,不合格,
        ,,,,,,,,,,‹多菌灵|氧乐果›,ND,mg/kg,0.02,合格,,
        ,,,,,,,,,,吡虫啉,0.1,mg/kg,0.5,合格,,
        ‹|N-2›,监督抽查,批发市场,水果,梨,,,某超市,城东区,2024/4/1,多菌灵,0.1,mg/kg,5,合格,合格,
        ,,,,,,,,,,吡虫啉,0.1,mg/kg,0.5,合格,,
        N-3,监督抽查,批发市场,水果,桃,,,某市场,城西区,2024/4/1,吡虫啉,0.1,mg/kg,0.5,合格,合格,
        填表人：某某,,,,,,,,,,,,,,,,
        """, file: "continued.csv.gz", packing: "iconv -f UTF-8 -t GB18030 | gzip -n", refused: 3, rows: 5,
      edits: [(["ND"], "检测项目", "氧乐果"), (["梨"], "抽样编号", "N-2")]),
    Case(
      name: "sections set the county",
      text: """
        序号,抽样编号,林产品类别,样品名称,被抽检单位,生产单位,抽检类型,抽样环节,抽检日期,报告日期,不合格项目║检验结果║标准值,检验结论,检验机构,备注
        城东区,,,,,,,,,,,,,
        1,L-1,枸杞,枸杞,某店,某基地,监督抽检,流通,2024-8-1,2024-8-20,/,合格,某院,
        城中区,,,,,,,,,,,,,
        2,‹|L-2›,核桃,薄皮核桃,某店,某基地,监督抽检,流通,2024/8/1,2024-08-20,溴氰菊酯║0.05mg/kg║≤0.02mg/kg,不合格,某院,
        3,L-3,核桃,薄皮核桃,某店,某基地,监督抽检,流通,2024/8/1,2024-08-20,/,合格,某院,
        合计,,,,,,,,,,,,,
        """, file: "sections.csv", refused: 1, rows: 1, edits: [(["薄皮核桃"], "抽样编号", "L-2")]),
    Case(
      name: "a wide table with its limits",
      text: """
        样品编号,年份,季度,省份,县区,监测环节,产品类别,抽样日期,产品名称,甲胺磷,毒死蜱,"2,4-滴",二甲戊灵
        限量,,,,,,,,,0.05,0.1,0.5,0.2
        ‹|KB-1›,2023,2,青海省,城东区,农贸市场,蔬菜,2023-05-10,芹菜,未检出,0.3,0.1,
        KB-2,2023,2,青海省,城中区,农贸市场,蔬菜,2023-05-10,韭菜,未检出,未检出,0.5,0.01
        """, file: "wide.csv", refused: 1, rows: 1, edits: [(["芹菜"], "样品编号", "KB-1")]),
    Case(
      name: "XML, on one line or many",
      text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?><抽检数据>"
        + xmlSample(
          "X-1", "白酒",
          "<检验项目 序号=\"1\"><项目名称>甲醇</项目名称><检验结果>0.1</检验结果><结果单位>g/L</结果单位><最大允许限>0.6</最大允许限><结果判定>合格项</结果判定></检验项目>"
            + "<检验项目 序号=\"1\"><项目名称>‹甲醇|酒精度›</项目名称><检验结果>50</检验结果><结果判定>不合格项</结果判定></检验项目>")
        + xmlSample("X-2", "醋", "<检验项目><项目名称>总酸</项目名称><检验结果>3.5</检验结果><结果判定>合格项</结果判定></检验项目>")
        + xmlSample("‹|X-3›", "酱油", "<检验项目><项目名称>氨基酸态氮</项目名称><检验结果>0.8</检验结果><结果判定>合格项</结果判定></检验项目>\n")
        + xmlSample("X-4", "面粉", "") + "</抽检数据>", file: "market.xml", refused: 3, rows: 5,
      edits: [(["50"], "检验项目列表/检验项目/项目名称", "酒精度"), (["酱油"], "抽样编号", "X-3")]),
  ]

  private static func xmlSample(_ number: String, _ product: String, _ items: String) -> String {
    "<样品><抽样编号>\(number)</抽样编号><任务类别>监督抽检</任务类别><样品名称>\(product)</样品名称><产品大类>酒类</产品大类>"
      + "<被抽样单位名称>=某超市</被抽样单位名称><联系人>张三</联系人><被抽样单位所在区县>城东区</被抽样单位所在区县><抽样时间>2024-03-05</抽样时间>"
      + "<结论>合格</结论><检验项目列表>\(items)</检验项目列表></样品>"
  }

  @Test(arguments: cases) func theMendedTableHeals(_ file: Case) throws {
    let (wrong, right) = RefusedRowsTests.split(file.text)
    let healthy = try ScratchStore()
    let first = try healthy.importFiles([try healthy.file(file.file, try pack(right, file.packing))])
    #expect(first.isClean && first.files.first?.state == .accepted, "\(first.files.map(\.diagnostics))")

    let store = try ScratchStore()
    let path = try store.file(file.file, try pack(wrong, file.packing))
    let outcome = try #require(try store.importFiles([path]).files.first)
    #expect(outcome.state == .accepted)
    #expect(outcome.accounts.rejected == file.refused)
    let table = try #require(try RefusedRowsTests.table(path, outcome))
    #expect(table.refusedCount == file.refused)
    #expect(table.rows.count { $0.kind != .layout } == file.rows)
    #expect(try RefusedRowsTests.answers(store) != RefusedRowsTests.answers(healthy))

    let mended = RefusedRowsTests.mend(table, as: file)
    let again = try store.importFiles([try store.file("mended.csv", mended.csv)])
    let back = try #require(again.files.first)
    #expect(back.layout == outcome.layout)
    let rejects = try store.rejects().map(\.rawText)
    #expect(again.isClean, "\(back.diagnostics) \(rejects)")
    #expect(try RefusedRowsTests.answers(store) == RefusedRowsTests.answers(healthy))
  }

  /// Excel in China saves GBK, and WPS may choose another separator.
  @Test func anOfficeProgramMaySaveItItsOwnWay() throws {
    for file in RefusedRowsTests.cases {
      let (wrong, right) = RefusedRowsTests.split(file.text)
      let healthy = try ScratchStore()
      _ = try healthy.importFiles([try healthy.file(file.file, try pack(right, file.packing))])
      let store = try ScratchStore()
      let path = try store.file(file.file, try pack(wrong, file.packing))
      let outcome = try #require(try store.importFiles([path]).files.first)
      let table = try #require(try RefusedRowsTests.table(path, outcome))
      let csv = RefusedRowsTests.mend(table, as: file).csv
      let saved = try pack(String(decoding: csv.dropFirst(3), as: UTF8.self), "iconv -f UTF-8 -t GB18030")
      let again = try store.importFiles([try store.file("另存为.csv", saved)])
      #expect(again.isClean, "\(file.name)")
      #expect(try RefusedRowsTests.answers(store) == RefusedRowsTests.answers(healthy), "\(file.name)")
    }
  }

  /// Dropped back unmended, it changes nothing and can be asked for once more, without growing.
  @Test(arguments: cases) func unmendedItStaysAsItWas(_ file: Case) throws {
    let store = try ScratchStore()
    let path = try store.file(file.file, try pack(RefusedRowsTests.split(file.text).wrong, file.packing))
    let outcome = try #require(try store.importFiles([path]).files.first)
    let before = try RefusedRowsTests.answers(store)
    let table = try #require(try RefusedRowsTests.table(path, outcome))
    let back = try store.file("back.csv", table.csv)
    let second = try #require(try store.importFiles([back]).files.first)
    #expect(second.accounts.rejected == file.refused)
    #expect(try RefusedRowsTests.answers(store) == before)
    let once = try #require(try RefusedRowsTests.table(back, second))
    #expect(once.header == table.header)
    #expect(once.rows.map(\.cells) == table.rows.map(\.cells))
    #expect(once.rows.map(\.isRefused) == table.rows.map(\.isRefused))
  }

  @Test func ofAFileRefusedAsAWholeEverythingGoesBack() throws {
    let store = try ScratchStore()
    let text =
      RefusedRowsTests.items
      + "N-1,监督抽查,批发市场,水果,苹果,,,某市场,城西区,2024/4/1,多菌灵,6.2,mg/kg,5,不合格,不合格,\n"
      + String(repeating: ",监督抽查,批发市场,水果,梨,,,某市场,城东区,2024/4/1,多菌灵,0.1,mg/kg,5,合格,合格,\n", count: 2)
    let path = try store.file("gate.csv", Array(text.utf8))
    let outcome = try #require(try store.importFiles([path]).files.first)
    #expect(outcome.refusal?.code == .gateRejects)
    let table = try #require(try RefusedRowsTests.table(path, outcome, isWhole: true))
    #expect(table.rows.count == 3)
    #expect(table.refusedCount == 2)
    // A file that breaks off cannot be mended row by row; one without refused rows has nothing to give back.
    let broken = try store.file("broken.csv", Array((text + "\"").utf8))
    #expect(try RefusedRowsTests.table(broken, outcome) == nil)
    let good = try store.file("good.csv", Array(text.split(separator: "\n").prefix(2).joined(separator: "\n").utf8))
    #expect(try RefusedRowsTests.table(good, outcome) == nil)
  }

  /// The table is whole: who has to mend it must see what stands there.
  @Test func theTableIsNotMasked() throws {
    let store = try ScratchStore()
    let path = try store.file("items.csv", Array(RefusedRowsTests.split(RefusedRowsTests.cases[0].text).wrong.utf8))
    let outcome = try #require(try store.importFiles([path]).files.first)
    let csv = String(decoding: try #require(try RefusedRowsTests.table(path, outcome)).csv, as: UTF8.self)
    #expect(csv.contains("张三"))
    #expect(csv.contains("'=A1") && csv.contains("'007") && csv.contains("'6901234567892"))
    #expect(try store.rejects().allSatisfy { !$0.rawText.contains("张三") })
  }

  // MARK: Tools

  /// `‹wrong|right›` resolved both ways.
  static func split(_ text: String) -> (wrong: String, right: String) {
    let pattern = /‹([^|›]*)\|([^›]*)›/
    return (text.replacing(pattern) { $0.output.1 }, text.replacing(pattern) { $0.output.2 })
  }

  static func table(_ path: String, _ outcome: FileOutcome, isWhole: Bool = false) throws -> RefusedRowsTable? {
    let parts = outcome.layout.split(separator: "/").map { String($0) }
    let layout = try #require(try Repository.library.get().pipeline(parts[0])?.layout(parts[1]))
    return try RefusedRows(path: path, name: PathText.name(of: path), layout: layout).table(isWhole: isWhole)
  }

  static func mend(_ table: RefusedRowsTable, as file: Case) -> RefusedRowsTable {
    var mended = table
    for (cells, column, value) in file.edits {
      let place = mended.header.firstIndex(of: column) ?? -1
      let row = mended.rows.firstIndex { row in row.isRefused && cells.allSatisfy { row.cells.contains($0) } } ?? -1
      #expect(place >= 0 && row >= 0, "no \(column) in a refused row with \(cells)")
      guard place >= 0, row >= 0 else { continue }
      mended.rows[row].cells += Array(repeating: "", count: max(0, place + 1 - mended.rows[row].cells.count))
      mended.rows[row].cells[place] = value
    }
    return mended
  }

  /// Everything that counts, and every sample and item that counts, without where they came from.
  static func answers(_ store: ScratchStore) throws -> [String] {
    let open = try OpenStore(store.root)
    var lines: [String] = []
    func add(_ report: Report) throws {
      var sink = ByteBuffer()
      try CSVEmitter().emit(report, to: &sink)
      lines += String(decoding: sink.bytes, as: UTF8.self).split(separator: "\n").map { String($0) }.sorted()
    }
    try add(try store.rate("bureau,purpose,category,district").report())
    try add(
      try open.list(
        ListQuery(
          .samples,
          columns: [
            "sampling_number", "product", "lot", "barcode", "unit", "category", "district", "sampled_day", "verdict",
            "flags",
          ])))
    try add(
      try open.list(
        ListQuery(.items, columns: ["sampling_number", "analyte", "value", "value_text", "limit_text", "verdict"])))
    return lines
  }

  private func pack(_ text: String, _ command: String?) throws -> [UInt8] {
    guard let command else { return Array(text.utf8) }
    let store = try ScratchStore()
    let input = try store.file("plain", Array(text.utf8))
    let output = store.folder + "/packed"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "cat \"$1\" | (\(command)) > \"$2\"", "sh", input, output]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try bytes(of: output)
  }
}
