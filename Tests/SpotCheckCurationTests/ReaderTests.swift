import SpotCheckModel
import Testing

@testable import SpotCheckCuration

@Suite struct ReaderTests {
  private let units = UnitConversion(UnitTable(entries: []))

  // MARK: Dates

  @Test(arguments: [
    ("2021-5-1", "2021-05-01"), ("2021/5/1", "2021-05-01"), ("2021.08.07", "2021-08-07"), ("2021年5月1日", "2021-05-01"),
    ("20200609", "2020-06-09"), ("2020/9/30", "2020-09-30"), ("2021-05-01 00:00:00", "2021-05-01"),
    ("2021-05-01T23:59:59Z", "2021-05-01"), ("2021-05-01T23:30:00+08:00", "2021-05-01"), ("２０２５．７．２４", "2025-07-24"),
    ("购进日期:2021-05-01", "2021-05-01"), ("购进日期：2021年5月1日", "2021-05-01"), (" 2021 - 05 - 01\u{A0}", "2021-05-01"),
    ("2024-02-29", "2024-02-29"), ("20210501120000", "2021-05-01"), ("2021/05/01 下午3时", "2021-05-01"),
    ("2021-05-01（星期六）", "2021-05-01"), ("2021年 5月 1日", "2021-05-01"), ("2021\u{200B}-05-01", "2021-05-01"),
  ])
  func datesAreRead(text: String, day: String) {
    #expect(DateReader.read(text) == DateReading(day: CalendarDay(iso: day), note: nil))
  }

  @Test(arguments: [
    "2021-02-30", "2021-13-01", "2021-04-31", "2021-5", "2021年5月", "2021", "21-5-1", "0021-05-01", "/", "无",
    "2021-05-01A7",
    "2021-05-012", "2021-05/01", "批号20", "99999999", "1234", "12345", "70000", "2021-00-10", "2021-01-00",
    "9999999999999999999999",
  ])
  func impossibleDatesAreNoDates(text: String) {
    let reading = DateReader.read(text)
    #expect(reading.day == nil)
    #expect(reading.note?.code == .cellDate)
  }

  @Test func spreadsheetSerialsAreConvertedAndReported() {
    // 43831 is the first of January 2020, 44197 that of 2021, in every spreadsheet program.
    #expect(DateReader.read("43831").day == CalendarDay(iso: "2020-01-01"))
    #expect(DateReader.read("44197").day == CalendarDay(iso: "2021-01-01"))
    #expect(DateReader.read("42758").day == CalendarDay(iso: "2017-01-23"))
    #expect(DateReader.read("44197.5").day == CalendarDay(iso: "2021-01-01"))
    #expect(DateReader.read("44197").note?.code == .cellExcelDate)
    #expect(DateReader.read("19999").day == nil)
    #expect(DateReader.read("60001").day == nil)
  }

  @Test func orderOfDayAndMonthIsThePlans() {
    #expect(DateReader.read("05/03/2024", order: .dayFirst).day == CalendarDay(iso: "2024-03-05"))
    #expect(DateReader.read("05/03/2024", order: .monthFirst).day == CalendarDay(iso: "2024-05-03"))
    #expect(DateReader.read("31/12/2019", order: .dayFirst).day == CalendarDay(iso: "2019-12-31"))
    #expect(DateReader.read("31/12/2019", order: .monthFirst).day == nil)
    #expect(DateReader.read("05/03/24", order: .dayFirst).day == nil)
    #expect(DateReader.read("05/03/2024").day == nil)
  }

  @Test func everyDayOfACenturyIsReadBack() {
    for number in stride(from: Int32(-10_000), to: 30_000, by: 37) {
      let day = CalendarDay(daysSinceEpoch: number)
      #expect(DateReader.read(day.description).day == day)
      let (year, month, date) = day.civil
      #expect(DateReader.read("\(year)年\(month)月\(date)日").day == day)
    }
  }

  // MARK: Decimals

  @Test(arguments: [
    ("0.05", 5, 2), ("0.050", 50, 3), ("-1.5", -15, 1), ("+3", 3, 0), ("1,234.5", 12345, 1),
    ("1,234,567", 1_234_567, 0),
    ("1E3", 1000, 0), ("6.93E-05", 693, 7), ("1.9×10^5", 190_000, 0), ("1.9×10⁵", 190_000, 0), ("2×10⁻³", 2, 3),
    ("０．０５", 5, 2), (".5", 5, 1), ("5.", 5, 0), ("1.9x10^5", 190_000, 0), ("−2", -2, 0), ("0", 0, 0), ("000", 0, 0),
    ("0.050000000000000003", 5, 2), ("0.30000000000000004", 3, 1), ("0.29999999999999999", 3, 1),
  ])
  func decimalsAreExact(text: String, mantissa: Int, scale: Int) {
    #expect(DecimalReader.read(text) == ExactDecimal(mantissa: Int64(mantissa), scale: Int8(scale)))
  }

  @Test(arguments: [
    "", "abc", "1.2.3", "1.9×105", "99999999999999999999", "1E99", "1E-40", "1,23", "0,05", "--1", "1 2", "∞", "1e",
    "×10^5",
  ])
  func whatIsNoNumberIsNone(text: String) { #expect(DecimalReader.read(text) == nil) }

  @Test func plainDecimalsAgreeWithTheGeneralReader() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<2000 {
      var text = String(Int.random(in: 0..<1_000_000, using: &generator))
      if Bool.random(using: &generator) { text += "." + String(Int.random(in: 0..<10_000, using: &generator)) }
      let bytes = Array(text.utf8)
      #expect(DecimalReader.plain(bytes.span) == DecimalReader.read(text))
    }
  }

  // MARK: Results

  @Test(arguments: [
    "未检出", "ND", "N.D.", "nd", "Ｎ．Ｄ．", "<LOD", "<LOQ", "＜LOQ", "BPQL", "阴性", "阴性(−)", "未检出（＜LOD）", "Not Detected",
  ])
  func nonDetectsAreNeverZero(text: String) {
    let reading = ResultReader(units: units).read(text)
    #expect(reading.qualifier == .notDetected)
    #expect(reading.value == nil)
  }

  @Test(arguments: [
    ("未检出(<0.01)", "0.01", ""), ("未检出(检出限: 0.01 mg/kg)", "0.01", "mg/kg"), ("未检出（检出限：0.01mg/kg）", "0.01", "mg/kg"),
    ("ND<0.02", "0.02", ""), ("N.D.(LOD=0.5 μg/kg)", "0.5", "μg/kg"), ("未检出（定量限0.05）", "0.05", ""),
  ])
  func detectionLimitsAreFound(text: String, limit: String, unit: String) {
    let reading = ResultReader(units: units).read(text)
    #expect(reading.qualifier == .notDetected)
    #expect(reading.value == nil)
    #expect(reading.detectionLimit?.description == limit)
    #expect(reading.unit == unit)
  }

  @Test(arguments: [
    ("<0.01", Qualifier.below, "0.01", ""), ("＜0.01", .below, "0.01", ""), ("0.05mg/kg", .equal, "0.05", "mg/kg"),
    ("0.05 mg/kg", .equal, "0.05", "mg/kg"), (">100", .above, "100", ""), ("0.053±0.002", .equal, "0.053", ""),
    ("≤0.5", .below, "0.5", ""), ("1,900", .equal, "1900", ""), ("1.9×10^5CFU/g", .equal, "190000", "CFU/g"),
    ("1.9×10⁵ CFU/g", .equal, "190000", "CFU/g"), ("12%", .equal, "12", "%"), ("6.9E-05", .equal, "0.000069", ""),
    ("小于0.01", .below, "0.01", ""), ("0", .equal, "0", ""), ("０．０５", .equal, "0.05", ""),
  ])
  func measurementsAreRead(text: String, qualifier: Qualifier, value: String, unit: String) {
    let reading = ResultReader(units: units).read(text)
    #expect(reading.qualifier == qualifier)
    #expect(reading.value?.description == value)
    #expect(reading.unit == unit)
    #expect(reading.notes.isEmpty)
  }

  @Test func lostSuperscriptsAreNotBelieved() {
    let one = ResultReader(units: units).read("1.9×105CFU/g")
    #expect(one.value == nil)
    #expect(one.flags == .lostSuperscript)
    #expect(one.notes.map(\.code) == [.cellSuperscript])
    let five = ResultReader(units: units).read("1.9×105CFU/g,4.9×105CFU/g,2.4×105CFU/g,1.8×105CFU/g,1.2×104CFU/g")
    #expect(five.list.count == 5)
    #expect(five.flags == .lostSuperscript)
    #expect(five.notes.map(\.code) == [.cellSuperscript])
  }

  @Test func listsAreKeptForThePlan() {
    let list = ResultReader(units: units).read("<10,<10，20、未检出;1.5×10^2")
    #expect(list.list.map(\.qualifier) == [.below, .below, .equal, .notDetected, .equal])
    #expect(list.list.map { $0.value?.description } == ["10", "10", "20", nil, "150"])
    #expect(list.value == nil)
  }

  @Test func textsAndDamage() {
    let reader = ResultReader(units: units)
    #expect(reader.read("符合").conclusion == .conforms)
    #expect(reader.read("不符合").conclusion == .doesNot)
    #expect(reader.read("不符合 GB 7718-2011 条款").conclusion == .doesNot)
    #expect(reader.read("合格").conclusion == .conforms)
    #expect(reader.read("不合格").conclusion == .doesNot)
    // 合格 and 符合 inside another text say nothing.
    #expect(reader.read("纯监测不判定合格样品").conclusion == nil)
    #expect(reader.read("标签不合格之处").conclusion == nil)
    #expect(reader.read("阳性").qualifier == .detected)
    #expect(reader.read("检出").qualifier == .detected)
    #expect(reader.read("#N/A").flags == .spreadsheetDamage)
    #expect(reader.read("######").flags == .spreadsheetDamage)
    #expect(reader.read("5月1日").flags == .spreadsheetDamage)
    #expect(reader.read("0.050000000000000003").value?.description == "0.05")
    #expect(reader.read("0.050000000000000003").flags == .spreadsheetDamage)
    #expect(reader.read("0,05").notes.map(\.code) == [.cellNumber] || reader.read("0,05").value == nil)
    #expect(reader.read("NDMA 0.1").qualifier == .text)
    #expect(reader.read("").qualifier == .none)
  }

  // MARK: Limits

  @Test(arguments: [
    ("≤0.5", LimitOperator.atMost, "", "0.5"), ("≦0.5", .atMost, "", "0.5"), ("＜0.5", .lessThan, "", "0.5"),
    ("≥1", .atLeast, "1", ""), ("≧1", .atLeast, "1", ""), (">1", .greaterThan, "1", ""), ("不大于0.2", .atMost, "", "0.2"),
    ("不超过0.2mg/kg", .atMost, "", "0.2"), ("至多5", .atMost, "", "5"), ("不小于90%", .atLeast, "90", ""),
    ("不低于 90", .atLeast, "90", ""), ("至少3", .atLeast, "3", ""), ("6.0～8.5", .between, "6.0", "8.5"),
    ("6.0-8.5", .between, "6.0", "8.5"), ("6.0—8.5", .between, "6.0", "8.5"), ("6.0－8.5", .between, "6.0", "8.5"),
    ("100±5", .between, "95", "105"), ("0.5±0.05", .between, "0.45", "0.55"), ("0.5", .atMost, "", "0.5"),
    ("0.1*", .atMost, "", "0.1"), ("不得检出", .mustNotBeDetected, "", ""), ("不得使用", .mustNotBeDetected, "", ""),
    ("不得添加", .mustNotBeDetected, "", ""), ("不得检出/25g", .mustNotBeDetected, "", ""), ("N.S.", .none, "", ""),
    ("无", .none, "", ""), ("—", .none, "", ""), ("符合标准", .text, "", ""), ("应符合GB 2763", .text, "", ""),
    ("≥6.0,≤8.5", .between, "6.0", "8.5"), ("≤0.5（以Pb计）", .atMost, "", "0.5"), ("≤ 0.5 mg/kg", .atMost, "", "0.5"),
    ("n=5,c=2,m=1000,M=10000", .plan, "1000", "10000"), ("n=5，c=0，m=0/25g", .plan, "0", "0"),
    ("n=5,c=2,m=10^3CFU/g,M=10^4CFU/g", .plan, "1000", "10000"), ("<=10", .atMost, "", "10"),
    ("2mg/kg", .atMost, "", "2"),
  ])
  func limitsAreRead(text: String, kind: LimitOperator, low: String, high: String) {
    let reading = LimitReader(units: units).read(text)
    #expect(reading.kind == kind)
    #expect(reading.low?.description ?? "" == low)
    #expect(reading.high?.description ?? "" == high)
    #expect(reading.notes.isEmpty)
    #expect(reading.flags.contains(.limitAtDetermination) == text.contains("*"))
  }

  @Test(arguments: ["0.5以下或协商", "≤10×105", "1月2日", "8.5-6.0", "0,05", "≤abc1", "≤大概"])
  func unreadableLimitsAreReported(text: String) {
    let reading = LimitReader(units: units).read(text)
    #expect(reading.flags == .unreadLimit)
    #expect(reading.notes.map(\.code) == [.cellLimit])
  }

  @Test func bareNumbersInTheLowerColumnAreMinima() {
    #expect(LimitReader(units: units).read("5", isLowerBound: true).kind == .atLeast)
    #expect(LimitReader(units: units).read("≤5", isLowerBound: true).kind == .atMost)
  }

  // MARK: Units

  @Test func unitsConvertByPowersOfTenOnly() {
    func step(_ from: String, _ to: String) -> UnitConversion.Step {
      UnitConversion.step(from: units.read(from), to: units.read(to))
    }
    #expect(step("μg/kg", "mg/kg") == .power(-3))
    #expect(step("µg/kg", "mg/kg") == .power(-3))
    #expect(step("ug/kg", "ＭＧ/ＫＧ") == .power(-3))
    #expect(step("mg/kg", "mg/kg") == .same)
    #expect(step("", "mg/kg") == .same)
    #expect(step("mg/L", "mg/kg") == .none)
    #expect(step("箱", "箱") == .same)
    #expect(step("箱", "mg/kg") == .none)
  }

  // MARK: Identifiers

  @Test func checkDigits() {
    for code in [
      "91310115591693856A", "91110108551385082Q", "91440300708461136T", "91110000802100433B", "9144030071526726XG",
      "91330100799655058B",
    ] { #expect(Identifiers.checkEnterprise(code) == .valid) }
    #expect(Identifiers.checkEnterprise("91310115MA1G4L1WXK") == .wrongCheckDigit)
    for code in ["D2143569-X", "D2143569X", "71526726X", "799655058", "802100433"] {
      #expect(Identifiers.checkEnterprise(code) == .valid)
    }
    #expect(Identifiers.checkEnterprise("D2143569-1") == .wrongCheckDigit)
    #expect(Identifiers.checkArticle("6901234567892") == .valid)
    #expect(Identifiers.checkArticle("6901234567891") == .wrongCheckDigit)
    #expect(Identifiers.checkEnterprise("11010519491231002X") == .valid)
    #expect(Identifiers.checkEnterprise("SC10663010200017") == .valid)
    #expect(Identifiers.checkEnterprise("ABC") == .unknownForm)
  }

  @Test func oneChangedDigitIsNoticed() {
    let good = Array("91110000802100433B".utf8)
    for index in 0..<17 {
      var bad = good
      bad[index] = bad[index] == 0x39 ? 0x30 : 0x39
      if bad == good { continue }
      #expect(!Identifiers.isCreditCode(bad))
    }
    var registration = Array("63010000000001".utf8)
    let valid = (0...9).filter { Identifiers.isRegistrationNumber(registration + [UInt8(0x30 + $0)]) }
    #expect(valid.count == 1)
    registration[3] = 0x35
    #expect((0...9).filter { Identifiers.isRegistrationNumber(registration + [UInt8(0x30 + $0)]) } != valid)
  }

  @Test func spreadsheetRuinsAreSeen() {
    #expect(Identifiers.isScientific("6.93217E+12"))
    #expect(Identifiers.isScientific("6.3E+18"))
    #expect(!Identifiers.isScientific("SC21630000344530016"))
    #expect(!Identifiers.isScientific("1E2345"))
    #expect(Identifiers.isFormula("=cmd|' /C calc'!A0"))
    #expect(!Identifiers.isFormula("-"))
    #expect(!Identifiers.isFormula("-5"))
    #expect(Identifiers.unwrapped("=\"0123\"") == "0123")
  }

  // MARK: Names

  @Test(arguments: [
    ("黄曲霉毒素Bl", "黄曲霉毒素B1"), ("黄曲霉毒素BI", "黄曲霉毒素B1"), ("黄曲霉毒素B₁", "黄曲霉毒素B1"), ("黄曲霉毒素Ｂ１", "黄曲霉毒素B1"),
    ("二氧化硫残 留量", "二氧化硫残留量"), ("铝的残留量（干样品，以Al计）", "铝的残留量(干样品,以Al计)"), ("铅(mg/kg)", "铅"), ("铅mg/kg", "铅"),
    ("2,4-滴", "2,4-滴"), ("captan (sum)", "captan (sum)"), ("Al", "Al"), ("镉(以Cd计)(mg/kg)", "镉(以Cd计)"),
  ])
  func analyteNames(text: String, name: String) { #expect(AnalyteNames.normalise(text, units: units) == name) }

  // MARK: Hostile

  @Test func randomTextsNeverTrap() {
    var generator = SeededGenerator(seed: 42)
    let alphabet = Array(
      "0123456789.,-+eE×^⁵⁻10<>≤≥=~～—±*()（）未检出ND不得大于n=c=mMμg/kg年月日║|；{} \u{0}\u{FEFF}\u{1F600}%#".unicodeScalars)
    let results = ResultReader(units: units)
    let limits = LimitReader(units: units)
    let template = CombinedTemplate("{analyte} {value} (MRL = {limit})")
    let combined = CombinedReader(plan: CombinedPlan(), placeholders: [])
    for _ in 0..<4000 {
      var view = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0..<40, using: &generator) {
        if let scalar = alphabet.randomElement(using: &generator) { view.append(scalar) }
      }
      let text = String(view)
      _ = results.read(text)
      _ = results.values(text)
      _ = limits.read(text)
      _ = DateReader.read(text)
      _ = DecimalReader.read(text)
      _ = template.match(text)
      _ = combined.read(text)
      _ = AnalyteNames.normalise(text, units: units)
      _ = Identifiers.checkEnterprise(text)
      _ = Identifiers.isScientific(text)
      _ = TextFolding.fold(text)
    }
  }
}
