import SpotCheckModel

/// Agriculture: CSV, one row an item; in some files the further items of a sample leave its columns blank.
struct AgricultureCSV {
  var hasQuirks: Bool
  /// Further items leave the sample's columns blank (merged cells flattened).
  var leavesBlank: Bool

  static let header = [
    "抽样编号", "报告编号", "监测类型", "任务级别", "监测环节", "产品类别", "样品名称", "受检单位", "受检单位统一社会信用代码", "受检单位所在县区",
    "生产单位", "抽样时间", "收样日期", "报告日期", "检测机构", "检测项目", "检测结果", "计量单位", "最大残留限量", "单项判定", "检测方法", "判定依据",
    "综合判定", "备注",
  ]

  func open(_ out: DeliveryWriter, period: String) throws {
    if hasQuirks {
      try out.write("西宁市农产品质量安全监测结果汇总表（\(period)）" + String(repeating: ",", count: 23) + "\r\n")
      try out.write("填报单位：西宁市农业农村局" + String(repeating: ",", count: 23) + "\r\n")
    }
    // A no-break space and a required mark in the header, as spreadsheets leave them.
    let names = AgricultureCSV.header.map { hasQuirks && $0 == "抽样编号" ? "抽样编号*\u{A0}" : $0 }
    try out.write(names.joined(separator: ",") + "\r\n")
  }

  func close(_ out: DeliveryWriter) throws {
    if hasQuirks { try out.write("填表人：马晓兰" + String(repeating: ",", count: 23) + "\r\n") }
  }

  func write(_ sample: GeneratedSample, to out: DeliveryWriter, rows: inout Int) throws -> Truth.Delivered {
    let quirk = hasQuirks ? sample.variant : 999
    var districtText = sample.district.name
    var districtCode = sample.district.code
    if let former = sample.district.formerName, quirk < 200 { districtText = former }
    if (200..<206).contains(quirk) {
      districtText = "某某新区"
      districtCode = "?"
    }
    let remark = (206..<216).contains(quirk) ? "抽样时\"冷藏\"，\n2-8℃" : ""
    let verdict = sample.verdict
    var head = [
      sample.samplingNumber, sample.reportNumber, sample.purpose == .objective ? "例行监测" : "监督抽查",
      sample.level.nameZh, sample.stage.nameZh, sample.kind.path.last ?? "", sample.product, sample.unit,
      sample.unitCode,
      districtText, sample.producer, MarketXML.date(sample.sampled, style: quirk % 4),
      MarketXML.date(sample.received, style: quirk % 4), MarketXML.date(sample.reported, style: quirk % 4), sample.lab,
    ]
    let tail = [verdict == .undetermined ? "不判定" : verdict.nameZh, remark]
    let items: [GeneratedItem?] = sample.items.isEmpty ? [nil] : sample.items.map { $0 }
    for (index, item) in items.enumerated() {
      if index > 0, leavesBlank { head = Array(repeating: "", count: head.count) }
      var cells = head
      if let item {
        let wide = (216..<226).contains(quirk)
        cells += [
          item.test.analyte, wide ? AgricultureCSV.fullWidth(item.result) : item.result, item.test.unit,
          item.test.limit.map { ExactDecimal(mantissa: Int64($0), scale: Int8(item.test.scale)).description } ?? "不得检出",
          item.fails ? "不合格" : "合格", item.test.method, item.test.basis,
        ]
      } else {
        cells += Array(repeating: "", count: 7)
      }
      cells += index > 0 && leavesBlank ? ["", ""] : tail
      try out.write(cells.map(AgricultureCSV.quoted).joined(separator: ",") + "\r\n")
      rows += 1
    }
    return Truth.Delivered(category: sample.kind.path.last ?? "", district: districtCode, verdict: verdict)
  }

  static func quoted(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else { return text }
    var result = "\""
    for character in text { result += character == "\"" ? "\"\"" : String(character) }
    return result + "\""
  }

  static func fullWidth(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          (0x21...0x7E).contains(scalar.value) ? Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar : scalar
        }))
  }
}
