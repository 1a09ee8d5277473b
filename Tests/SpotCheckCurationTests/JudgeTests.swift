import SpotCheckModel
import Testing

@testable import SpotCheckCuration

@Suite struct JudgeTests {
  private let units = UnitConversion(UnitTable(entries: []))

  private func judge(
    _ result: String, _ limit: String, comparison: ComparisonRule = .fullValue, detection: String? = nil,
    from: String = "", to: String = ""
  ) -> ItemJudge.Outcome {
    let reader = ResultReader(units: units)
    let reading = reader.read(result)
    let bounds = LimitReader(units: units).read(limit)
    var values = reading.list
    if values.isEmpty {
      let parts = reader.values(result)
      values =
        parts.count == bounds.plan?.n ? parts : [MeasuredValue(qualifier: reading.qualifier, value: reading.value)]
    }
    return ItemJudge.judge(
      reading, bounds, step: UnitConversion.step(from: units.read(from), to: units.read(to)),
      detectionLimit: reading.detectionLimit ?? detection.flatMap { DecimalReader.read($0) }, comparison: comparison,
      values: values, rules: VerdictRules())
  }

  @Test(arguments: [
    ("0.05", "≤0.05", Verdict.pass), ("0.053", "≤0.05", .fail), ("0.050", "≤0.05", .pass),
    ("0.0500001", "≤0.05", .fail),
    ("0.05", "<0.05", .fail), ("5", "≥5", .pass), ("4.99", "≥5", .fail), ("6.0", "6.0～8.5", .pass),
    ("8.51", "6.0～8.5", .fail),
    ("95", "100±5", .pass), ("94", "100±5", .fail), ("未检出", "≤0.05", .pass), ("未检出", "不得检出", .pass),
    ("<0.01", "≤0.05", .pass), ("<0.01", "不得检出", .pass), ("检出", "不得检出", .fail), ("阳性", "不得检出", .fail),
    ("阴性", "不得检出", .pass), ("0.01", "不得使用", .fail), ("0", "不得检出", .pass), (">100", "≤100", .fail),
    (">50", "≤100", .undetermined), (">100", "≥100", .pass), ("未检出", "≥5", .undetermined), ("<3", "≥5", .fail),
    ("符合", "符合标准", .pass), ("不符合", "符合标准", .fail), ("不符合 GB 7718-2011 条款", "", .fail), ("0.3", "N.S.", .undetermined),
    ("正常", "具有产品应有的色泽", .undetermined), ("1.9×105CFU/g", "≤100000", .undetermined), ("0.05", "0.1*", .pass),
    ("未检验", "≤0.05", .notTested), ("0.05", "1月2日", .undetermined),
  ])
  func singleValues(result: String, limit: String, verdict: Verdict) {
    #expect(judge(result, limit).verdict == verdict)
  }

  @Test func comparisonRulesDiffer() {
    // GB/T 8170: 0.053 against 0.05 fails by full value and passes rounded.
    #expect(judge("0.053", "≤0.05").verdict == .fail)
    #expect(judge("0.053", "≤0.05", comparison: .roundedValue).verdict == .pass)
    // Half to even, once.
    #expect(judge("0.055", "≤0.05", comparison: .roundedValue).verdict == .fail)
    #expect(judge("0.045", "≤0.04", comparison: .roundedValue).verdict == .pass)
    #expect(judge("0.0549999", "≤0.05", comparison: .roundedValue).verdict == .pass)
  }

  @Test func detectionLimitAboveTheLimitProvesNothing() {
    let outcome = judge("未检出(<0.1)", "≤0.05")
    #expect(outcome.verdict == .undetermined)
    #expect(outcome.flags == .detectionAboveLimit)
    #expect(judge("未检出", "≤0.05", detection: "0.1").flags == .detectionAboveLimit)
    #expect(judge("<0.1", "≤0.05").verdict == .undetermined)
    #expect(judge("未检出(<0.05)", "≤0.05").verdict == .pass)
  }

  @Test func unitsAreConvertedForComparison() {
    #expect(judge("53", "≤0.05", from: "μg/kg", to: "mg/kg") == .init(verdict: .fail, flags: .unitConverted))
    #expect(judge("50", "≤0.05", from: "μg/kg", to: "mg/kg") == .init(verdict: .pass, flags: .unitConverted))
    #expect(judge("50", "≤0.05", from: "mg/L", to: "mg/kg") == .init(verdict: .undetermined, flags: .unitMismatch))
  }

  @Test(arguments: [
    // Three classes: any above M fails, more than c in (m, M] fails.
    ("100,200,300,400,500", "n=5,c=2,m=1000,M=10000", Verdict.pass),
    ("100,200,300,400,20000", "n=5,c=2,m=1000,M=10000", .fail),
    ("1001,2000,300,400,500", "n=5,c=2,m=1000,M=10000", .pass),
    ("1001,2000,3000,400,500", "n=5,c=2,m=1000,M=10000", .fail),
    ("1.9×10^5,4.9×10^5,2.4×10^5,1.8×10^5,1.2×10^4", "n=5,c=2,m=1000,M=10000", .fail),
    ("1.9×105CFU/g,4.9×105CFU/g,2.4×105CFU/g,1.8×105CFU/g,1.2×104CFU/g", "n=5,c=2,m=1000,M=10000", .undetermined),
    // Two classes; a pathogen with m = 0.
    ("未检出,未检出,未检出,未检出,未检出", "n=5,c=0,m=0/25g", .pass), ("未检出,未检出,10,未检出,未检出", "n=5,c=0,m=0/25g", .fail),
    ("未检出", "n=5,c=0,m=0/25g", .pass), ("<10,<10,<10,<10,<10", "n=5,c=1,m=10,M=100", .pass),
    // Fewer values than n prove a failure, never a pass.
    ("20000", "n=5,c=2,m=1000,M=10000", .fail), ("10", "n=5,c=2,m=1000,M=10000", .undetermined),
    ("10000,10000,0,0,0", "n=5,c=2,m=1000,M=10000", .pass),
  ])
  func plans(result: String, limit: String, verdict: Verdict) { #expect(judge(result, limit).verdict == verdict) }

  @Test func samples() {
    func tally(_ passed: Int, _ failed: Int, _ unjudged: Int = 0, _ unproven: Int = 0, labels: Int = 0) -> ItemTally {
      var result = ItemTally()
      (result.passed, result.failed, result.unjudged, result.unproven) = (passed, failed, unjudged, unproven)
      result.failedLabels = labels
      return result
    }
    func judge(_ tally: ItemTally, _ reported: Verdict? = nil, risk: Bool = false) -> SampleJudge.Outcome {
      SampleJudge.judge(tally, reported: reported, isRiskMonitoring: risk, rules: VerdictRules())
    }
    #expect(judge(tally(3, 0)).verdict == .pass)
    #expect(judge(tally(30, 1)).verdict == .fail)
    #expect(judge(tally(3, 0, 1)).verdict == .pass)
    #expect(judge(tally(3, 0, 0, 1)).verdict == .undetermined)
    #expect(judge(tally(0, 0)).derived == nil)
    // A reported verdict is never changed, a contradiction is flagged.
    #expect(judge(tally(3, 1), .pass).verdict == .pass)
    #expect(judge(tally(3, 1), .pass).flags == .contradiction)
    #expect(judge(tally(3, 0), .fail).flags == .contradiction)
    #expect(judge(tally(0, 0, 2), .pass).flags == .reportedOnly)
    #expect(judge(tally(2, 2, labels: 2)).flags == .labelOnly)
    #expect(judge(tally(2, 2, labels: 1)).flags == [])
    #expect(judge(tally(2, 0), .pass, risk: true).verdict == .undetermined)
    #expect(judge(tally(2, 0), .pass, risk: true).flags == .riskMonitoring)
    var incomplete = tally(3, 0)
    incomplete.hasRejectedRow = true
    #expect(judge(incomplete).verdict == .undetermined)
    #expect(judge(incomplete, .pass).verdict == .pass)
    incomplete.failed = 1
    #expect(judge(incomplete).verdict == .fail)
  }

  @Test(arguments: [
    ("纯抽检合格样品", Verdict.pass), ("纯抽检不合格样品", .fail), ("抽检合格样品并监测问题样品", .pass), ("抽检合格样品并监测不判定样品", .pass),
    ("抽检不合格样品并监测问题样品", .fail), ("抽检不合格样品并监测不判定样品", .fail), ("纯监测问题样品", .undetermined),
    ("纯监测不判定合格样品", .undetermined), ("未检验样品", .notTested), ("合格", .pass), ("不合格", .fail), ("合格项", .pass),
    ("不合格项", .fail), ("问题项", .undetermined), ("不判定项", .undetermined), ("未检验", .notTested), ("　合 格 ", .pass),
  ])
  func conclusionsAreWholeWords(text: String, verdict: Verdict) {
    let word = WordReader(tables: CodeTables()).read(text, table: "verdicts")
    #expect(word?.code == verdict.rawValue || word?.parent == verdict.rawValue)
  }

  @Test func unknownConclusionsAreUnknown() {
    let words = WordReader(tables: CodeTables())
    for text in ["基本合格", "合格?", "未不合格", "合格不合格", "待定"] { #expect(words.read(text, table: "verdicts") == nil) }
  }
}
