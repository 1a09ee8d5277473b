import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// Names, telephone and identity numbers planted in every tagged column and in free text, in good rows and in refused
/// ones: nothing but `--reveal`, the archive and the table that goes back to its bureau shows them.
@Suite struct PrivacyTests {
  static let names = ["欧阳探花", "司马采样", "慕容联系", "东方法人", "卓玛才让", "扎西农户"]
  static let numbers = [
    "13912345678", "139-1234-5678", "１８８１２３４５６７８", "0971-6123456", "11010519491231002X", "630104640302013",
  ]
  static let mails = ["zhuoma@example.com"]
  static var planted: [String] { names + numbers + mails }

  /// The columns of persons of a layout, each with a planted value.
  private static func persons(_ layout: LayoutPlan) -> [(column: String, value: String)] {
    let tagged = layout.curation.personal
    let phones = Array(numbers.prefix(4)) + mails
    var result: [(column: String, value: String)] = []
    for (index, column) in tagged.names.sorted().enumerated() { result.append((column, names[index % 4])) }
    for (index, column) in tagged.phones.sorted().enumerated() { result.append((column, phones[index % 5])) }
    for (index, column) in tagged.identities.sorted().enumerated() { result.append((column, numbers[4 + index % 2])) }
    return result
  }

  private static let remark = "联系欧阳探花 13912345678，证件 11010519491231002X，邮箱 zhuoma@example.com，座机0971-6123456"

  /// Rows of every fate: accepted, repeated, refused for a number, for its width, for a stray quote, as a continuation.
  static func csv(_ layout: LayoutPlan) -> String {
    let persons = persons(layout)
    let header =
      [
        "抽样编号", "监测类型", "监测环节", "产品类别", "样品名称", "受检单位", "生产单位", "受检单位所在县区", "抽样时间", "检测项目", "检测结果", "计量单位", "最大残留限量",
        "综合判定",
      ]
      + persons.map(\.column) + ["备注"]
    func row(_ number: String, _ day: String = "2024-05-01", analyte: String = "毒死蜱", value: String = "0.01") -> String
    {
      ([
        number, "例行监测", "生产基地", "蔬菜", "番茄 13912345678", "卓玛才让", "扎西农户", "某新区0971-6123456", day, analyte, value,
        "mg/kg", "0.5", "合格",
      ] + persons.map(\.value) + [remark]).joined(separator: ",")
    }
    var lines = [header.joined(separator: ","), row("P-1"), row("P-1"), row("P-2", "不是日期13912345678")]
    lines.append(row("P-1", value: "0.02"))  // another result: ROW_CONFLICT
    lines.append(row(""))
    lines.append(row("P-3", "2024-05-02") + ",多一列欧阳探花")
    lines.append(row("P-4").split(separator: ",", omittingEmptySubsequences: false).dropFirst().joined(separator: ","))
    lines.append("P-5,\"例行监测\"欧阳探花," + row("P-5").split(separator: ",").dropFirst(2).joined(separator: ","))
    lines.append(row("P-6").replacingOccurrences(of: "欧阳探花", with: "\"欧阳探花\""))
    lines.append(row("P-7").replacingOccurrences(of: "卓玛才让", with: "扎西农户"))
    lines += (8...20).map { row("P-\($0)") }
    lines.append(row("P-8", analyte: "克百威").replacingOccurrences(of: "卓玛才让", with: "慕容联系"))
    return lines.joined(separator: "\n") + "\n"
  }

  static func xml(_ layout: LayoutPlan) -> String {
    let names = persons(layout)
    let elements = names.filter { !$0.column.hasPrefix("@") }.map { "<\($0.column)>\($0.value)</\($0.column)>" }
      .joined()
    let attributes = names.filter { $0.column.hasPrefix("@") }.map { " \($0.column.dropFirst())=\"\($0.value)\"" }
      .joined()
    func sample(_ number: String, _ items: String) -> String {
      "<样品\(attributes)>\(number.isEmpty ? "" : "<抽样编号>\(number)</抽样编号>")<样品名称>醋 13912345678</样品名称><产品大类>0971-6123456</产品大类>"
        + "<被抽样单位名称>卓玛才让</被抽样单位名称><标称生产企业名称>扎西农户</标称生产企业名称><被抽样单位所在区县>某区13912345678</被抽样单位所在区县>"
        + "<抽样时间>2024-03-05</抽样时间><结论>合格</结论><备注>\(remark)</备注>\(elements)<检验项目列表>\(items)</检验项目列表></样品>"
    }
    func item(_ value: String) -> String {
      "<检验项目><项目名称>总酸</项目名称><检验结果>\(value)</检验结果><联系人>欧阳探花</联系人><备注>\(remark)</备注></检验项目>"
    }
    return "<抽检数据>" + sample("Q-1", item("3.5") + item("13912345678")) + sample("", item("1"))
      + sample("Q-2", item("2"))
      + sample("Q-2", item("2")) + sample("Q-3", item("2")) + sample("Q-4", item("2")) + "</抽检数据>"
  }

  /// The key itself may be made of a unit's name.
  static let keyless = """
    序号,受检单位,所在地,产品名称,规格型号,生产日期/批号,抽查结果,主要不合格项目,抽查类别,承检机构,联系人
    1,卓玛才让,城北区,电力电缆,YJV 3×70,2024-01,不合格,导体电阻:≤0.268/0.301,省抽,某院,欧阳探花
    2,卓玛才让,城北区,电力电缆,YJV 3×70,2024-01,合格,导体电阻:≤0.268/0.401,省抽,某院,欧阳探花
    3,扎西农户,城北区,,,,合格,/,省抽,某院,欧阳探花
    4,扎西农户,城北区,电力电缆,\(String(repeating: "9", count: 5000)),2024-02,合格,/,省抽,某院,欧阳探花

    """

  @Test func nobodyIsNamed() throws {
    let store = try ScratchStore()
    let library = try Repository.library.get()
    let csvLayout = try #require(library.pipeline("agriculture")?.layout("items"))
    let xmlLayout = try #require(library.pipeline("market-supervision")?.layout("xml"))
    #expect(!csvLayout.curation.personal.identities.isEmpty && !xmlLayout.curation.personal.names.isEmpty)
    let paths = [
      try store.file("a.csv", Array(PrivacyTests.csv(csvLayout).utf8)),
      try store.file("b.xml", Array(PrivacyTests.xml(xmlLayout).utf8)),
      try store.file("c.csv", Array(PrivacyTests.keyless.utf8)),
    ]
    let outcomes = try importAndKeep(paths, in: store)
    #expect(outcomes.map(\.state) == [.accepted, .accepted, .accepted], "\(outcomes.map(\.refusal))")
    #expect(outcomes.allSatisfy { $0.accounts.rejected > 0 })
    #expect(outcomes[0].accounts.rejected >= 5 && outcomes[1].accounts.rejected >= 3)

    var shown: [(String, String)] = []
    for outcome in outcomes {
      shown.append(("diagnostics", outcome.diagnostics.map { $0.json(file: outcome.path) }.joined()))
      shown.append(("receipt", receipt(outcome)))
    }
    shown += try answers(store)
    shown += try catalogueBytes(store)
    for (what, text) in shown {
      for secret in PrivacyTests.planted where text.contains(secret) {
        let at = text.range(of: secret).map { text[..<$0.lowerBound].suffix(80) + "⟦" + secret + "⟧" } ?? ""
        Issue.record("\(what) shows \(at)")
      }
    }
    // The negative control: what is hidden is there, and is shown on request.
    let raw = try revealed(store)
    for secret in PrivacyTests.planted { #expect(raw.contains(secret), "\(secret) was not even planted") }
    let journal = try OpenStore(store.root).catalogue.journal().filter { $0.entry.kind == "reveal" }
    #expect(journal.count == 1)
    #expect(journal.first?.entry.body.contains("\"reason\":\"核对第 3 行\"") == true)
  }

  // MARK: Outputs

  private func importAndKeep(_ paths: [String], in store: ScratchStore) throws -> [FileOutcome] {
    var options = ImportOptions()
    options.version = "test"
    let run = try ImportRun(store: store.root, library: try Repository.library.get(), options: options)
    var outcomes: [FileOutcome] = []
    for (index, path) in paths.enumerated() {
      var delivery = Delivery(path: path, id: "\(run.id)-00000\(index)")
      delivery.day = "2024-06-01"
      let outcome = try run.take(delivery)
      outcomes.append(outcome)
      let place = run.layout.path(of: outcome.place)
      try FileManager.default.createDirectory(
        atPath: URL(fileURLWithPath: place).deletingLastPathComponent().path, withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: path, toPath: place)
    }
    try run.end("done")
    return outcomes
  }

  private func receipt(_ outcome: FileOutcome) -> String {
    var receipt = Receipt(
      stage: .received, delivery: "d", bureau: ReceiptBureau(code: outcome.bureau),
      file: ReceiptFile(name: PathText.name(of: outcome.path), bytes: outcome.fileBytes, digest: outcome.fileDigest),
      run: "r")
    receipt.rows = outcome.accounts
    receipt.problems = ReceiptProblem.list(counts: outcome.counts, diagnostics: outcome.diagnostics, examples: 1000)
    receipt.stage = Receipt.stage(rows: receipt.rows, problems: receipt.problems)
    return String(decoding: receipt.json + receipt.text, as: UTF8.self)
  }

  /// Every list with every column, every dimension of a rate, in every format.
  private func answers(_ store: ScratchStore) throws -> [(String, String)] {
    let open = try OpenStore(store.root)
    var reports: [(String, Report)] = []
    for kind in ListKind.allCases {
      reports.append(("list \(kind)", try open.list(ListQuery(kind))))
      if kind == .samples {
        let columns = SampleText.allCases.map(\.name) + SamplePlainText.allCases.map(\.name)
        reports.append(("samples, all columns", try open.list(ListQuery(kind, columns: columns))))
      }
      if kind == .items {
        reports.append(("items, all columns", try open.list(ListQuery(kind, columns: ItemText.allCases.map(\.name)))))
      }
    }
    let records = try ArchivedRecords(open.layout, open.catalogue, try Repository.library.get())
    var trace = TraceQuery(RateQuery(by: [Dimension(.year)]), cell: ["*", "*"])
    trace.raw = { try records.texts(at: $0) }
    let raw = try trace.report(on: try open.snapshot())
    try raw.rows { cells in
      // Every row has a person, and somebody has read it again.
      if case .text(let text) = cells[cells.count - 3] {
        #expect(text.contains("*"), "\(text)")
      } else {
        Issue.record("a record is not there: \(cells)")
      }
    }
    reports.append(("trace with records", raw))
    for dimension in ["unit", "producer", "product", "lab", "programme", "district", "category", "section"] {
      reports.append(("rate by \(dimension)", try store.rate(dimension).report()))
    }
    let emitters: [any Emitter] = [
      CSVEmitter(), TSVEmitter(), JSONEmitter(), NDJSONEmitter(), MarkdownEmitter(), TableEmitter(),
    ]
    var texts: [(String, String)] = []
    for (name, report) in reports {
      for emitter in emitters {
        var sink = ByteBuffer()
        try emit(emitter, report, &sink)
        texts.append(("\(name) as \(type(of: emitter))", sink.text))
      }
    }
    return texts
  }

  private func emit(_ emitter: some Emitter, _ report: Report, _ sink: inout ByteBuffer) throws {
    try emitter.emit(report, to: &sink)
  }

  /// The catalogue's files, whatever table or free page something may stand on.
  private func catalogueBytes(_ store: ScratchStore) throws -> [(String, String)] {
    let files = try FileManager.default.contentsOfDirectory(atPath: store.root).filter { $0.hasPrefix("catalogue") }
    #expect(!files.isEmpty)
    return try files.map { ($0, String(decoding: try bytes(of: store.root + "/" + $0), as: UTF8.self)) }
  }

  private func revealed(_ store: ScratchStore) throws -> String {
    let revealer = try RejectRevealer(
      store: store.root, library: try Repository.library.get(), reason: "核对第 3 行", question: "", person: "somebody")
    var query = ListQuery(.rejects)
    query.reveal = { try revealer.text(of: $0, in: $1) }
    var sink = ByteBuffer()
    try CSVEmitter().emit(try OpenStore(store.root).list(query), to: &sink)
    return sink.text
  }
}
