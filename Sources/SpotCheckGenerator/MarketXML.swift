import SpotCheckModel

/// Market supervision: XML, one element a sample, nested items, the national system's field names.
struct MarketXML {
  /// Odd spellings on or off; off for benchmarks' ground load.
  var hasQuirks: Bool

  func open(_ out: DeliveryWriter, encodingName: String, period: String) throws {
    try out.write("<?xml version=\"1.0\" encoding=\"\(encodingName)\"?>\n")
    try out.write("<抽检数据 填报单位=\"西宁市市场监督管理局\" 期间=\"\(period)\">\n")
  }

  func close(_ out: DeliveryWriter) throws { try out.write("</抽检数据>\n") }

  /// Writes a sample; a retest has another conclusion. Returns what a reader must make of it.
  func write(_ sample: GeneratedSample, as kind: VersionKind = .initial, to out: DeliveryWriter, rows: inout Int) throws
    -> Truth.Delivered
  {
    let retested = kind == .retest
    var verdict = retested ? Verdict.pass : sample.verdict
    var districtText = sample.district.name
    var category = sample.kind.path.last ?? ""
    let quirk = hasQuirks ? sample.variant : 999
    if let former = sample.district.formerName, quirk < 200 { districtText = former }
    if (200..<204).contains(quirk) { category = "其他未列明产品" }
    if sample.verdict == .pass, (204..<208).contains(quirk) { verdict = .undetermined }

    var text = "  <样品>\n"
    func field(_ name: String, _ value: String) { text += "    <\(name)>\(MarketXML.escaped(value))</\(name)>\n" }
    field("抽样编号", (208..<212).contains(quirk) ? sample.samplingNumber.lowercased() : sample.samplingNumber)
    field("报告书编号", sample.reportNumber + (retested ? "F" : ""))
    field("报告类别", kind.nameZh)
    field("任务来源", sample.level.nameZh + "监督抽检计划")
    field("任务级别", sample.level.nameZh)
    field("任务类别", sample.purpose == .objective ? "评价性抽检" : "监督抽检")
    field("抽样环节", sample.stage.nameZh)
    field("产品大类", category)
    field("样品名称", sample.product)
    field("商标", sample.brand)
    field("样品规格", sample.specification)
    field("样品批号", sample.lot)
    field("标称生产企业名称", sample.producer)
    field(
      "标称生产企业统一社会信用代码",
      (212..<220).contains(quirk) ? String(sample.producerCode.dropLast()) + "I" : sample.producerCode)
    field("标称生产企业地址", sample.producerAddress)
    field("被抽样单位名称", sample.unit)
    field("被抽样单位统一社会信用代码", sample.unitCode)
    field("被抽样单位所在区县", districtText)
    if sample.inPark { field("所属园区", sample.district.park ?? "") }
    field("联系人", sample.person)
    field("联系电话", sample.phone)
    field("检验机构名称", sample.lab)
    field("抽样时间", MarketXML.date(sample.sampled, style: quirk % 5))
    field("收检日期", MarketXML.date(sample.received, style: quirk % 5))
    field("报告日期", MarketXML.date(sample.reported, style: quirk % 5))
    field("结论", conclusion(verdict, quirk: quirk))
    rows += 1
    if !sample.items.isEmpty {
      text += "    <检验项目列表>\n"
      for item in sample.items {
        let fails = item.fails && !retested
        let result = item.fails && retested ? "未检出" : item.result
        text += "      <检验项目 序号=\"\(rows)\">"
        text += "<项目名称>\(MarketXML.escaped(item.test.analyte))</项目名称><检验结果>\(MarketXML.escaped(result))</检验结果>"
        text += "<结果单位>\(item.test.unit)</结果单位><标准限量>\(MarketXML.limit(item.test))</标准限量>"
        text += "<结果判定>\(fails ? "不合格项" : "合格项")</结果判定>"
        text += "<检验依据>\(item.test.method)</检验依据><判定依据>\(item.test.basis)</判定依据></检验项目>\n"
        rows += 1
      }
      text += "    </检验项目列表>\n"
    }
    text += "  </样品>\n"
    try out.write(text)
    return Truth.Delivered(
      category: category == "其他未列明产品" ? "?" : category, district: sample.district.code, verdict: verdict)
  }

  private func conclusion(_ verdict: Verdict, quirk: Int) -> String {
    switch verdict {
    case .pass: quirk % 3 == 0 ? "纯抽检合格样品" : "合格"
    case .fail: quirk % 3 == 0 ? "纯抽检不合格样品" : "不合格"
    // The word contains 合格 and is no pass: a substring test would count it.
    case .undetermined: "纯监测不判定合格样品"
    case .notTested: "未检验样品"
    }
  }

  static func limit(_ test: TestKind) -> String {
    test.limit.map { "≤" + ExactDecimal(mantissa: Int64($0), scale: Int8(test.scale)).description } ?? "不得检出"
  }

  static func date(_ day: CalendarDay, style: Int) -> String {
    let (year, month, date) = day.civil
    switch style {
    case 1: return "\(year)/\(month)/\(date)"
    case 2: return "\(year)年\(month)月\(date)日"
    case 3: return day.description.filter { $0 != "-" }
    default: return day.description
    }
  }

  static func escaped(_ text: String) -> String {
    guard text.contains(where: { "<>&\"".contains($0) }) else { return text }
    var result = ""
    for character in text {
      switch character {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }
}
