import SpotCheckModel
import Testing

@testable import SpotCheckCuration

@Suite struct CodeTests {
  private let resolver = DistrictResolver(districts: XiningCodes.districts, parks: XiningCodes.parks)
  private let in2021 = CalendarDay(iso: "2021-06-01")

  @Test(arguments: [
    ("城东区", "630102"), ("630102", "630102"), ("东区", "630102"), ("大通县", "630121"), ("大通", "630121"),
    ("青海省西宁市城中区南大街1号", "630103"), ("城中区南大街1号", "630103"), ("西宁市大通县桥头镇", "630121"),
    ("青海省西宁市城西区大通路12号", "630104"), ("西宁市湟中区多巴镇", "630106"), ("多巴镇某村", "630106"), ("西宁市", "630100"),
    ("西宁市大通桥头镇", "630121"), ("大通县城关镇", "630121"), ("湟源县城关镇", "630123"), ("青海省西宁市小商品市场城东区", "630102"),
    ("城 东 区", "630102"), ("西宁市生物园区经二路", "630105"), ("甘河工业园区", "630106"), ("西宁经济技术开发区甘河工业园区", "630106"),
  ])
  func addressesAreFound(text: String, code: String) {
    let outcome = resolver.resolve(text, on: in2021)
    #expect(outcome.code == code)
    #expect(!outcome.isUnknown)
  }

  @Test(arguments: [
    "广西柳州市城中区某路", "海东市平安区", "大通路12号", "城关镇", "请选择", "某某区", "广东省深圳市", "格尔木市大通街", "",
    "城东区与城西区交界",
  ])
  func whatIsOpenStaysUnresolved(text: String) {
    let outcome = resolver.resolve(text, on: in2021)
    #expect(outcome.isUnknown)
    #expect(outcome.code == "?")
  }

  @Test func codesAreDated() {
    let later = resolver.resolve("湟中县", on: in2021)
    #expect(later == CodeOutcome(code: "630106", isRetired: true))
    #expect(resolver.resolve("630122", on: in2021) == CodeOutcome(code: "630106", isRetired: true))
    #expect(resolver.resolve("青海省西宁市湟中县鲁沙尔镇", on: in2021).code == "630106")
    #expect(resolver.resolve("湟中县", on: CalendarDay(iso: "2018-06-01")) == CodeOutcome(code: "630122"))
    #expect(resolver.resolve("湟中县", on: CalendarDay(iso: "1990-06-01")) == CodeOutcome(code: "632124"))
    // A name that is younger than the sample: as it was then.
    #expect(resolver.resolve("湟中区", on: CalendarDay(iso: "2018-06-01")) == CodeOutcome(code: "630122", isRetired: true))
  }

  @Test func parksBringTheirDistrict() {
    #expect(resolver.resolve("东川工业园", on: in2021) == CodeOutcome(code: "630102", park: "630102400"))
    #expect(resolver.resolve("西宁市城东区东川工业园区3号", on: in2021) == CodeOutcome(code: "630102", park: "630102400"))
    #expect(resolver.resolve("城西区东川工业园区驻地", on: in2021) == CodeOutcome(code: "630104"))
  }

  @Test func pathsTellEqualNamesApart() {
    let table = CodeTable(
      name: "categories",
      entries: [
        CodeEntry(code: "1", name: "蔬菜"), CodeEntry(code: "2", name: "水果"),
        CodeEntry(code: "19", name: "其他", parent: "1", level: 2),
        CodeEntry(code: "29", name: "其他", parent: "2", level: 2), CodeEntry(code: "3", name: "食用油、油脂及其制品"),
      ])
    let mapper = CodeMapper(table: table)
    #expect(mapper.map(path: ["水果", "其他"], on: nil).code == "29")
    #expect(mapper.map(path: ["蔬菜", "其他"], on: nil).code == "19")
    #expect(mapper.map(path: ["", "其他"], on: nil) == .ambiguous)
    #expect(mapper.map(path: ["水果", "没有这个"], on: nil).code == "2")
    #expect(mapper.map(path: ["食用油、油脂及其制品", ""], on: nil).code == "3")
    #expect(mapper.map(path: ["没有"], on: nil) == .unknown)
  }
}
