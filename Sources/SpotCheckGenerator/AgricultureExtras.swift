import SpotCheckModel

/// Agriculture's two other tables: the ministry's wide pesticide table, and rapid tests on the spot.
enum AgricultureExtras {
  /// What the wide table tests for, with limits in mg/kg as the table's own row has them.
  private static let pesticides: [(name: String, limit: ExactDecimal)] = [
    ("甲胺磷", ExactDecimal(mantissa: 5, scale: 2)), ("氧乐果", ExactDecimal(mantissa: 2, scale: 2)),
    ("克百威", ExactDecimal(mantissa: 2, scale: 2)), ("毒死蜱", ExactDecimal(mantissa: 5, scale: 2)),
    ("腐霉利", ExactDecimal(mantissa: 2, scale: 1)), ("吡虫啉", ExactDecimal(mantissa: 1, scale: 0)),
  ]

  /// One row a sample, one column a pesticide, the limits in a row above the data. No conclusion: it follows.
  static func writeWide(
    samples: [GeneratedSample], period: String, to out: DeliveryWriter, rows: inout Int,
    settle: (GeneratedSample, Truth.Delivered) -> Void
  ) throws {
    let head = ["抽样编号", "年份", "季度", "受检单位", "受检单位所在县区", "抽样时间", "报告日期", "产品类别", "产品名称"]
    try out.write("农药残留例行监测结果（\(period)）" + String(repeating: ",", count: head.count + pesticides.count - 1) + "\n")
    try out.write((head + pesticides.map(\.name)).joined(separator: ",") + "\n")
    try out.write(
      (["限量"] + Array(repeating: "", count: head.count - 1) + pesticides.map(\.limit.description)).joined(
        separator: ",") + "\n")
    for sample in samples {
      var random = SeededRandom(seed: 77, stream: UInt64(sample.number))
      let failing = sample.variant % 23 == 0 ? random.below(pesticides.count) : -1
      let product = ["芹菜", "韭菜"][sample.variant % 2]
      let values = pesticides.enumerated().map { index, pesticide -> String in
        let fine = pesticide.limit.mantissa * 100
        if index == failing {
          return ExactDecimal(mantissa: fine + 7, scale: pesticide.limit.scale + 2).description
        }
        if random.chance(3, in: 4) { return random.pick(["未检出", "ND", "未检出", "<0.005"]) }
        return ExactDecimal(mantissa: 1 + Int64(random.below(Int(fine))), scale: pesticide.limit.scale + 2).description
      }
      let (year, month, _) = sample.sampled.civil
      let cells = [
        sample.samplingNumber, String(year), "第\((month + 2) / 3)季度", sample.unit, sample.district.name,
        sample.sampled.description, sample.reported.description, "蔬菜", product,
      ]
      try out.write((cells + values).joined(separator: ",") + "\n")
      rows += 1
      settle(
        sample,
        Truth.Delivered(
          category: product, district: sample.district.code, verdict: failing >= 0 ? .fail : .pass, purpose: .objective)
      )
    }
  }

  /// Rapid tests: an inhibition rate, and a conclusion in the words of the test.
  static func writeScreening(
    samples: [GeneratedSample], to out: DeliveryWriter, rows: inout Int,
    settle: (GeneratedSample, Truth.Delivered) -> Void
  ) throws {
    try out.write("样品编号,产品类别,样品名称,受检单位,受检单位所在县区,检测日期,抑制率,判定结果,检测人员\n")
    for sample in samples {
      let isPositive = sample.variant % 41 == 0
      let rate = isPositive ? 55 + sample.variant % 40 : sample.variant % 45
      try out.write(
        [
          sample.samplingNumber, "蔬菜", "菠菜", sample.unit, sample.district.name, sample.sampled.description,
          "\(rate).\(sample.variant % 10)", isPositive ? "阳性" : "阴性", sample.person,
        ].joined(separator: ",") + "\n")
      rows += 1
      settle(
        sample,
        Truth.Delivered(
          category: "蔬菜", district: sample.district.code, verdict: isPositive ? .fail : .pass, purpose: .screening))
    }
  }
}
