import SpotCheck
import Testing

@testable import SpotCheckQuery

/// What is offered while a filter is typed can stand there.
@Suite struct FilterWordsTests {
  private let tables: StoredCodeTables = [
    "districts": CodeTable(
      name: "districts",
      entries: [
        CodeEntry(code: "630102", name: "城东区"), CodeEntry(code: "630106", name: "湟中区"),
        CodeEntry(code: "630122", name: "湟中县", validTo: CalendarDay(iso: "2020-07-22")),
        CodeEntry(code: "9", name: "生物 \"园区\" (东)"), CodeEntry(code: "8", name: "城东区"),
      ])
  ]

  @Test func whatIsOfferedIsRead() throws {
    #expect(FilterWords.columns.contains("district") && FilterWords.columns.contains("区县"))
    #expect(!FilterWords.columns.contains("sample_district"))
    var offered = 0
    for column in FilterWords.columns {
      for value in FilterWords.values(of: column, tables: tables) {
        offered += 1
        #expect(throws: Never.self, "\(column) = \(value)") { try Filter("\(column) = \(value)") }
      }
    }
    #expect(offered > 40)
  }

  @Test func namesThenCodesOfToday() {
    let written = ["城东区", "湟中区", "\"生物 \"\"园区\"\" (东)\"", "630102", "630106", "9", "8"]
    for column in ["district", "区县", "producer_district"] {
      #expect(FilterWords.values(of: column, tables: tables) == written, "\(column)")
    }
    #expect(FilterWords.values(of: "purpose", tables: [:]).contains("监督抽检"))
    #expect(FilterWords.values(of: "flag", tables: [:]).contains("contradiction"))
    #expect(FilterWords.values(of: "product", tables: tables).isEmpty)
    #expect(FilterWords.values(of: "nonsense", tables: tables).isEmpty)
  }
}
