import SpotCheckModel
import Testing

@testable import SpotCheckQuery

/// What a shell offers inside of a filter.
@Suite struct FilterCompletionTests {
  private func offers(_ typed: String) -> [String] { FilterCompletion.offers(typed, tables: SmallTables.all) }

  @Test func namesOfCodeTablesAreOffered() {
    #expect(offers("district = 城").sorted() == ["district = 城中区", "district = 城东区"].sorted())
    #expect(offers("category = ").contains("category = 叶菜"))
    #expect(offers("category=1001") == ["category=1001", "category=100101", "category=100102"])
    #expect(offers("category in (叶菜, 根") == ["category in (叶菜, 根茎菜"])
    #expect(offers("not (category != “叶") == ["not (category != “叶菜”"])
    #expect(offers("year = 2024 and park = 甘") == ["year = 2024 and park = 甘河园区"])
    #expect(offers("verdict = 不合") == ["verdict = 不合格"])
    #expect(offers("flag = contra") == ["flag = contradiction"])
    #expect(offers("category = x").isEmpty)
  }

  @Test func whatMayFollowIsOffered() {
    #expect(offers("dist") == ["district"])
    #expect(offers("category = 叶菜 and sampled") == ["category = 叶菜 and sampled_day"])
    #expect(offers("category b") == ["category between"])
    #expect(offers("flag ") == ["flag =", "flag !="])
    #expect(offers("category = 叶菜 ") == ["category = 叶菜 and", "category = 叶菜 or"])
    #expect(offers("category is n") == ["category is null", "category is not null"])
    #expect(offers("value between 1 and 2 o") == ["value between 1 and 2 or"])
    #expect(offers("value > 1 mg/kg a") == ["value > 1 mg/kg and"])
    #expect(offers("").contains("category"))
    // What is no beginning of a filter has no end.
    for wrong in ["= ", "category category ", "nonsense = ", "category = = ", "a ! b", ")"] {
      #expect(offers(wrong).isEmpty, "\(wrong)")
    }
  }

  @Test func namesThatNeedQuotesGetThem() {
    let table = CodeTable(
      name: "categories", entries: [CodeEntry(code: "1", name: "茶 (代用)"), CodeEntry(code: "2", name: "茶“花”")])
    func offers(_ typed: String) -> [String] { FilterCompletion.offers(typed, tables: ["categories": table]) }
    #expect(offers("category = ").prefix(2) == ["category = “茶 (代用)”", "category = “茶“花”””"])
    #expect(offers("category = '茶 ") == ["category = '茶 (代用)'"])
  }

  /// Whatever is offered can be read, once its end is there.
  @Test func offersAreFilters() throws {
    for text in offers("category = ") + offers("district in (") + offers("flag = ") + offers("verdict != ") {
      _ = try Filter(text + (text.contains("in (") ? ")" : ""))
    }
  }

  @Test func nothingTraps() {
    var numbers = SeededNumbers(state: 11)
    let pieces = [
      "category", "=", " ", "in", "(", ")", ",", "'", "“", "”", "\"", "and", "not", "between", "is", "叶", "5", "mg/kg",
      "\u{301}", "\u{0}", "，", "like", ":1",
    ]
    for _ in 0..<2000 {
      _ = offers((0..<Int.random(in: 0..<9, using: &numbers)).map { _ in numbers.pick(pieces) }.joined())
    }
  }
}
