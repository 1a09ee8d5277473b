import SpotCheckModel
import SpotCheckReceipts
import Testing

@Suite struct RefusedRowsTableTests {
  @Test func deliveredCellsThenOurColumns() {
    let text = String(decoding: ReceiptFixture.table().csv, as: UTF8.self)
    let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).map { String($0) }
    #expect(lines.first == "\u{FEFF}抽样编号,样品名称,检测结果,,拒收代码,拒收原因,修改建议,原行号,原布局")
    #expect(lines[1] == "城东区,,,,,,,,")
    #expect(
      lines[2]
        == ",\"'=HYPERLINK(\"\"x\"\")\",-0.5,多出,CELL_REQUIRED；CELL_LENGTH,“抽样编号”：缺少抽样编号；内容过长,"
        + "\(DiagnosticCode.cellRequired.text.remedyZh)；请缩短,3,agriculture/items")
    #expect(lines[3] == "A-1,\"豆，\"\"干\"\",\n片\",'0012,,随附,,,4,agriculture/items")
    #expect(lines[4] == "")
    #expect(ReceiptFixture.table().refusedCount == 1)
  }

  @Test func theHeaderIsKnownAgain() {
    let header = ["抽样编号", "\u{FEFF}拒收代码", " 拒收原因", "修改建议", "原行号 ", "原布局", "原布局"]
    // Ours stand last, whatever a bureau calls its own.
    #expect(ReturnedColumns.find(in: header)?["原布局"] == 6)
    #expect(ReturnedColumns.find(in: header)?["拒收代码"] == 1)
    #expect(ReturnedColumns.find(in: Array(header.prefix(5))) == nil)
    #expect(ReturnedColumns.find(in: []) == nil)
  }
}

@Suite struct SpreadsheetGuardTests {
  @Test(arguments: [
    "=1+1", "+86", "-a", "@x", "\tx", "\r", "＝1", " =cmd|' /C calc'!A0", "－x", "+5", "007", "6901234567892", "1E5",
    "3-4",
    "10/11", "-", "--", "+", ".5", "5.", "'x", "'", "''=x", "'007",
  ])
  func guardedAndBack(_ text: String) {
    #expect(SpreadsheetGuard.guarded(text) == "'" + text)
    #expect(SpreadsheetGuard.unguarded("'" + text) == text)
  }

  @Test(arguments: [
    "", "-1250.5", "0", "0.05", "12345678901", "2024-03-05", "2024/3/5", "合格", "<0.01", "≤5", "a=b", "A-1", "1,5", "x'",
    "3-4-5",
    "10-12345", "-0.5", "ND",
  ])
  func leftAlone(_ text: String) {
    #expect(SpreadsheetGuard.guarded(text) == text)
    #expect(SpreadsheetGuard.unguarded(text) == text)
  }
}
