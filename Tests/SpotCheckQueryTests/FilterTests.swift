import SpotCheckModel
import Testing

@testable import SpotCheckQuery

@Suite struct FilterTests {
  private func message(_ text: String) -> String {
    do {
      // Which units there are is known when the store is.
      let book = try CodeBook(QuerySource(snapshot: 1, segments: []), onMap: .then, kinds: [])
      _ = try FilterPlan(try Filter(text), book, periodBy: .sampled)
      return "no error"
    } catch { return String(describing: error) }
  }

  @Test func errorsPointAtTheirPlace() {
    #expect(
      message("category = 10 and distrct = 630102") == """
        unknown column 'distrct'
          category = 10 and distrct = 630102
                            ^
        Did you mean 'district'?
        """)
    // The caret counts Chinese characters twice.
    #expect(
      message("类别 = 蔬菜 and 区县 == ") == """
        expected a value but the filter ends here
          类别 = 蔬菜 and 区县 == 
                                  ^
        """)
    #expect(
      message("sampled_day > 2024-02-30") == """
        '2024-02-30' is no day
          sampled_day > 2024-02-30
                        ^
        Days are written 2024-03-05.
        """)
  }

  @Test(arguments: [
    "", "  ", "category", "category =", "category 10", "= 10", "(category = 10", "category = 10)",
    "category = 10 district = 1",
    "category in 10", "category in ()", "category in (10", "category in (10,)", "category = '10", "not",
    "category ! 10",
    "and category = 10", "year = 24", "quarter = 2024Q5", "month = 2024-13", "line = x", "flag = nonsense",
    "flag > contradiction", "stage:1 = production", "category not 10", "category = 10 or", "sampled_day = tomorrow",
  ])
  func refuses(text: String) {
    #expect(message(text) != "no error")
  }

  @Test func numbersSayWhatIsWrongWithThemAndTheirUnits() {
    #expect(
      message("value > 0.5 mg/kgg") == """
        'mg/kgg' is no known unit
          value > 0.5 mg/kgg
                      ^
        Did you mean 'mg/kg'?
        """)
    #expect(
      message("value > '0.5 Zentner'") == """
        'Zentner' is no known unit
          value > '0.5 Zentner'
                       ^
        A unit that is in no table is compared as it stands: value > 0.5 and unit = 'Zentner'.
        """)
    #expect(message("value > much").hasPrefix("'much' is no number"))
    #expect(message("value > 1.5.2mg/kg").contains("is no number"))
    #expect(message("value > 0.5 unit = 'mg/kg'").hasPrefix("expected 'and', 'or' or the end"))
    #expect(message("value in (0.1, 0.2 mg/kg)").hasPrefix("numbers with and without a unit"))
    #expect(message("value in ('', 0.2 mg/kg)").hasPrefix("numbers with and without a unit"))
    #expect(message("value between 1 mg/kg and 2").hasPrefix("numbers with and without a unit"))
    #expect(message("line > 5 mg/kg").hasPrefix("expected 'and', 'or' or the end"))
    for text in [
      "value > 0.5mg/kg", "value > 0.5 mg/kg", "value > 0.5 'mg/kg'", "value > '0.5 mg/kg'", "limit_high ≤ 50 μg/kg",
      "limit_high <= 50 µg/kg and value > 1 ug/kg", "value between 10 and 50 μg/kg or value = 1 %",
      "value between 10 ug/kg and 0.1 mg/kg", "value > 0 CFU/25g", "value > 2 'W/(m·K)'", "value = ''",
      "value > -1.5℃",
    ] { #expect(message(text) == "no error", "\(text)") }
  }

  @Test func aNumberWithoutAUnitIsComparedAsDelivered() {
    #expect(message("value >= 0.5 and unit = 'mg/kg'") == "no error")
  }

  @Test func deepNestingIsRefusedNotCrashed() {
    let deep = String(repeating: "(", count: 50_000) + "line = 1"
    #expect(message(deep).hasPrefix("nested more than"))
    #expect(message(String(repeating: "not ", count: 10_000) + "line = 1").hasPrefix("nested more than"))
    #expect(message(String(repeating: "x", count: 70_000)).hasPrefix("the filter is longer"))
  }

  @Test func randomTextNeverTraps() {
    var numbers = SeededNumbers(state: 4)
    let pieces = [
      "(", ")", "（", "）", "and", "or", "not", "in", "category", "year", "=", "!=", "<", "≤", "'", "“", "”", ",", "，",
      "1", "2024", " ", "蔬菜", "flag", "\u{0}", "\u{301}", "!",
    ]
    for _ in 0..<600 {
      let text = (0..<Int.random(in: 0..<12, using: &numbers)).map { _ in numbers.pick(pieces) }.joined()
      _ = message(text)
    }
  }

  @Test func precedenceAndFullWidthSigns() throws {
    let plain = try Filter("line = 1 or line = 2 and not line = 3")
    let bracketed = try Filter("line = 1 OR (line = 2 AND (NOT (line = 3)))")
    func shape(_ node: FilterNode) -> String {
      switch node {
      case .all(let parts): "(" + parts.map(shape).joined(separator: "&") + ")"
      case .any(let parts): "(" + parts.map(shape).joined(separator: "|") + ")"
      case .not(let part): "!" + shape(part)
      case .comparison(let term): term.values.map(\.text).joined(separator: ",")
      }
    }
    #expect(shape(plain.root) == "(1|(2&!3))")
    #expect(shape(bracketed.root) == "(1|(2&!3))")
    #expect(shape(try Filter("类别 in（蔬菜，“水 果”、'it''s'）").root) == "蔬菜,水 果,it's")
    #expect(shape(try Filter("line≥5").root) == "5")
  }

  private func resolveError(_ text: String) -> String {
    let source = QuerySource(snapshot: 0, segments: [], tables: SmallTables.all)
    var query = RateQuery(by: [Dimension(.purpose)])
    do {
      query.filter = try Filter(text)
      let result = try query.run(on: source)
      return result.notes.map(\.text).joined()
    } catch { return String(describing: error) }
  }

  @Test func namesAreResolvedOrRefused() {
    let ambiguous = resolveError("district = 城中区")
    #expect(ambiguous.contains("630103 (西宁市), 630203 (海东市)"))
    #expect(resolveError("purpose = 随便").contains("'随便' is no purpose"))
    #expect(resolveError("purpose = 监督抽检") == "")
    #expect(resolveError("category = 没有的").contains("compared as it is written"))
    #expect(resolveError("category = 鲜果") == "")
    #expect(resolveError("item_verdict = fail").contains("the filter asks for items"))
  }

  @Test func dimensionsAreParsed() throws {
    #expect(try Dimension.parse(list: "category:1, district ,year").map(\.text) == ["category:1", "district", "year"])
    #expect(try Dimension.parse(list: "category:1")[0].columnName == "category_1")
    for text in ["", "category,", "categry", "category,category", "stage:1", "category:0", "category:x", "district:"] {
      #expect(throws: QueryError.self) { try Dimension.parse(list: text) }
    }
    do {
      _ = try Dimension.parse(list: "year, distrct")
    } catch {
      #expect(String(describing: error).contains("        ^"))
      #expect(String(describing: error).contains("Did you mean 'district'?"))
    }
  }

  @Test func periodsCoverTheirDays() throws {
    for text in ["2024-01-01", "2024-02-29", "2023-12-31", "0001-01-01", "9999-12-31"] {
      let day = try #require(CalendarDay(iso: text))
      for period in Period.allCases {
        #expect(period.days(period.code(day))?.contains(day.daysSinceEpoch) == true)
      }
    }
    #expect(Period.quarter.nameZh("2024Q3") == "2024年第3季度")
    #expect(Period.month.nameZh("2024-03") == "2024年3月")
    #expect(Period.year.days("2024").map { $0.count } == 366)
  }
}

/// What keepers of configuration are told of a filter.
@Suite struct FilterFaultTests {
  @Test func aFilterOverSamplesHasNoFault() {
    for text in ["category = 20", "category in (30, 40) and not level = municipal", "年份 = 2024", "flag = pending"] {
      #expect(Filter.fault(ofSampleFilter: text) == nil, "\(text)")
    }
  }

  @Test func aFaultHasWordsAndAPlace() {
    #expect(
      Filter.fault(ofSampleFilter: "categry = 20")
        == FilterFault("unknown column 'categry'. Did you mean 'category'?", position: 0))
    #expect(Filter.fault(ofSampleFilter: "year = x")?.position == 7)
    #expect(Filter.fault(ofSampleFilter: "")?.position == 0)
    #expect(Filter.fault(ofSampleFilter: String(repeating: "x", count: 70_000))?.position == nil)
  }

  @Test func conditionsOnItemsAreFaults() {
    let fault = Filter.fault(ofSampleFilter: "category = 20 and (level = municipal or analyte = lead)")
    #expect(fault?.position == 50 && fault?.message.hasPrefix("a condition on items") == true)
    #expect(Filter.fault(ofSampleFilter: "item_flag = contradiction") != nil)
  }
}

/// A counting bug of a real system (domain reference 5): "not like A or not like B" is always true, so that the query for
/// qualified samples returned the failures, too.
@Suite struct FilterContradictionTests {
  private func codes(_ filter: String) throws -> [String] {
    var query = RateQuery(by: [])
    query.pool = true
    query.filter = try Filter(filter)
    return try query.run(on: RandomStore.source(segments: 2, rows: 30, seed: 1)).notes.filter(\.isWarning).map(\.code)
      .filter { $0 != "pooled" }
  }

  @Test func conditionsThatAlwaysHoldAreSaid() throws {
    #expect(try codes("verdict != fail or verdict != not_tested") == ["always_true"])
    #expect(try codes("not verdict = fail or verdict != not_tested") == ["always_true"])
    #expect(try codes("verdict not in (fail) or verdict not in (not_tested, undetermined)") == ["always_true"])
    #expect(try codes("lab = 甲 or sampling_number != 'a' or sampling_number != 'b'") == ["always_true"])
    #expect(try codes("district != 630102 or district != 630103") == ["always_true"])
  }

  @Test func conditionsThatNeverHoldAreSaid() throws {
    #expect(try codes("verdict = fail and verdict = pass") == ["never_true"])
    #expect(try codes("category = 10 and category = 20") == ["never_true"])
  }

  @Test func otherConditionsAreLeftAlone() throws {
    for filter in [
      "verdict != fail and verdict != not_tested", "verdict = fail or verdict = pass", "verdict != fail or lab != 甲",
      // A leaf below both: something is left out by the one and something is met by the other.
      "category != 10 or category != 1001", "category = 10 and category = 1001",
      "district != 6301 or district != 630102",
      "verdict != fail or verdict != fail", "year != 2023 or month != 2023-01",
    ] {
      #expect(try codes(filter) == [], "\(filter)")
    }
  }

  /// What the bug was about: asked for passes, nothing but passes comes back.
  @Test func passesAreNothingButPasses() throws {
    let source = RandomStore.source(segments: 3, rows: 200, seed: 4)
    for filter in ["verdict = pass", "verdict = 合格", "not verdict != pass", "verdict in (pass)"] {
      var query = RateQuery(by: [Dimension(.verdict)])
      query.filter = try Filter(filter)
      let rows = try query.run(on: source).rows
      #expect(!rows.isEmpty && rows.allSatisfy { $0.codes[0] == "pass" && $0.counts.failed == 0 }, "\(filter)")
    }
  }
}
