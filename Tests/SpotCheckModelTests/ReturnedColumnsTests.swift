import SpotCheckModel
import Testing

@Suite("Columns of returned rows")
struct ReturnedColumnsTests {
  @Test("they are found with any blank around and in them, the last of each name, and nothing else is taken for one")
  func blanks() {
    let blanks = [
      "", " ", "\t", "\r\n", "\u{85}", "\u{A0}", "\u{1680}", "\u{2003}", "\u{2028}", "\u{3000}", "\u{FEFF}",
    ]
    for before in blanks {
      for inside in blanks {
        let cells = ReturnedColumns.names.map { before + $0.prefix(1) + inside + $0.dropFirst() + before }
        let found = ReturnedColumns.find(in: ["抽样编号"] + ReturnedColumns.names + ["", "备注"] + cells)
        #expect(
          found == Dictionary(uniqueKeysWithValues: zip(ReturnedColumns.names, 8...12)), "\(before.debugDescription)")
        #expect(ReturnedColumns.find(in: Array(cells.dropLast())) == nil)
      }
    }
    let others = ReturnedColumns.names.dropLast() + ["原布局x", "原布", "x原布局", "原布局\u{301}"]
    #expect(ReturnedColumns.find(in: Array(others)) == nil)
  }
}
