import SpotCheck
import SpotCheckTestSupport
import Testing

/// The list of food classes is issued anew every year: old names and new ones meet in one store.
@Suite struct CategoryYearTests {
  private func rows(_ map: MapView, _ store: ScratchStore) throws -> [String: RateCounts] {
    let result = try store.rate("category:2") { $0.onMap = map }
    return Dictionary(uniqueKeysWithValues: result.rows.map { ($0.names[0], $0.counts) })
  }

  private func text(_ year: Int, _ classes: [(String, String)]) -> String {
    let header = "抽样编号,样品名称,食品大类,食品亚类,被抽样单位所在区县,抽样时间,检验项目,检验结果,结果判定,结论\n"
    return header
      + classes.enumerated().map {
        "SC\(year)\(1000 + $0),某,\($1.0),\($1.1),城东区,\(year)-05-06,铅,未检出,合格项,合格\n"
      }.joined()
  }

  @Test func twoYearsMeetOnTodaysMap() throws {
    let store = try ScratchStore()
    let old = [
      ("肉及肉制品", "/"), ("茶叶及其相关制品、咖啡", "/"), ("焙烤食品", "/"), ("焙烤食品", "月饼"), ("茶叶及其相关制品、咖啡", "焙炒咖啡"),
    ]
    let new = [("肉制品", "/"), ("茶叶及相关制品", "/"), ("糕点", "/"), ("饼干", "/"), ("茶叶及其相关制品、咖啡", "/")]
    for (year, classes) in [(2015, old), (2024, new)] {
      let path = try store.file("\(year).csv", Array(text(year, classes).utf8))
      #expect(try store.importFiles([path]).files.first?.state == .accepted)
    }
    func passed(_ count: Int) -> RateCounts { RateCounts(passed: count) }
    // A mere change of name is one row on either map. A class that was another thing is a row of its own, until today's
    // map puts its one successor in its place; one that was split stays, because nobody can say which half.
    #expect(
      try rows(.then, store) == [
        "肉制品": passed(2), "茶叶及其相关制品、咖啡": passed(1), "茶叶及相关制品": passed(2), "焙烤食品": passed(1), "糕点": passed(2),
        "饼干": passed(1), "可可及焙烤咖啡产品": passed(1),
      ])
    #expect(
      try rows(.today, store) == [
        "肉制品": passed(2), "茶叶及相关制品": passed(3), "焙烤食品": passed(1), "糕点": passed(2), "饼干": passed(1),
        "可可及焙烤咖啡产品": passed(1),
      ])
    // The old name in a later year is read as its successor, and marked.
    let late = try StoredRows(try store.open()).rows.filter { $0.flags.contains(.retiredCode) }
    #expect(late.map { $0.number } == ["SC20241004"] && late[0][.category] == "1014")
  }

  /// Every class of the list until 2016 is known.
  @Test func everyOldClassIsKnown() throws {
    let names = [
      "粮食及粮食制品", "食用油、油脂及其制品", "肉及肉制品", "蛋及蛋制品", "蔬菜及其制品", "水果及其制品", "水产及水产制品", "饮料", "调味品",
      "食糖", "酒类", "焙烤食品", "茶叶及其相关制品、咖啡", "薯类及膨化食品", "糖果及可可制品", "炒货食品及坚果制品", "豆类及其制品", "豆及豆制品", "蜂产品",
      "冷冻饮品", "罐头", "乳制品", "特殊膳食食品", "食品添加剂", "餐饮食品", "保健食品",
    ]
    let rows = try StoredRows(importing: text(2015, names.map { ($0, "/") }), as: "2015.csv").rows
    for (row, name) in zip(rows, names) {
      #expect(row[.category] != "?" && row[.category] != "" && !row.flags.contains(.retiredCode), "\(name)")
    }
  }
}
