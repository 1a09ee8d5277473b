import SpotCheckModel
import SpotCheckReceipts

/// Receipts of every stage, as a run would make them.
enum ReceiptFixture {
  static let digest = String(repeating: "0123456789abcdef", count: 4)
  static let time = TimeStamp(milliseconds: 1_711_929_600_123)

  static func received() -> Receipt {
    Receipt(
      stage: .received, delivery: "20240401T080000-000001",
      bureau: ReceiptBureau(code: "nyncj", name: "西宁市农业农村局"),
      file: ReceiptFile(name: "2024年一季度例行监测.csv.gz", bytes: 1_234_567, digest: digest), run: "20240401T080000",
      received: time)
  }

  static func partlyAccepted() -> Receipt {
    var receipt = received()
    receipt.file.payloadDigest = String(digest.reversed())
    receipt.file.payloadBytes = 9_876_543
    receipt.decided = TimeStamp(milliseconds: 1_711_929_605_000)
    receipt.program = "spotcheck 0.4.0"
    receipt.layout = "agriculture/items"
    receipt.revision = digest
    receipt.batch = 17
    receipt.snapshot = 12
    receipt.rows = RowAccounts(
      read: 12_011, accepted: 12_000, rejected: 4, duplicate: 2, blank: 5,
      blankByKind: ["title": 2, "header": 1, "blank": 2])
    receipt.samples = 1200
    receipt.items = 11_998
    receipt.superseded = 3
    receipt.sampleAccounts = SampleAccounts(samples: 1200, [.passed: 1150, .failed: 30, .undetermined: 20])
    receipt.problems = ReceiptProblem.list(counts: counts, diagnostics: diagnostics)
    receipt.stage = Receipt.stage(rows: receipt.rows, problems: receipt.problems)
    receipt.refusedRowsFile = "2024年一季度例行监测.csv.gz~20240401T080000-000001.rejects.csv"
    receipt.place = "archive/2024/04/01/01234567-2024年一季度例行监测.csv.gz"
    receipt.journalHead = digest
    return receipt
  }

  static func rejected() -> Receipt {
    var receipt = received()
    receipt.stage = .rejected
    receipt.decided = time
    receipt.refusal = ReceiptRefusal(Diagnostic(.gzipCRC, at: .file, "stored 1, computed 2", zh: "记录值 1，实际 2"))
    receipt.problems = ReceiptProblem.list(counts: [.gzipCRC: 1], diagnostics: [])
    receipt.place = "quarantine/GZ_CRC/2024-04-01/01234567-a.csv.gz"
    return receipt
  }

  static func duplicate() -> Receipt {
    var receipt = received()
    receipt.stage = .duplicate
    receipt.decided = time
    receipt.batch = 18
    receipt.earlier = ReceiptEarlier(batch: 17, name: "一季度.csv", imported: time)
    receipt.problems = ReceiptProblem.list(counts: [.fileDuplicate: 1], diagnostics: [])
    return receipt
  }

  static let counts: [DiagnosticCode: Int] = [.cellRequired: 4, .codeUnknownDistrict: 1200, .csvTitleRow: 1]

  static let diagnostics: [Diagnostic] =
    (0..<7).reversed().map { index in
      Diagnostic(
        .codeUnknownDistrict,
        at: SourcePosition(line: 10 + index, byteOffset: 100 * index, field: 9, fieldName: "受检单位所在县区"),
        "not in the table: 某新区 13912345678", zh: "代码表中没有“某新区 13912345678”")
    } + [
      Diagnostic(
        .cellRequired, at: SourcePosition(line: 40, byteOffset: 4000, field: 0, fieldName: "抽样编号"),
        "the sampling number is missing", zh: "缺少抽样编号")
    ]

  static func table() -> RefusedRowsTable {
    RefusedRowsTable(
      layout: "agriculture/items", header: ["抽样编号", "样品名称", "检测结果"],
      rows: [
        RefusedRow(.layout, cells: ["城东区"], line: 2),
        RefusedRow(
          .refused([
            RefusedReason(Diagnostics.missing), RefusedReason(Diagnostics.missing),
            RefusedReason(code: "CELL_LENGTH", message: "内容过长", remedy: "请缩短"),
          ]), cells: ["", "=HYPERLINK(\"x\")", "-0.5", "多出"], line: 3),
        RefusedRow(.carried, cells: ["A-1", "豆，\"干\",\n片", "0012"], line: 4),
      ])
  }

  enum Diagnostics {
    static let missing = Diagnostic(
      .cellRequired, at: SourcePosition(line: 3, byteOffset: 30, field: 0, fieldName: "抽样编号"), "missing", zh: "缺少抽样编号")
  }
}
