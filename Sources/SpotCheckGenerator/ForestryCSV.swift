import SpotCheckModel

/// Forestry: CSV, one row a sample with its conclusion, failing items in one combined cell; section rows name the
/// district of the rows below.
struct ForestryCSV {
  var hasQuirks: Bool

  static let header = [
    "序号", "抽样编号", "林产品类别", "样品名称", "被抽检单位", "生产单位", "抽检类型", "抽样环节", "抽样日期", "报告日期", "不合格项目║检验结果║标准值", "检验结论",
    "检验机构", "备注",
  ]

  func open(_ out: DeliveryWriter, period: String) throws {
    try out.write("西宁市食用林产品质量安全抽检结果（\(period)）,,,,,,,,,,,,,\n")
    try out.write(ForestryCSV.header.joined(separator: ",") + "\n")
  }

  func close(_ out: DeliveryWriter) throws {
    try out.write("合计,,,,,,,,,,,,,\n")
  }

  func section(_ district: DistrictName, to out: DeliveryWriter) throws {
    try out.write(district.name + ",,,,,,,,,,,,,\n")
  }

  func write(_ sample: GeneratedSample, serial: Int, to out: DeliveryWriter, rows: inout Int) throws -> Truth.Delivered
  {
    let separator = hasQuirks ? ["║", "|", "‖", "｜"][sample.variant % 4] : "║"
    let failing = sample.items.filter(\.fails).map { item in
      [
        item.test.analyte, item.result + item.test.unit,
        MarketXML.limit(item.test) + (item.test.limit == nil ? "" : item.test.unit),
      ]
      .joined(separator: separator)
    }
    let cells = [
      String(serial), sample.samplingNumber, sample.kind.path.last ?? "", sample.product, sample.unit, sample.producer,
      "监督抽检", sample.stage.nameZh, MarketXML.date(sample.sampled, style: hasQuirks ? sample.variant % 4 : 0),
      MarketXML.date(sample.reported, style: 0), failing.isEmpty ? "/" : failing.joined(separator: "；"),
      sample.verdict == .undetermined ? "不判定" : sample.verdict.nameZh, sample.lab, "",
    ]
    try out.write(cells.map(AgricultureCSV.quoted).joined(separator: ",") + "\n")
    rows += 1
    return Truth.Delivered(
      category: sample.kind.path.last ?? "", district: sample.district.code, verdict: sample.verdict)
  }
}
