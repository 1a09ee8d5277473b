import SpotCheckModel

/// Market supervision's published list of failed products: one row a failed item, the further rows of a sample blank.
enum PublishedList {
  static func write(
    samples: [GeneratedSample], to out: DeliveryWriter, rows: inout Int,
    settle: (GeneratedSample, Truth.Delivered) -> Void
  ) throws {
    let header = [
      "抽样编号", "序号", "标称生产企业名称", "标称生产企业地址", "被抽样单位名称", "被抽样单位地址", "食品名称", "规格型号", "商标", "生产日期/批号",
      "不合格项目║检验结果║标准值", "分类", "公告号", "公告日期", "任务来源/项目名称", "检验机构", "备注",
    ]
    try out.write("不合格产品信息" + String(repeating: ",", count: header.count - 1) + "\r\n")
    try out.write("（注：排名不分先后）" + String(repeating: ",", count: header.count - 1) + "\r\n")
    try out.write(header.joined(separator: ",") + "\r\n")
    for (index, sample) in samples.enumerated() {
      let separator = ["║", "‖", "||", "丨"][sample.variant % 4]
      let tests = Array(sample.kind.tests.prefix(sample.variant % 3 == 0 ? 2 : 1))
      for (place, test) in tests.enumerated() {
        var cells = Array(repeating: "", count: header.count)
        if place == 0 {
          cells = [
            sample.samplingNumber, String(index + 1), sample.producer, sample.producerAddress, sample.unit,
            "青海省西宁市\(sample.district.name)\(sample.variant % 90 + 1)号", sample.product, sample.specification,
            sample.brand,
            sample.sampled.description + "/" + sample.lot, "", sample.kind.path.last ?? "",
            "2024年第\(sample.variant % 9 + 1)期",
            sample.reported.description, "青海/省抽", sample.lab, "",
          ]
        }
        cells[10] = [
          test.analyte, failingResult(test) + test.unit, MarketXML.limit(test) + (test.limit == nil ? "" : test.unit),
        ]
        .joined(separator: separator)
        try out.write(cells.map(AgricultureCSV.quoted).joined(separator: ",") + "\r\n")
        rows += 1
      }
      settle(
        sample,
        Truth.Delivered(
          category: sample.kind.path.last ?? "", district: sample.district.code, verdict: .fail, purpose: .selective,
          isListed: true))
    }
  }

  private static func failingResult(_ test: TestKind) -> String {
    guard let limit = test.limit else { return "0.8" }
    return ExactDecimal(mantissa: Int64(limit) * 13, scale: Int8(test.scale + 1)).description
  }
}
