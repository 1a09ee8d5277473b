import SpotCheck
import SpotCheckTestSupport

/// Seeded deliveries of forestry that tell the stories of some samples: first reports, objections, corrections, retests,
/// withdrawals, repetitions.
struct RandomStories {
  /// Names and bytes of delivered files, none like another.
  var files: [(name: String, bytes: [UInt8])] = []

  private static let categories = ["枸杞", "核桃", "杏", "神秘果", "蕨菜"]
  private static let districts = ["城东区", "湟中县", "湟中区", "大通县", "月球区"]
  static let header = "抽样编号,报告编号,林产品类别,样品名称,被抽检单位,县区,抽样日期,报告日期,不合格项目║检验结果║标准值,检验结论,报告类别,备注\n"

  /// - Parameter isDecided: the rules say in every case which version counts, whatever arrives first. Repetitions are
  ///   left out too: which of two equal rows counts is a matter of arrival.
  init(seed: UInt64, samples: Int = 12, files count: Int = 5, isDecided: Bool) {
    var random = SeededNumbers(state: seed)
    var lines: [String] = []
    for sample in 1...samples {
      let number = "L\(seed)-\(sample)"
      let category = random.pick(RandomStories.categories)
      let district = random.pick(RandomStories.districts)
      // Between the days that rename 湟中县, and after.
      let sampled = random.chance(50) ? "2019-03-05" : "2023-03-05"
      var day = Int.random(in: 1...3, using: &random)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let kind = random.pick(["初检", "初检", "异议", "异议不认可", "更正", "复检", "撤回"])
        let isObjection = kind.hasPrefix("异议")
        let conclusion = isObjection && random.chance(60) ? "" : random.pick(["合格", "不合格"])
        let item = conclusion == "不合格" ? "吡虫啉║\(day)mg/kg║≤1mg/kg" : "/"
        let line =
          "\(number),R\(day),\(category),\(category),甲,\(district),\(sampled),2023-04-\(day < 10 ? "0" : "")\(day),"
          + "\(item),\(conclusion),\(kind),/\n"
        lines.append(line)
        if !isDecided, random.chance(25) { lines.append(line) }
        day += isDecided ? Int.random(in: 1...3, using: &random) : Int.random(in: 0...2, using: &random)
      }
    }
    lines.shuffle(using: &random)
    for file in 0..<count {
      let own = lines.indices.filter { $0 % count == file }.map { lines[$0] }
      let text = RandomStories.header + own.joined() + "合计\(seed)-\(file),,,,,,,,,,,\n"
      files.append(("\(file).csv", Array(text.utf8)))
    }
  }
}

extension ScratchStore {
  func digest(asOf: SnapshotNumber? = nil) throws -> StoreDigest {
    let open = try OpenStore(root)
    return try StoreDigest(layout: open.layout, catalogue: open.catalogue, at: asOf)
  }

  func verify() throws -> StoreVerifier.Outcome {
    let open = try OpenStore(root)
    var verifier = StoreVerifier(layout: open.layout, catalogue: open.catalogue)
    return try verifier.verify()
  }

  /// Answers of all kinds, as text: rates by several dimensions, and every list of rows.
  func answers(asOf: String? = nil) throws -> [String] {
    let source = try open(asOf: asOf)
    var result: [String] = []
    for by in ["category,district", "month,verdict", "unit", "analyte"] {
      var report = try RateQuery(by: try Dimension.parse(list: by)).run(on: source).report()
      report.snapshot = 0
      result.append(try OutputFormat.json.emitter().text(report))
    }
    for kind in [ListKind.samples, .items] {
      var report = try ListQuery(kind).report(on: source)
      report.snapshot = 0
      result.append(try OutputFormat.csv.emitter().text(report))
    }
    result.append(try source.pendingNumbers().joined(separator: ","))
    return result
  }
}
