import SpotCheckModel
import SpotCheckPipeline
import Testing

/// Code tables: what they mean, and what is wrong in them.
struct CodeTableFileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var table: String
    var text: String
    var expected: String
    var testDescription: String { expected }
  }

  static let header = "code,name,parent,level,valid_from,valid_to,successors,aliases\n"

  static let cases: [Case] = [
    Case(table: "d", text: "code,nmae\n", expected: "1:6: error: unknown column 'nmae'; did you mean 'name'?"),
    Case(table: "d", text: "code\n1\n", expected: "1:1: error: missing column 'name'"),
    Case(table: "d", text: "code,name,code\n", expected: "1:11: error: duplicate column 'code'"),
    Case(table: "d", text: header + ",甲,,,,,,\n", expected: "2:1: error: an entry has no code"),
    Case(table: "d", text: header + "1,,,,,,,\n", expected: "2:3: error: code '1' has no name"),
    Case(table: "d", text: header + "1,甲,2,,,,,\n", expected: "2:5: error: unknown parent '2'"),
    Case(table: "d", text: header + "1,甲,2,1,,,,\n2,乙,1,2,,,,\n", expected: "2:5: error: '1' is its own ancestor"),
    Case(
      table: "d", text: header + "1,甲,,2,,,,\n2,乙,1,2,,,,\n",
      expected: "3:7: error: level 2 of '2' must be greater than its parent's (2)"),
    Case(table: "d", text: header + "1,甲,,x,,,,\n", expected: "2:6: error: level must be 1 … 32, found 'x'"),
    Case(table: "d", text: header + "1,甲,,,2024-02-30,,,\n", expected: "2:7: error: '2024-02-30' is no date"),
    Case(
      table: "d", text: header + "1,甲,,,2024-02-03,2024-02-03,,\n",
      expected: "2:18: error: valid_to (2024-02-03) must be later"),
    Case(table: "d", text: header + "1,甲,,,,2024-02-03,2,\n", expected: "2:19: error: unknown successor '2' of '1'"),
    Case(
      table: "d", text: header + "1,甲,,,,,2,\n2,乙,,,,,,\n", expected: "2:9: error: '1' has successors but no valid_to"),
    Case(
      table: "d", text: header + "1,甲,,,,2024-02-03,2,\n2,乙,,,,2024-02-04,1,\n",
      expected: "2:19: error: '1' is its own successor"),
    Case(
      table: "d", text: header + "1,甲,,,,2024-02-03,,\n1,乙,,,2024-02-02,,,\n",
      expected: "3:1: error: code '1' is valid twice at one time (also on line 2)"),
    Case(
      table: "d", text: header + "1,甲,,,,,,丙\n2,乙,,,,,,丙\n",
      expected: "3:10: error: the alias '丙' also means '1' (line 2)"),
    Case(
      table: "d", text: header + "1,甲,,,,,,\n2,乙,,,,,,甲\n",
      expected: "3:10: error: the alias '甲' also means '1' (line 2)"),
    Case(table: "d", text: header + "1,甲,,,,,,丙|丙\n", expected: "2:10: error: the alias '丙' is empty or repeated"),
    Case(table: "d", text: header + "1,甲\n", expected: "2:1: error: expected 8 cells, found 2"),
    Case(table: "d", text: header + "1,\"甲,,,,,,\n", expected: "2:3: error: the quotation mark is never closed"),
    Case(table: "d", text: header + "1,\"甲\"x,,,,,,\n", expected: "2:3: error: a quotation mark inside a cell"),
    // A cell of two lines, doubled quotation marks, a character of four bytes: columns count scalars.
    Case(
      table: "d", text: header + "1,\"甲\n\"\"乙\"\"𠮷\",9,,,,,\r\n", expected: "3:9: error: unknown parent '9'"),
    Case(
      table: "verdicts", text: "code,name\npas,合格\n",
      expected: "2:1: error: 'pas' is no word of verdicts; did you mean 'pass'?"),
    Case(
      table: "purposes", text: "code,name,parent\nrisk,风险监测,objectiv\n",
      expected: "2:1: error: 'risk' is no word of purposes"),
    Case(
      table: "units", text: "unit,dimension,exponent\n",
      expected: "1:1: error: the header must be unit,dimension,exponent,aliases"),
    Case(
      table: "units", text: "unit,dimension,exponent,aliases\nmg/kg,m,x,\n",
      expected: "2:9: error: exponent must be -30 … 30, found 'x'"),
    Case(
      table: "units", text: "unit,dimension,exponent,aliases\nmg,m,-3,\nMG,m,-3,\n",
      expected: "3:1: error: 'mg' is already a unit on line 2"),
  ]

  @Test(arguments: cases)
  func problemIsFoundAtItsPlace(_ example: Case) {
    let set = CodeTableSet(files: [(name: example.table + ".csv", bytes: Array(example.text.utf8))], folder: "codes")
    let headlines = set.problems.map(\.headline)
    #expect(headlines.contains { $0.hasPrefix("codes/\(example.table).csv:" + example.expected) }, "\(headlines)")
  }

  @Test func goodTableIsReadWhole() throws {
    let text =
      "\u{FEFF}" + Self.header.replacing("\n", with: "\r\n")
      + "630122,湟中县,630100,,,2020-06-05,630106,\"湟中|\"\"旧\"\"湟中\"\r\n630106,湟中区,630100,,2020-06-05,,,湟中\r\n630100,\"西宁,市\",,,,,,\r\n"
    let file = CodeTableFile(name: "districts", file: "d.csv", bytes: Array(text.utf8))
    #expect(file.problems.isEmpty, "\(file.problems)")
    #expect(file.table.entries.map(\.level) == [2, 2, 1])
    #expect(file.table.entries[0].aliases == ["湟中", "\"旧\"湟中"])
    #expect(file.table.entries[2].name == "西宁,市")
    // The alias is shared by two entries that are never valid on the same day: no clash, and the day decides.
    #expect(file.table.resolve("湟中", on: CalendarDay(iso: "2019-01-01")) == .code("630122"))
    #expect(file.table.resolve("湟中", on: CalendarDay(iso: "2021-01-01")) == .code("630106"))
    #expect(file.table.current("630122") == ["630106"])
  }

  @Test func parentsInOtherTablesAreChecked() {
    let files = [
      ("parks.csv", "code,name,parent\nnc,南川工业园,630106\nx,无主园,999\n"), ("districts.csv", "code,name\n630106,湟中区\n"),
      ("analytes.csv", "code,name,parent\nlead,铅,heavy_metals\n"),
    ].map { (name: $0.0, bytes: Array($0.1.utf8)) }
    let messages = CodeTableSet(files: files, folder: "c").problems.map(\.headline)
    #expect(
      messages == [
        "c/analytes.csv: error: 'lead' has the parent 'heavy_metals', which is not in hazards",
        "c/parks.csv: error: 'x' has the parent '999', which is not in districts",
      ])
  }
}
