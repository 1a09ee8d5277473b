import SpotCheck

/// A small register that the tests bend and break.
enum TargetFixture {
  static let bureaus = CodeTable(
    name: "bureaus",
    entries: [
      CodeEntry(code: "scjgj", name: "西宁市市场监督管理局", aliases: ["市市场监管局"]),
      CodeEntry(code: "nyncj", name: "西宁市农业农村局"),
      CodeEntry(
        code: "nmj", name: "西宁市农牧局", validTo: CalendarDay(year: 2019, month: 1, day: 1), successors: ["nyncj"]),
    ])

  static let register = """
    documents:
      plan:
        number: 宁政办〔2015〕127号
        title: 方案
        issuer: 西宁市
        issued: 2015-08-21
    targets:
      - id: goods
        ring: 0
        name: 工业产品合格率
        kind: pass_rate
        document: plan
        section: 三(一)
        quote: 达到90%以上
        owners: [scjgj, 西宁市商务局]
        direction: at_least
        value: 90
        unit: percent
        live: true
        population: category = 20
        purposes: [selective]
        numerator: 合格批次数
        denominator: 检验批次数
      - id: toys
        ring: 0
        part_of: goods
        name: 玩具合格率
        kind: pass_rate
        document: plan
        section: 三(一)
        quote: [达到90%以上, 玩具]
        owners: 市市场监管局
        numerator: 合格批次数
        denominator: 检验批次数
      - id: pests
        ring: 2
        name: 成灾率
        kind: ratio
        document: plan
        section: 三(四)
        quote: 控制在5.5‰以下
        owners: 西宁市林业和草原局
        direction: at_most
        value: 5.5
        unit: permille
        numerator: 成灾面积
        denominator: 林地面积
        valid_to: 2021-01-01

    """

  static func read(_ text: String) -> TargetRegisterFile {
    TargetRegisterFile(
      Array(text.utf8), file: "targets.yaml", bureaus: bureaus, filterCheck: Filter.fault(ofSampleFilter:))
  }

  /// The register with one text replaced.
  static func read(_ old: String, _ new: String) -> TargetRegisterFile {
    precondition(register.contains(old), "the fixture has no '\(old)'")
    return read(register.replacing(old, with: new, maxReplacements: 1))
  }
}
