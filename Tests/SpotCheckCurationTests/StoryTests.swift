import SpotCheckModel
import Testing

@testable import SpotCheckCuration

/// Which version of a sample's story a record tells, and what it says about an objection.
@Suite struct StoryTests {
  private func plan(_ change: (inout CurationPlan) -> Void = { _ in }) -> CurationPlan {
    .make(
      .samples,
      [
        (.samplingNumber, ["抽样编号"]), (.version, ["报告类别"]), (.sampleVerdict, ["结论"]), (.remark, ["备注"]),
        (.product, ["样品名称"]),
      ], change: change)
  }

  private func curate(_ rows: [[String]], _ change: (inout CurationPlan) -> Void = { _ in }) -> Curated {
    plan(change).run([["抽样编号", "报告类别", "结论", "备注", "样品名称"]] + rows)
  }

  @Test(
    arguments: [
      // Kind of report, conclusion, remark → version, verdict, pending, upheld.
      ("", "不合格", "", "initial", "fail", false, false),
      ("", "不合格", "异议处置中", "objection", "fail", true, false),
      ("初检", "不合格", "生产企业提出异议", "objection", "fail", true, false),
      ("异议", "不合格", "", "objection", "fail", true, false),
      ("异议", "", "", "objection", "undetermined", true, false),
      ("异议", "", "异议不认可", "objection", "undetermined", false, false),
      ("", "不合格", "异议认可", "objection", "fail", false, true),
      ("", "不合格", "生产企业提出异议，经核查异议不认可", "objection", "fail", false, false),
      ("", "不合格", "提出真实性异议；异议认可", "objection", "fail", false, true),
      // Words inside other words.
      ("", "不合格", "生产企业未提出异议", "initial", "fail", false, false),
      ("", "不合格", "生产企业未提出异议；销售者提出异议", "objection", "fail", true, false),
      ("", "不合格", "企业撤回异议", "objection", "fail", false, false),
      ("", "不合格", "报告作废", "withdrawal", "fail", false, false),
      // 异议处理中 and 复检中 are no conclusions.
      ("", "异议处理中", "", "objection", "undetermined", true, false),
      ("复检", "复检中", "", "objection", "undetermined", true, false),
      ("复检", "", "复检中", "objection", "undetermined", true, false),
      // A later version with a conclusion of its own stays what it is.
      ("复检", "合格", "", "retest", "pass", false, false),
      ("更正", "合格", "异议处置中", "correction", "pass", true, false),
      // A retest's conclusion makes a retest.
      ("", "复检合格", "", "retest", "pass", false, false), ("异议", "复检不合格", "", "retest", "fail", false, false),
    ])
  func aRecordTellsItsPartOfTheStory(
    _ kind: String, _ conclusion: String, _ remark: String, _ version: String, _ verdict: String, _ isPending: Bool,
    _ isUpheld: Bool
  ) {
    let result = curate([["SC0001", kind, conclusion, remark, "酒"]])
    #expect(result.samples(.versionKind) == [version])
    #expect(result.samples(.verdict) == [verdict])
    #expect(result.flags(0).contains(.pending) == isPending)
    #expect(result.flags(0).contains(.objectionUpheld) == isUpheld)
  }

  /// A pipeline that takes what is published without items for a pass does not take an objection for one.
  @Test func anObjectionWithoutAConclusionIsNeverAPass() {
    let result = curate([["SC0001", "异议", "", "", "酒"], ["SC0002", "", "", "", "酒"]]) {
      $0.verdictRules.withoutItems = .pass
    }
    #expect(result.samples(.verdict) == ["undetermined", "pass"])
  }

  /// A first report often does not say that it is one: a row that says 复检 is another version, not more of the same.
  @Test func aRowThatNamesALaterVersionIsOne() {
    let result = curate([["SC0001", "", "不合格", "", "酒"], ["SC0001", "复检", "", "", ""]])
    #expect(result.samples(.versionKind) == ["initial", "retest"])
    #expect(result.samples(.verdict) == ["fail", "undetermined"])
    // The other way round the blank says nothing.
    let reversed = curate([["SC0001", "复检", "合格", "", "酒"], ["SC0001", "", "", "", ""]])
    #expect(reversed.samples(.versionKind) == ["retest"])
    #expect(reversed.accounts.duplicate == 1)
  }

  @Test(
    arguments: [
      ("拒检", "", "not_tested", SampleFlags.refused, "refused"),
      ("", "企业拒检，已约谈", "not_tested", .refused, "refused"),
      ("涉嫌无证", "", "not_tested", .unlicensed, "unlicensed"), ("", "涉嫌无证生产，移送", "not_tested", .unlicensed, "unlicensed"),
      ("未抽到样品", "", "not_tested", [], "not_tested"), ("", "停产", "not_tested", [], "not_tested"),
      // It was tested after all.
      ("不合格", "企业拒检后配合", "fail", .refused, "failed"),
    ] as [(String, String, String, SampleFlags, String)])
  func whyASampleWasNotTested(
    _ conclusion: String, _ remark: String, _ verdict: String, _ flags: SampleFlags, _ sampleClass: String
  ) {
    let result = curate([["SC0001", "", conclusion, remark, "酒"]])
    #expect(result.samples(.verdict) == [verdict])
    #expect(result.flags(0).intersection([.refused, .unlicensed]) == flags)
    let found = SampleClass(verdict: Verdict(rawValue: verdict), flags: result.flags(0), isScreening: false)
    #expect(found.rawValue == sampleClass)
  }
}
