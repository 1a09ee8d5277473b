import Testing

@testable import SpotCheckAudit

@Suite struct SumCheckTests {
  func bulletin(_ first: String, _ second: String, extra: String = "") throws -> [AuditCode] {
    try Audit.codes(
      """
      total: {inspected: 709, failed: 12}
      breakdowns:
        - name: 级别
          \(extra)
          rows:
            - {name: 市州, \(first)}
            - {name: 区县, \(second)}
      """)
  }

  @Test func rowsThatAddUpAreSilent() throws {
    #expect(try bulletin("inspected: 226, failed: 2", "inspected: 483, failed: 10") == [])
    #expect(try bulletin("inspected: 226, passed: 224", "inspected: 483, passed: 473") == [])
    #expect(try bulletin("inspected: 226, failed: 2", "inspected: 483, passed: 473") == [])
  }

  @Test func rowsThatDoNotAreFound() throws {
    #expect(try bulletin("inspected: 226, failed: 2", "inspected: 484, failed: 10") == [.marginInspected])
    #expect(try bulletin("inspected: 226, failed: 2", "inspected: 483, failed: 9") == [.marginFailed])
    #expect(try bulletin("inspected: 226, failed: 2", "inspected: 483, passed: 474") == [.marginFailed])
    #expect(
      try bulletin("inspected: 1, failed: 0", "inspected: 1, failed: 0").sorted { $0.rawValue < $1.rawValue }
        == [.marginFailed, .marginInspected])
  }

  @Test func failuresThatOnlyFollowFromPassesAreNotFoundTwice() throws {
    #expect(try bulletin("inspected: 226, passed: 224", "inspected: 483, passed: 474") == [.marginFailed])
    let rows =
      "breakdowns: [{name: 级别, rows: [{name: 甲, inspected: 9, passed: 8}, {name: 乙, inspected: 9, passed: 8}]}]"
    #expect(try Audit.codes("total: {inspected: 18, passed: 17}\n" + rows) == [.marginOther])
  }

  @Test func aRowWithoutTheFigureLeavesTheColumnAlone() throws {
    #expect(try bulletin("inspected: 226, failed: 2", "failed: 10") == [])
    #expect(try bulletin("inspected: 226, failed: 2", "failed: 9") == [.marginFailed])
  }

  @Test func aPartMayBeLessButNotMoreThanTheWhole() throws {
    #expect(try bulletin("inspected: 100, failed: 2", "inspected: 100, failed: 3", extra: "partial: true") == [])
    #expect(
      try bulletin("inspected: 500, failed: 2", "inspected: 500, failed: 3", extra: "partial: true")
        == [.marginInspected])
  }

  @Test func aBreakdownMayHaveATotalOfItsOwn() throws {
    #expect(
      try bulletin("inspected: 10, failed: 2", "inspected: 20, failed: 3", extra: "total: {inspected: 30, failed: 5}")
        == [])
    #expect(
      try bulletin(
        "inspected: 10, failed: 2", "inspected: 20, failed: 3", extra: "total: {inspected: 31, failed: 5, 合格率: 83.87%}")
        == [.marginInspected])
  }

  @Test func roundedCountsAddUpWithinTheirRounding() throws {
    let rows = "breakdowns: [{name: 级别, rows: [{name: 甲, inspected: 1.26万}, {name: 乙, inspected: 1.26万}]}]"
    #expect(try Audit.codes("total: {inspected: 2.5万}\n" + rows) == [])
    #expect(try Audit.codes("total: {inspected: 2.7万}\n" + rows) == [.marginInspected])
  }

  @Test func passedAndFailedMakeTheWhole() throws {
    #expect(try Audit.codes("total: {inspected: 6474, passed: 6286, failed: 188}") == [])
    #expect(try Audit.codes("total: {inspected: 6474, passed: 6286, failed: 189}") == [.parts])
    #expect(try Audit.codes("total: {inspected: 10, failed: 10}") == [])
    #expect(try Audit.codes("total: {inspected: 10, failed: 11}") == [.parts])
    #expect(try Audit.codes("total: {inspected: 10, passed: 11}") == [.parts])
    #expect(try Audit.codes("total: {sampled: 5594, inspected: 5573, failed: 687, 不合格率: 12.3%}") == [])
    #expect(try Audit.codes("total: {sampled: 5573, inspected: 5594, failed: 687}") == [.parts])
  }
}

@Suite struct ListCheckTests {
  func list(_ rows: String, _ extra: String = "", total: String = "inspected: 100, failed: 10") throws -> [AuditCode] {
    try Audit.codes(
      """
      total: {\(total)}
      lists:
        - name: 不合格项目
          \(extra)
          rows: [\(rows)]
      """)
  }

  @Test func listsThatAddUpAreSilent() throws {
    #expect(try list("{name: 甲类, count: 7}, {name: 乙类, count: 5}", "total: 12") == [])
    #expect(try list("{name: 甲类, count: 7}, {name: 乙类, count: 5}", "counts: samples\n    total: 10") == [])
    #expect(try list("{name: 甲类, count: 7}", "partial: true\n    total: 12") == [])
  }

  @Test func listsThatDoNotAreFound() throws {
    #expect(try list("{name: 甲类, count: 7}, {name: 乙类, count: 5}", "total: 13") == [.itemList])
    #expect(try list("{name: 甲类, count: 7}, {name: 乙类, count: 5}", "total: 11") == [.itemList])
    #expect(try list("{name: 甲类, count: 13}", "partial: true\n    total: 12") == [.itemList])
    // Samples in several classes may add up to more, but a class cannot have more than all.
    #expect(try list("{name: 甲类, count: 11}, {name: 乙类, count: 5}", "counts: samples\n    total: 10") == [.itemList])
    #expect(try list("{name: 甲类, count: 3}, {name: 乙类, count: 5}", "counts: samples\n    total: 10") == [.itemList])
  }

  @Test func aListOfItemsIsNotShorterThanTheFailures() throws {
    #expect(try list("{name: 甲类, count: 4}, {name: 乙类, count: 5}") == [.itemList])
    #expect(try list("{name: 甲类, count: 5}, {name: 乙类, count: 5}") == [])
    #expect(try list("{name: 甲类, count: 4}", "partial: true") == [])
  }

  @Test func sharesOfAWholeAddUpToIt() throws {
    #expect(try list("{name: 甲类, share: 33.3%}, {name: 乙类, share: 33.3%}, {name: 丙类, share: 33.3%}") == [])
    #expect(try list("{name: 甲类, share: 60%}, {name: 乙类, share: 41%}") == [])
    #expect(try list("{name: 甲类, share: 60%}, {name: 乙类, share: 42%}") == [.shares])
    #expect(try list("{name: 甲类, share: 60%}, {name: 乙类, share: 38%}") == [.shares])
    #expect(try list("{name: 甲类, share: 60%}, {name: 乙类, share: 30%}", "partial: true") == [])
    #expect(try list("{name: 甲类, share: 60%}, {name: 乙类, share: 50%}", "partial: true") == [.shares])
    #expect(try list("{name: 甲类, share: 60%}, {name: 乙类, share: 50%}", "counts: samples") == [])
    let missing = try Audit.report("lists: [{name: 占比, rows: [{name: 甲类, share: 60%}, {name: 乙类, share: 38%}]}]")
    #expect(missing.findings.map(\.severity) == [.warning])
  }

  @Test func sharesFollowFromTheirCounts() throws {
    #expect(
      try list("{name: 甲类, count: 63, share: 31.5%}, {name: 乙类, count: 137, share: 68.5%}", "total: 200") == [])
    #expect(
      try list("{name: 甲类, count: 63, share: 31.6%}, {name: 乙类, count: 137, share: 68.4%}", "total: 200")
        == [.percent, .percent])
    // 1/12 = 8.33 %, 11/12 = 91.67 %.
    #expect(try list("{name: 甲类, share: 8.33%}, {name: 乙类, share: 91.67%}", "total: 12") == [])
    #expect(
      try list("{name: 甲类, share: 8.53%}, {name: 乙类, share: 91.47%}", "total: 12")
        == [.percentUnreachable, .percentUnreachable])
  }

  @Test func classesNamedTwiceAreFound() throws {
    func overlaps(_ names: String...) -> [String] { ClassNames.overlaps(names).map(\.part) }
    #expect(overlaps("微生物", "农药残留", "微生物") == ["微生物"])
    #expect(overlaps("超范围、超限量使用食品添加剂", "食品添加剂、重金属类") == ["食品添加剂"])
    #expect(overlaps("重金属类", "重金属超标和生物毒素") == ["重金属"])
    #expect(overlaps("微生物", "其他微生物") == [])
    #expect(overlaps("农药残留", "限用农药", "兽药残留") == [])
    #expect(overlaps("有机污染物", "其他污染物") == [])
    #expect(overlaps("重金属、重金属") == [], "within one row nothing is counted twice")
    #expect(overlaps("", "", "、", "超标", "超标") == [])
    #expect(try list("{name: 微生物, count: 5}, {name: 微生物超标, count: 5}") == [.duplicateClass])
  }
}

@Suite struct ChangeCheckTests {
  func codes(_ from: String, _ to: String, _ points: String, rate: String = "不合格率") throws -> [AuditCode] {
    try Audit.codes("changes: [{name: 变化, rate: \(rate), from: \(from), to: \(to), points: \(points)}]")
  }

  @Test func changesThatFollowAreSilent() throws {
    #expect(try codes("2.86%", "2.73%", "-0.13") == [])
    #expect(try codes("97.65%", "98.26%", "+0.61", rate: "合格率") == [])
    // Unrounded rates may differ by a unit more than the printed ones.
    #expect(try codes("2.86%", "2.73%", "-0.14") == [])
    #expect(
      try codes("{inspected: 6563388, failed: 187572}", "{inspected: 6997389, failed: 190872}", "-0.13") == [])
    // Rounded after subtracting or before: both are done.
    #expect(
      try codes("{inspected: 9505, failed: 132, 不合格率: 1.39%}", "{inspected: 1970, failed: 77, 不合格率: 3.91%}", "2.52")
        == [])
  }

  @Test func changesThatDoNotAreFound() throws {
    #expect(try codes("2.86%", "2.73%", "-0.23") == [.change])
    #expect(try codes("2.86%", "2.73%", "0.13") == [.change])
    #expect(try codes("2.86%", "2.73%", "-4.5") == [.change])
    #expect(
      try codes("{inspected: 6563388, failed: 187572}", "{inspected: 6997389, failed: 190872}", "-0.14") == [.change])
    let reversed = try Audit.report("changes: [{from: 2.86%, to: 2.73%, points: 0.13}]")
    #expect(reversed.findings.first?.message.hasSuffix("the direction is wrong") == true)
  }
}
