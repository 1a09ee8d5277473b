import SpotCheckModel
import Testing

@testable import SpotCheckCuration

/// What is remembered from row to row must never change an answer. A chunk of one row remembers nothing: its twin.
@Suite struct RepeatTests {
  private let header = ["抽样编号", "检验项目", "样品名称", "区县", "检验结果", "抽样日期", "结论", "环节", "备注"]

  private func plan(_ shape: RecordShape, continuation: Bool) -> CurationPlan {
    .make(
      shape,
      [
        (.samplingNumber, ["抽样编号"]), (.analyte, ["检验项目"]), (.product, ["样品名称"]), (.unitDistrict, ["区县"]),
        (.value, ["检验结果"]), (.sampledDay, ["抽样日期"]), (.sampleVerdict, ["结论"]), (.stage, ["环节"]),
      ], tables: ["districts": XiningCodes.districts, "parks": XiningCodes.parks]
    ) { plan in
      plan.continuation = continuation
      plan.field(.samplingNumber) { $0.required = true }
      plan.field(.stage) { $0.fallback = "流通" }
      plan.field(.product) { $0.fillDown = true }
      var section = RowRule(.section(.stage))
      section.onlyIn = [.position(1)]
      plan.rowRules = [section]
    }
  }

  /// Rows that mostly repeat what the row above says about its sample.
  private func rows(_ count: Int, _ generator: inout SeededGenerator) -> [[String]] {
    var above = ["SC0001", "铅", "大米", "城东区", "0.1", "2019-11-30", "合格", "", ""]
    return (0..<count).map { index in
      var row = above
      for _ in 0..<Int.random(in: 0...2, using: &generator) {
        let column = Int.random(in: 0..<9, using: &generator)
        row[column] =
          [
            ["SC0001", "SC0002", "SC0003", "", "6.93217E+12", "合计"], ["铅", "镉", "砷"], ["大米", "", "面粉"],
            ["湟中县", "湟中区", "城东区", "西宁市湟中县x路", "柳州"], ["0.1", "未检出", "5月1日"],
            ["2019-11-30", "2019-12-01", "2021-02-30", ""],
            ["合格", "不合格", "差不多"], ["生产", "", "/"], ["x", ""],
          ][column].randomElement(using: &generator) ?? ""
      }
      row[1] = "项目\(index)"
      above = row
      switch Int.random(in: 0..<14, using: &generator) {
      case 0: return ["", "生产", "", "", "", "", "", "", ""]
      case 1: return header
      case 2: return row + [""]
      default: return row
      }
    }
  }

  /// Puts some texts of a chunk elsewhere, as the reader does with quoted cells.
  private func scattered(_ chunk: RecordChunk, _ generator: inout SeededGenerator) -> RecordChunk {
    var chunk = chunk
    for index in chunk.cells.indices where Int.random(in: 0..<6, using: &generator) == 0 {
      let (start, length) = (Int(chunk.cells[index].offset), Int(chunk.cells[index].length))
      let text = Array(chunk.bytes[start..<(start + length)])
      chunk.cells[index].offset = UInt32(chunk.bytes.count)
      chunk.bytes.append(contentsOf: text)
      // What remains in its old place belongs to nobody.
      for byte in start..<(start + length) { chunk.bytes[byte] = 0x23 }
    }
    return chunk
  }

  @Test(arguments: [RecordShape.samples, .items, .wide], [true, false])
  func rowsThatRepeatAreReadAsIfAlone(shape: RecordShape, continuation: Bool) {
    var generator = SeededGenerator(seed: 21)
    let plan = plan(shape, continuation: continuation)
    for _ in 0..<10 {
      let rows = [header] + rows(60, &generator)
      let alone = plan.run(chunks: rows.enumerated().map { Chunks.flat([$1], firstLine: $0 + 1) })
      for chunk in [Chunks.flat(rows), scattered(Chunks.flat(rows), &generator)] {
        let together = plan.run(chunks: [chunk])
        #expect(together.accounts == alone.accounts)
        #expect(together.tables.samples.text.map(\.codes) == alone.tables.samples.text.map(\.codes))
        #expect(
          together.tables.samples.text.map(\.dictionary.bytes) == alone.tables.samples.text.map(\.dictionary.bytes))
        #expect(together.tables.samples.days.map(\.days) == alone.tables.samples.days.map(\.days))
        #expect(together.tables.samples.flags == alone.tables.samples.flags)
        #expect(together.tables.samples.contentHashLow == alone.tables.samples.contentHashLow)
        #expect(together.tables.items.text.map(\.codes) == alone.tables.items.text.map(\.codes))
        #expect(together.report.counts == alone.report.counts)
        // Places count from the chunk's start; fields and lines do not.
        func places(_ report: CurationReport) -> [String] {
          report.diagnostics.map {
            "\($0.code) \($0.position.line) \($0.position.fieldName ?? "") \($0.rawText.utf8.count)"
          }
        }
        #expect(places(together.report) == places(alone.report))
      }
    }
  }

  /// A text means one thing within an era of its code table, and perhaps another in the next.
  @Test func districtsOnEveryDayAreThoseOfAFreshTable() {
    let tables = ["districts": XiningCodes.districts, "parks": XiningCodes.parks]
    let plan = CurationPlan.make(
      .samples, [(.samplingNumber, ["编号"]), (.unitDistrict, ["区县"]), (.sampledDay, ["日期"])], tables: tables)
    let days = [
      "", "1980-12-31", "1981-01-01", "1999-12-30", "1999-12-31", "2019-11-30", "2019-12-01", "2021-01-01",
      "1990-01-01",
    ]
    var rows: [[String]] = []
    for text in ["湟中县", "湟中区", "西宁市湟中县鲁沙尔镇", "甘河工业园", "城关镇", "多巴镇x村", "城东区", "西宁市"] {
      for day in days + days.reversed() { rows.append(["SC\(rows.count + 1000)", text, day]) }
    }
    let result = plan.run([["编号", "区县", "日期"]] + rows)
    for (index, row) in rows.enumerated() {
      let fresh = plan.run([["编号", "区县", "日期"], row])
      #expect(result.sample(index, .district) == fresh.sample(0, .district), "\(row)")
      #expect(result.flags(index) == fresh.flags(0))
    }
  }

  @Test func sealedSamplesAreASet() {
    var sealed = SealedSamples()
    var generator = SeededGenerator(seed: 22)
    var twin: Set<UInt64> = []
    #expect(!sealed.contains(0) && !sealed.contains(7))
    var sizes = [0, 1, 63, 64, 65, 300, 7000, 12_508]
    sizes.append(20_001 - sizes.reduce(0, +))
    for size in sizes {
      let keys = (0..<size).map { _ in UInt64.random(in: .min ... .max, using: &generator) }
      sealed.insert(keys)
      // Again, and twice at once.
      sealed.insert(keys + keys.prefix(9))
      twin.formUnion(keys)
    }
    #expect(sealed.count == twin.count)
    #expect(twin.allSatisfy { sealed.contains($0) })
    // Keys that share a place or the bits of the sketch with one that is there are others all the same.
    #expect(twin.allSatisfy { key in twin.contains(key ^ 1 << 40) || !sealed.contains(key ^ 1 << 40) })
    #expect(twin.allSatisfy { key in twin.contains(key ^ 1) || !sealed.contains(key ^ 1) })
    let foreign = (0..<20_000).count { _ in sealed.contains(UInt64.random(in: .min ... .max, using: &generator)) }
    #expect(foreign == 0)
    #expect(sealed.byteCount <= sealed.count * 16)
    sealed.insert([0])
    #expect(sealed.contains(0))
  }
}
