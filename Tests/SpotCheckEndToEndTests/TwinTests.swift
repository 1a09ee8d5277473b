import SpotCheck
import SpotCheckTestSupport
import Testing

/// Random deliveries with versions, withdrawals, repetitions, purposes and renamed districts, imported file by file, and
/// a twin that reads the same rows with loops over arrays and nothing of the program but the code tables.
@Suite struct TwinTests {
  /// One delivered row, as its writer knows it.
  struct Report: Hashable {
    var number: String
    /// 初检, 异议, 复检, 更正, 撤回.
    var version: String
    /// Later is later, and no two reports of a sample share one.
    var reported: String
    var purpose: String
    var verdict: String
    var category: String
    var unitDistrict: String
    var producerDistrict: String
    var park: String
    var level: String
    var stage: String
    var product: String
    var producer: String
    var producerCode: String
    var unit: String
    var lab: String
    var programme: String
    var sampled: String
    var received: String
    /// What failed, if anything did: analyte, its class of hazard.
    var failed: [String]

    var csv: String {
      [
        number, version, reported, purpose, verdict, category, unitDistrict, producerDistrict, park, level, stage,
        product, producer, producerCode, unit, lab, programme, sampled, received,
        failed.map { $0 + "║3mg/kg║≤1mg/kg" }.joined(separator: "；"), version == "异议" ? "异议处置中" : "",
      ].joined(separator: ",") + "\n"
    }
  }

  static let header =
    "抽样编号,报告类别,报告日期,任务类别,结论,类别,区县,产地,园区,任务级别,环节,样品名称,生产企业,生产企业代码,被抽样单位,检验机构,计划,抽样日期,收样日期,不合格项目,备注\n"

  static let pipeline = """
    pipeline: twin
    title: 孪生测试
    bureau: scjgj
    encoding: auto
    district: sampled_unit
    verdicts: { without_items: undetermined, without_limit: undetermined }
    fields:
      sampling_number: { from: 抽样编号, required: true }
      version: 报告类别
      reported_day: 报告日期
      purpose: 任务类别
      verdict: 结论
      category: { path: [类别] }
      unit_district: 区县
      producer_district: 产地
      park: 园区
      level: 任务级别
      stage: 环节
      product: 样品名称
      producer: 生产企业
      producer_code: 生产企业代码
      unit: 被抽样单位
      lab: 检验机构
      programme: 计划
      sampled_day: 抽样日期
      received_day: 收样日期
      remark: 备注
    layouts:
      - name: samples
        format: csv
        match: { header: [抽样编号, 报告类别, 不合格项目] }
        shape: samples
        combined:
          parts: [analyte, value, limit]
          between: ["；"]
          nothing: ["/"]
          verdict: fail
        fields:
          items: 不合格项目
    """

  /// Words of a delivery and what they stand for.
  static let purposes = [
    ("评价性抽检", "objective"), ("监督抽检", "selective"), ("快速检测", "screening"), ("风险监测", "objective"), ("举报抽检", "suspect"),
    ("整改复查", "followup"),
  ]
  static let verdicts = ["合格", "合格", "合格", "合格", "不合格", "不判定", "未检验", "拒检", "涉嫌无证"]
  static let categories = ["小麦粉", "菜籽油", "酱油", "电线电缆", "蔬菜", "水果", "枸杞", "没有这一类", ""]
  static let hazards = ["吡虫啉": "pesticide", "铅": "heavy_metal"]
  static let districts = [
    ("城东区", "630102"), ("城中区", "630103"), ("城北区", "630105"), ("大通回族土族自治县", "630121"), ("湟中", ""), ("没有这个区", "?"),
    ("", "missing"),
  ]

  /// The files of one seed, in order of arrival.
  private static func deliveries(_ numbers: inout SeededNumbers) -> [[Report]] {
    var files = [[Report]](repeating: [], count: 7)
    var sent: [Report] = []
    for index in 0..<60 {
      let day = Int.random(in: 0..<900, using: &numbers)
      let sampled = date(day)
      func district() -> String { numbers.pick(districts).0 }
      var report = Report(
        number: "T\(index)", version: "初检", reported: date(day + 20),
        purpose: numbers.pick(purposes).0, verdict: numbers.pick(verdicts), category: numbers.pick(categories),
        unitDistrict: district(), producerDistrict: district(), park: numbers.chance(15) ? "东川工业园" : "",
        level: numbers.pick(["国家级", "省级", "市级", "县级", ""]), stage: numbers.pick(["生产", "流通", "餐饮", ""]),
        product: numbers.pick(["甲", "乙", "丙"]), producer: numbers.pick(["西宁一厂", "西宁二厂", "海东三厂", ""]), producerCode: "",
        unit: numbers.pick(["一店", "二店", ""]), lab: numbers.pick(["甲所", "乙所"]), programme: numbers.pick(["计划一", ""]),
        sampled: numbers.chance(92) ? sampled : "", received: numbers.chance(50) ? sampled : "", failed: [])
      let whereabouts = [\Report.unitDistrict, \Report.producerDistrict]
      // The county became a district on 2020-07-22; a sample without a day is not put there.
      for place in whereabouts where report[keyPath: place] == "湟中" {
        report[keyPath: place] = report.sampled.isEmpty ? "城东区" : report.sampled < "2020-07-22" ? "湟中县" : "湟中区"
      }
      report.failed = failures(report.verdict, &numbers)
      var versions = [report]
      for kind in ["异议", "复检", "更正", "撤回", "更正"] where numbers.chance(18) {
        guard var next = versions.last else { continue }
        next.version = kind
        next.reported = date(day + 20 + versions.count * 7)
        if kind == "复检" || kind == "更正" {
          next.verdict = numbers.pick(["合格", "不合格"])
          next.failed = failures(next.verdict, &numbers)
        }
        if kind == "更正", numbers.chance(50) { next.category = numbers.pick(categories) }
        // Withdrawals and objections are about samples with a conclusion, or nobody would know what they say.
        if kind == "异议", !["合格", "不合格"].contains(next.verdict) || next.purpose == "风险监测" { continue }
        versions.append(next)
      }
      // Versions arrive in any order, in the same file or another, and now and then twice.
      for version in versions {
        files[Int.random(in: 0..<files.count, using: &numbers)].append(version)
        sent.append(version)
      }
    }
    for _ in 0..<8 { files[Int.random(in: 0..<files.count, using: &numbers)].append(numbers.pick(sent)) }
    return files.map { $0.shuffled(using: &numbers) }
  }

  private static func failures(_ verdict: String, _ numbers: inout SeededNumbers) -> [String] {
    guard verdict == "不合格" else { return [] }
    return numbers.chance(30) ? ["吡虫啉", "铅"] : [numbers.pick(["吡虫啉", "铅"])]
  }

  /// A day as text: so many days after 2019-07-23.
  private static func date(_ number: Int) -> String { CalendarDay(daysSinceEpoch: 18_100 + Int32(number)).description }

  // MARK: The twin

  /// The reports that count after the first `files` files.
  private static func current(_ files: ArraySlice<[Report]>) -> [Report] {
    var byNumber: [String: [Report]] = [:]
    for report in files.joined() { byNumber[report.number, default: []].append(report) }
    func standing(_ report: Report) -> Int { report.version == "初检" ? 0 : report.version == "异议" ? 1 : 2 }
    return byNumber.values.compactMap { reports in
      let best = reports.max {
        standing($0) != standing($1) ? standing($0) < standing($1) : $0.reported < $1.reported
      }
      return best?.version == "撤回" ? nil : best
    }
  }

  private struct Twin {
    let tables: StoredCodeTables
    var onMap = MapView.then
    var parks = ParkRule.rolledUp
    var periodBy = SampleDay.sampled

    func counts(_ report: Report) -> RateCounts {
      var counts = RateCounts()
      switch (report.purpose, report.verdict) {
      case ("快速检测", let verdict):
        counts.screening = 1
        counts.screeningPositive = verdict == "不合格" ? 1 : 0
      case (_, "未检验"): counts.notTested = 1
      case (_, "拒检"): counts.refused = 1
      case (_, "涉嫌无证"): counts.unlicensed = 1
      case ("风险监测", _): counts.riskMonitoring = 1
      case (_, "合格"): counts.passed = 1
      case (_, "不合格"): counts.failed = 1
      default: counts.undetermined = 1
      }
      counts.pending = report.version == "异议" ? 1 : 0
      return counts
    }

    private func entry(_ table: String, _ isIt: (CodeEntry) -> Bool) -> CodeEntry? {
      tables[table]?.entries.first(where: isIt)
    }

    /// The code of a name in a table; one that is valid today where several are.
    private func code(_ name: String, _ table: String) -> String {
      if name.isEmpty { return "" }
      let found = (tables[table]?.entries ?? []).filter { $0.name == name || $0.aliases.contains(name) }
      return (found.first { $0.validTo == nil } ?? found.first)?.code ?? "?"
    }

    private func up(_ code: String, _ table: String, to level: Int?) -> String {
      guard let level, code != "?", !code.isEmpty else { return code }
      var code = code
      while let own = entry(table, { $0.code == code }), own.level > level, !own.parent.isEmpty { code = own.parent }
      return code
    }

    private func district(_ name: String, park: String, level: Int?, isCounting: Bool) -> String {
      var code = self.code(name, "districts")
      // Where the district's own column says nothing, the park says where it is.
      if isCounting, !park.isEmpty, code.isEmpty || code == "?" {
        code = entry("parks") { $0.name == park }?.parent ?? ""
      }
      if onMap == .today, code == "630122" { code = "630106" }
      return up(code, "districts", to: level)
    }

    /// Keys of a report in a dimension; several only for what was tested.
    func keys(_ report: Report, _ dimension: Dimension) -> [String] {
      func period(_ text: (Int, Int) -> String) -> String {
        let day = periodBy == .sampled ? report.sampled : periodBy == .received ? report.received : report.reported
        let parts = day.split(separator: "-").compactMap { Int($0) }
        return parts.count == 3 ? text(parts[0], parts[1]) : ""
      }
      func word(_ text: String, _ codes: [String: String]) -> String { codes[text] ?? "?" }
      let parkCode = report.park.isEmpty ? "" : entry("parks") { $0.name == report.park }?.code ?? "?"
      switch dimension.kind {
      case .category: return [up(code(report.category, "categories"), "categories", to: dimension.level)]
      case .district:
        if parks == .separate, !parkCode.isEmpty, (dimension.level ?? 3) >= 3 { return [parkCode] }
        return [district(report.unitDistrict, park: report.park, level: dimension.level, isCounting: true)]
      case .unitDistrict:
        return [district(report.unitDistrict, park: report.park, level: dimension.level, isCounting: true)]
      case .producerDistrict:
        return [district(report.producerDistrict, park: "", level: dimension.level, isCounting: false)]
      case .park: return [parkCode]
      case .stage:
        return [word(report.stage, ["生产": "production", "流通": "distribution", "餐饮": "catering", "": "unknown"])]
      case .level:
        return [
          word(report.level, ["国家级": "national", "省级": "provincial", "市级": "municipal", "县级": "county", "": "unknown"])
        ]
      case .purpose: return [TwinTests.purposes.first { $0.0 == report.purpose }?.1 ?? ""]
      case .bureau: return ["scjgj"]
      case .lab: return [report.lab]
      case .programme: return [report.programme]
      case .producer: return [report.producer]
      case .unit: return [report.unit]
      case .product: return [report.product]
      case .section: return [""]
      case .version:
        return [
          word(report.version, ["初检": "initial", "异议": "objection", "复检": "retest", "更正": "correction"])
        ]
      case .verdict:
        // Risk monitoring has no verdict that counts.
        if report.purpose == "风险监测", !["未检验", "拒检", "涉嫌无证"].contains(report.verdict) { return ["undetermined"] }
        return [
          word(
            report.verdict,
            [
              "合格": "pass", "不合格": "fail", "不判定": "undetermined", "未检验": "not_tested", "拒检": "not_tested",
              "涉嫌无证": "not_tested",
            ])
        ]
      case .year: return [period { year, _ in "\(year)" }]
      case .quarter: return [period { year, month in "\(year)Q\((month - 1) / 3 + 1)" }]
      case .month: return [period { year, month in "\(year)-" + (month < 10 ? "0" : "") + "\(month)" }]
      case .analyte: return report.failed.isEmpty ? [""] : report.failed
      case .hazard: return report.failed.isEmpty ? [""] : Array(Set(report.failed.compactMap { TwinTests.hazards[$0] }))
      case .batch: return []
      }
    }

    func groups(_ reports: [Report], _ dimensions: [Dimension]) -> [[String]: RateCounts] {
      var groups: [[String]: RateCounts] = [:]
      for report in reports {
        var keys: [[String]] = [[]]
        for dimension in dimensions { keys = keys.flatMap { key in self.keys(report, dimension).map { key + [$0] } } }
        for key in keys {
          var counts = counts(report)
          // Under what was tested, only the class counts.
          if dimensions.contains(where: { $0.isItemBased }) { counts.screeningPositive = 0 }
          groups[key, default: RateCounts()] += counts
        }
      }
      return groups
    }
  }

  // MARK: The tests

  /// Every dimension at every level, and one without a level.
  private static let dimensions: [Dimension] = DimensionKind.allCases.filter { $0 != .batch }.flatMap { kind in
    switch kind {
    case .category: [1, 2, 3, 4].map { Dimension(kind, level: $0) } + [Dimension(kind)]
    case .district, .unitDistrict, .producerDistrict: [1, 2, 3].map { Dimension(kind, level: $0) } + [Dimension(kind)]
    default: [Dimension(kind)]
    }
  }

  private func imported(_ seed: UInt64) throws -> (store: ScratchStore, files: [[Report]]) {
    var numbers = SeededNumbers(state: seed)
    let files = TwinTests.deliveries(&numbers)
    let store = try ScratchStore()
    let pipeline = try store.file("twin.yaml", Array(TwinTests.pipeline.utf8))
    for (index, reports) in files.enumerated() {
      let text = TwinTests.header + reports.map(\.csv).joined()
      let path = try store.file("\(index).csv", Array(text.utf8))
      let summary = try store.importFiles([path]) { $0.pipeline = pipeline }
      let outcome = try #require(summary.files.first)
      #expect(outcome.state == .accepted, "\(seed) \(index): \(String(describing: outcome.refusal))")
      #expect(outcome.accounts.isBalanced && outcome.accounts.rejected == 0)
    }
    return (store, files)
  }

  @Test(arguments: 1...10 as ClosedRange<UInt64>) func everyDimensionAndLevelAgrees(_ seed: UInt64) throws {
    let (store, files) = try imported(seed)
    var numbers = SeededNumbers(state: seed &* 31)
    let source = try store.open()
    let reports = TwinTests.current(files[...])
    for dimension in TwinTests.dimensions {
      var twin = Twin(tables: source.tables)
      twin.onMap = numbers.pick(MapView.allCases)
      twin.parks = numbers.pick(ParkRule.allCases)
      twin.periodBy = numbers.pick(SampleDay.allCases)
      let second = numbers.pick([
        Dimension(.purpose), Dimension(.district), Dimension(.year), Dimension(.category, level: 1),
      ])
      let by = numbers.chance(50) || second == dimension ? [dimension] : [dimension, second]
      var query = RateQuery(by: by)
      (query.onMap, query.parks, query.periodBy) = (twin.onMap, twin.parks, twin.periodBy)
      query.pool = numbers.chance(50)
      let result = try query.run(on: source)
      let found = Dictionary(uniqueKeysWithValues: result.rows.map { ($0.codes, $0.counts) })
      let expected = twin.groups(reports, query.dimensions)
      let what = "seed \(seed) by \(by.map(\.text)) \(twin.onMap) \(twin.parks) \(twin.periodBy)"
      for key in Set(found.keys).union(expected.keys).sorted(by: { "\($0)" < "\($1)" }) {
        #expect(found[key] == expected[key], "\(what): \(key)")
      }
      #expect(result.total.counts == reports.reduce(RateCounts()) { $0 + twin.counts($1) }, "\(what)")
    }
  }

  /// After each file the answers are kept; later imports change none of them, byte for byte, and each is the twin's.
  @Test(arguments: 20...24 as ClosedRange<UInt64>) func everyEarlierAnswerIsGivenAgain(_ seed: UInt64) throws {
    var numbers = SeededNumbers(state: seed)
    let files = TwinTests.deliveries(&numbers)
    let store = try ScratchStore()
    let pipeline = try store.file("twin.yaml", Array(TwinTests.pipeline.utf8))
    var answers: [[String]] = []
    for (index, reports) in files.enumerated() {
      let text = TwinTests.header + reports.map(\.csv).joined()
      _ = try store.importFiles([try store.file("\(index).csv", Array(text.utf8))]) { $0.pipeline = pipeline }
      answers.append(try TwinTests.answers(on: try store.open()))
    }
    #expect(Set(answers.map { $0[0] }).count == files.count)
    for index in files.indices {
      let then = try store.open(asOf: "v\(index + 1)")
      #expect(try TwinTests.answers(on: then) == answers[index], "seed \(seed) v\(index + 1)")
      let twin = Twin(tables: then.tables)
      let by = [Dimension(.category, level: 1), Dimension(.district), Dimension(.purpose)]
      let result = try RateQuery(by: by).run(on: then)
      let found = Dictionary(uniqueKeysWithValues: result.rows.map { ($0.codes, $0.counts) })
      #expect(found == twin.groups(TwinTests.current(files[...index]), by), "seed \(seed) v\(index + 1)")
    }
  }

  /// Everything that can be asked of a snapshot, in several formats.
  private static func answers(on source: QuerySource) throws -> [String] {
    var full = RateQuery(by: try Dimension.parse(list: "category:2,district"))
    full.measures = [.item, .enterprise, .physical]
    full.meanOver = Dimension(.stage)
    full.target = TargetQuestion(percent: "90")
    var year = RateQuery(by: try Dimension.parse(list: "district:2"))
    year.period = try PeriodSpan("2020")
    year.yearOnYear = true
    year.onMap = .today
    var reports = [try full.run(on: source).report(), try year.run(on: source).report()]
    reports.append(try RateQuery(by: try Dimension.parse(list: "hazard,month")).run(on: source).report())
    reports.append(
      try CompareQuery(
        RateQuery(by: [Dimension(.category)]), period: try PeriodSpan("2021"), against: try PeriodSpan("2020")
      ).run(on: source).report())
    let register = try Repository.library.get().targets
    reports.append(try ScorecardQuery(register, period: try PeriodSpan("2020")).run(on: source).report())
    return try reports.flatMap { report in
      try [OutputFormat.json, .table, .csv].map { try $0.emitter().text(report) }
    }
  }
}
