import Foundation
import SpotCheckModel
import SpotCheckReceipts
import Testing

@Suite struct ReceiptTests {
  static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("samples/receipts")

  private func text(_ receipt: Receipt) -> String { String(decoding: receipt.text, as: UTF8.self) }

  @Test func everyStageFitsThePublishedSchema() throws {
    let schema = try SmallSchema(
      try Data(contentsOf: ReceiptTests.samples.appendingPathComponent("receipt.schema.json")))
    var receipts = [
      ReceiptFixture.received(), ReceiptFixture.partlyAccepted(), ReceiptFixture.rejected(), ReceiptFixture.duplicate(),
    ]
    for stage in ReceiptStage.allCases {
      var receipt = ReceiptFixture.partlyAccepted()
      receipt.stage = stage
      receipts.append(receipt)
    }
    for receipt in receipts { #expect(try schema.faults(Data(receipt.json)) == []) }
  }

  /// The validator itself must be able to say no.
  @Test func theSchemaRefusesWhatIsNoReceipt() throws {
    let schema = try SmallSchema(
      try Data(contentsOf: ReceiptTests.samples.appendingPathComponent("receipt.schema.json")))
    let good = String(decoding: ReceiptFixture.partlyAccepted().json, as: UTF8.self)
    for (old, new) in [
      ("\"stage\": \"partly_accepted\"", "\"stage\": \"maybe\""), ("\"attempt\": 1", "\"attempt\": 0"),
      ("\"read\": 12011", "\"read\": \"12011\""), ("\"program\":", "\"programme\":"), ("+08:00", "Z"),
    ] {
      let bad = good.replacingOccurrences(of: old, with: new)
      #expect(bad != good)
      #expect(try schema.faults(Data(bad.utf8)) != [])
    }
  }

  /// What a bureau may build upon, byte for byte.
  @Test func thePublishedExamplesAreWhatIsWritten() throws {
    let receipt = ReceiptFixture.partlyAccepted()
    let files: [(String, [UInt8])] = [
      ("partly-accepted.json", receipt.json), ("partly-accepted.txt", receipt.text),
      ("refused-rows.csv", ReceiptFixture.table().csv),
    ]
    for (name, bytes) in files {
      let url = ReceiptTests.samples.appendingPathComponent(name)
      if ProcessInfo.processInfo.environment["SPOTCHECK_REGENERATE"] != nil { try Data(bytes).write(to: url) }
      #expect(try Data(contentsOf: url) == Data(bytes), "\(name) is not what is written")
    }
  }

  @Test func theTextSaysResultRowsProblemsAndWhatIsNext() {
    let text = text(ReceiptFixture.partlyAccepted())
    for part in [
      "结　　果：部分受理", "西宁市农业农村局（nyncj）", "2024-04-01 08:00:00", "读入      12,011", "拒收           4",
      "计入：1,200 个样品，11,998 个检验项目（合格 1,150，不合格 30，不判定 20）", "请用 Excel 打开“2024年一季度例行监测.csv.gz~",
      "【拒收】必填项为空：4 处（CELL_REQUIRED）", "第 40 行，“抽样编号”列：缺少抽样编号", "另有 1,197 处", ReceiptFixture.digest,
    ] {
      #expect(text.contains(part), "missing: \(part)")
    }
    // A title above the header is nobody's fault.
    #expect(!text.contains("CSV_TITLE_ROW"))
    #expect(text.hasPrefix("\u{FEFF}"))
    #expect(text.utf8.count { $0 == 0x0A } == text.utf8.count { $0 == 0x0D })
  }

  @Test func aRefusedFileSaysWhyAndThatAllOfItIsToBeDelivered() {
    let text = text(ReceiptFixture.rejected())
    #expect(text.contains("结　　果：未受理"))
    #expect(text.contains("原　　因：记录值 1，实际 2（GZ_CRC）"))
    #expect(text.contains("将整个文件重新报送"))
    #expect(text.contains("文件传输中损坏，请重新上传"))
    #expect(!text.contains("计入："))
    #expect(self.text(ReceiptFixture.duplicate()).contains("先前报送：一季度.csv（批号 17，2024-04-01 08:00:00）"))
    #expect(self.text(ReceiptFixture.received()).contains("暂无需处理"))
  }

  @Test func stageFollowsFromTheCounts() {
    #expect(Receipt.stage(rows: RowAccounts(read: 1, accepted: 1), problems: []) == .accepted)
    let note = ReceiptProblem.list(counts: [.csvTitleRow: 1], diagnostics: [])
    #expect(Receipt.stage(rows: RowAccounts(read: 1, accepted: 1), problems: note) == .accepted)
    let warning = ReceiptProblem.list(counts: [.codeUnknownDistrict: 1], diagnostics: [])
    #expect(Receipt.stage(rows: RowAccounts(read: 1, accepted: 1), problems: warning) == .acceptedWithWarnings)
    #expect(Receipt.stage(rows: RowAccounts(read: 1, rejected: 1), problems: []) == .partlyAccepted)
  }

  @Test func problemsAreGraveFirstCappedAndMasked() throws {
    let problems = ReceiptProblem.list(counts: ReceiptFixture.counts, diagnostics: ReceiptFixture.diagnostics)
    #expect(problems.map(\.code) == ["CELL_REQUIRED", "CODE_UNKNOWN_DISTRICT", "CSV_TITLE_ROW"])
    #expect(problems.map(\.count) == [4, 1200, 1])
    #expect(problems[1].examples.map(\.line) == [10, 11, 12, 13, 14])
    let all =
      String(decoding: ReceiptFixture.partlyAccepted().json, as: UTF8.self) + text(ReceiptFixture.partlyAccepted())
    #expect(!all.contains("13912345678"))
    #expect(all.contains("139******78"))
  }

  /// Names of files come from outside.
  @Test func nothingDeliveredEscapesIntoTheText() {
    var receipt = ReceiptFixture.received()
    receipt.file.name = "a\u{1B}[31m\r\n结果：已受理\u{202E}.csv"
    let lines = text(receipt).components(separatedBy: "\r\n")
    #expect(lines.contains { $0.contains("a[31m  结果：已受理.csv") })
    #expect(!text(receipt).unicodeScalars.contains("\u{1B}"))
    #expect(String(decoding: receipt.json, as: UTF8.self).contains("\\u001b[31m\\r\\n"))
  }
}
