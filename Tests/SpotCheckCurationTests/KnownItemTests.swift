import SpotCheckModel
import Testing

@testable import SpotCheckCuration

/// Items that are known by the bytes of their cells are not read again. The twin reads every one of them.
@Suite struct KnownItemTests {
  @Test func templatesHaveAsManyColumnsAsTheTable() {
    #expect(ItemColumns.Codes.count == ItemText.allCases.count)
    #expect(ItemColumns.Mantissas.count == ItemDecimal.allCases.count)
    #expect(ItemColumns.Scales.count == ItemDecimal.allCases.count)
    #expect(BySlot<Int>.count == FieldTarget.slotCount)
    #expect(OpenSamples.Fields.count == FieldTarget.sampleSlotCount)
    #expect(SampleRows.Codes.count == SampleText.allCases.count)
  }

  private enum Order: CaseIterable {
    /// The cells of an item beside each other, and in two places.
    case together, apart
  }

  private func header(_ order: Order) -> [String] {
    switch order {
    case .together: ["抽样编号", "样品名称", "区县", "检验项目", "检验结果", "单位", "标准值", "单项判定", "结论", "备注"]
    case .apart: ["抽样编号", "检验项目", "样品名称", "检验结果", "区县", "单位", "标准值", "单项判定", "结论", "备注"]
    }
  }

  private func plan(continuation: Bool, footer: String) -> CurationPlan {
    .make(
      .items,
      [
        (.samplingNumber, ["抽样编号"]), (.analyte, ["检验项目"]), (.product, ["样品名称"]), (.unitDistrict, ["区县"]),
        (.value, ["检验结果"]), (.valueUnit, ["单位"]), (.limit, ["标准值"]), (.itemVerdict, ["单项判定"]),
        (.sampleVerdict, ["结论"]), (.stage, []),
      ], tables: ["districts": XiningCodes.districts, "parks": XiningCodes.parks]
    ) { plan in
      plan.continuation = continuation
      plan.header.rebinds = true
      plan.field(.samplingNumber) { $0.required = true }
      plan.field(.analyte) { $0.required = true }
      var section = RowRule(.section(.stage))
      section.onlyIn = [.position(1)]
      var skip = RowRule(.skip("footer"))
      skip.when = [CellCondition(column: .name(footer), patterns: ["合计*"])]
      plan.rowRules = [section, skip]
    }
  }

  private func rows(_ count: Int, _ order: Order, _ generator: inout SeededGenerator) -> [[String]] {
    func any(_ texts: [String]) -> String { texts.randomElement(using: &generator) ?? "" }
    func one(in number: Int) -> Bool { Int.random(in: 0..<number, using: &generator) == 0 }
    var result: [[String]] = []
    var sample = ["SC0001", "大米", "城东区", "合格", ""]
    while result.count < count {
      if one(in: 4) {
        sample = [
          any(["SC0001", "SC0002", "SC0003", "SC0004", " SC0005", "合计1", "", "6.93217E+12"]),
          any(["大米", "面粉"]), any(["城东区", "湟中县", "柳州"]), any(["合格", "不合格", "差不多", ""]), any(["", "", "x"]),
        ]
      }
      let item =
        one(in: 12)
        ? [
          any(["铅", "镉"]), any(["5月1日", "0.2", "检出"]), any(["", "mg/kg", "怪"]), any(["≤0.1", "x"]), any(["", "可疑"]),
        ]
        : [any(["铅", "镉", "砷", "汞"]), any(["0.1", "未检出", "0.3"]), "mg/kg", "≤0.2", any(["合格", "不合格"])]
      var row: [String]
      switch order {
      case .together: row = sample[0...2] + item + sample[3...]
      case .apart: row = [sample[0], item[0], sample[1], item[1], sample[2]] + item[2...] + sample[3...]
      }
      if one(in: 25) { row[Int.random(in: 0..<row.count, using: &generator)] = any(["", "/", "合计", "a,b"]) }
      switch Int.random(in: 0..<40, using: &generator) {
      case 0: row = ["", "生产"] + Array(repeating: "", count: 8)
      case 1: row = header(order)
      case 2: row += ["多"]
      case 3: row.removeLast(2)
      case 4: row = ["", "", "合计", "合计"] + Array(repeating: "", count: 6)
      default: break
      }
      result.append(row)
    }
    return result
  }

  /// Puts some texts elsewhere, as the reader does with quoted cells.
  private func scattered(_ chunk: RecordChunk, _ generator: inout SeededGenerator) -> RecordChunk {
    var chunk = chunk
    for index in chunk.cells.indices where Int.random(in: 0..<9, using: &generator) == 0 {
      let (start, length) = (Int(chunk.cells[index].offset), Int(chunk.cells[index].length))
      let text = Array(chunk.bytes[start..<(start + length)])
      chunk.cells[index].offset = UInt32(chunk.bytes.count)
      chunk.bytes.append(contentsOf: text)
    }
    return chunk
  }

  private func run(_ plan: CurationPlan, _ chunks: [RecordChunk], names: [String] = [], knows: Bool) -> (
    Curated, taken: Int
  ) {
    var curator = Curator(plan: plan)
    var result = Curated()
    var taken = 0
    for (index, chunk) in chunks.enumerated() {
      curator.templates.isWorthAsking = knows
      curator.curate(chunk, columnNames: names, into: &result.tables, report: &result.report)
      if knows { taken += curator.templates.found }
      // Once in the middle, as a segment is sealed.
      if index == chunks.count / 2, curator.canSeal {
        curator.prepareSeal(&result.tables, report: &result.report)
        result.tables = TablePair()
        curator.didSeal()
      }
    }
    curator.finish(into: &result.tables, report: &result.report)
    return (result, taken)
  }

  @Test(arguments: Order.allCases.map { $0 == .apart }, [true, false])
  func knownItemsAreTakenAsIfTheyWereRead(isApart: Bool, continuation: Bool) {
    let order: Order = isApart ? .apart : .together
    var generator = SeededGenerator(seed: isApart ? 31 : 32)
    var taken = 0
    for round in 0..<30 {
      // A rule that looks at the sample, and one that looks at the item.
      let plan = plan(continuation: continuation, footer: round % 2 == 0 ? "抽样编号" : "检验项目")
      var chunks: [RecordChunk] = []
      for part in 0..<4 {
        let rows = (part == 0 ? [header(order)] : []) + rows(60, order, &generator)
        let chunk = Chunks.flat(rows, firstLine: part * 100 + 1, payloadStart: part * 10_000)
        chunks.append(round % 3 == 0 ? scattered(chunk, &generator) : chunk)
      }
      let (known, count) = run(plan, chunks, knows: true)
      let (read, _) = run(plan, chunks, knows: false)
      taken += count
      same(known, read)
    }
    #expect(taken > 1000)
  }

  private func same(_ known: Curated, _ read: Curated) {
    #expect(known.accounts == read.accounts)
    #expect(known.report.counts == read.report.counts)
    #expect(known.report.diagnostics == read.report.diagnostics)
    #expect(known.report.rejects == read.report.rejects)
    let (left, right) = (known.tables, read.tables)
    #expect(left.items.text.map(\.codes) == right.items.text.map(\.codes))
    #expect(left.items.text.map(\.dictionary.bytes) == right.items.text.map(\.dictionary.bytes))
    #expect(left.items.decimals.map(\.mantissas) == right.items.decimals.map(\.mantissas))
    #expect(left.items.decimals.map(\.scales) == right.items.decimals.map(\.scales))
    #expect(left.items.flags == right.items.flags)
    #expect(left.items.line == right.items.line)
    #expect(left.items.byteOffset == right.items.byteOffset)
    #expect(left.items.sample == right.items.sample)
    #expect(left.samples.text.map(\.codes) == right.samples.text.map(\.codes))
    #expect(left.samples.text.map(\.dictionary.bytes) == right.samples.text.map(\.dictionary.bytes))
    #expect(left.samples.flags == right.samples.flags)
    #expect(left.samples.itemCount == right.samples.itemCount)
    #expect(left.samples.deliveredRows == right.samples.deliveredRows)
    #expect(left.samples.contentHashLow == right.samples.contentHashLow)
    #expect(left.samples.contentHashHigh == right.samples.contentHashHigh)
  }

  /// Items of records (XML), some with fields that the record gives for all of them.
  @Test func knownItemsOfRecordsAreTakenAsIfTheyWereRead() {
    let names = ["样品/编号", "样品/区县", "样品/单位", "样品/项目/名称", "样品/项目/结果", "样品/项目/单位", "样品/项目/标准", "样品/项目/别的"]
    let plan = CurationPlan.make(
      .nested,
      [
        (.samplingNumber, ["编号"]), (.unitDistrict, ["区县"]), (.analyte, ["项目/名称"]), (.value, ["项目/结果"]),
        (.valueUnit, ["项目/单位", "样品/单位"]), (.limit, ["项目/标准"]),
      ], tables: ["districts": XiningCodes.districts, "parks": XiningCodes.parks]
    ) { plan in
      plan.field(.samplingNumber) { $0.required = true }
      plan.field(.analyte) { $0.required = true }
    }
    var generator = SeededGenerator(seed: 33)
    func any(_ texts: [String]) -> String { texts.randomElement(using: &generator) ?? "" }
    func one(in number: Int) -> Bool { Int.random(in: 0..<number, using: &generator) == 0 }
    var taken = 0
    for round in 0..<30 {
      var chunks: [RecordChunk] = []
      for _ in 0..<4 {
        var rows: [(RowKind, [(Int, String)])] = []
        for _ in 0..<12 {
          var head = [(0, any(["X1", "X2", "X3", "X4", "X5", ""])), (1, any(["城东区", "湟中县"]))]
          if one(in: 4) { head.append((2, any(["mg/kg", "μg/kg", "怪"]))) }
          rows.append((.record, head))
          for _ in 0..<Int.random(in: 0...6, using: &generator) {
            var item = [(3, any(["铅", "镉", "砷", "汞"])), (4, any(["0.1", "未检出", "5月1日", "0.3"])), (6, "≤0.2")]
            if one(in: 3) { item.insert((5, any(["mg/kg", "g/kg"])), at: 2) }
            if one(in: 15) { item.append((7, "x")) }
            if one(in: 20) { item.removeFirst() }
            rows.append((.item, item))
          }
        }
        var chunk = Chunks.nested(rows)
        // The reader puts no separator between cells; a damaged row is one that it has given up.
        if round % 5 != 0 { chunk = packed(chunk) }
        for row in chunk.rows.indices where one(in: 40) { chunk.rows[row].isDamaged = true }
        chunks.append(chunk)
      }
      let (known, count) = run(plan, chunks, names: names, knows: true)
      let (read, _) = run(plan, chunks, names: names, knows: false)
      taken += count
      same(known, read)
    }
    #expect(taken > 400)
  }

  private enum Numbering: CaseIterable {
    /// One column, which need not be there; one that must be; two; a number for those that have none.
    case one, required, two, constant
  }

  /// Items of records that are counted through the file: known without their number, which may stand first, last, in the
  /// middle, twice, or in the record, be blank or mean nothing.
  @Test(arguments: Numbering.allCases.map { "\($0)" })
  func numberedItemsOfRecordsAreTakenAsIfTheyWereRead(_ numbering: String) {
    let names = ["编号", "@序号", "名称", "结果", "方法", "号", "别的"]
    let plan = CurationPlan.make(
      .nested,
      [
        (.samplingNumber, ["编号"]), (.itemNumber, numbering == "two" ? ["@序号", "号"] : ["@序号"]),
        (.analyte, ["名称"]), (.value, ["结果"]), (.method, ["方法"]),
      ]
    ) { plan in
      plan.field(.itemNumber) { field in
        field.required = numbering == "required"
        field.constant = numbering == "constant" ? "7" : nil
        field.maximumLength = 12
      }
    }
    var generator = SeededGenerator(seed: 34)
    func any(_ texts: [String]) -> String { texts.randomElement(using: &generator) ?? "" }
    func one(in number: Int) -> Bool { Int.random(in: 0..<number, using: &generator) == 0 }
    var taken = 0
    var serial = 0
    for round in 0..<60 {
      var chunks: [RecordChunk] = []
      for _ in 0..<4 {
        var rows: [(RowKind, [(Int, String)])] = []
        for _ in 0..<12 {
          var head = [(0, any(["X1", "X2", "X3", "X4", "X5", ""]))]
          if one(in: 12) { head.append((1, any(["3", "4", " "]))) }
          rows.append((.record, head))
          for _ in 0..<Int.random(in: 0...6, using: &generator) {
            serial += 1
            var item = [(2, any(["铅", "镉", ""])), (3, any(["0.1", "未检出"])), (4, any(["", "GB 1"]))]
            let number =
              one(in: 5) ? any(["", " ", "/", "—", "=1+1", " 12", "1234567890123", "2", "3"]) : "\(serial)"
            switch Int.random(in: 0..<12, using: &generator) {
            case 0: item.append((1, number))
            case 1: item.insert((1, number), at: 1)
            case 2: break
            case 3: item = [(1, number), (1, any(["", "8"]))] + item
            case 4: item = [(1, any(["", "8"]))] + item + [(1, number)]
            case 5: item = [(5, number)] + item
            default: item.insert((1, number), at: 0)
            }
            if one(in: 20) { item.append((6, "x")) }
            if one(in: 30) { item.removeAll { $0.0 != 1 } }
            rows.append((.item, item))
          }
        }
        var chunk = Chunks.nested(rows)
        if round % 5 != 0 { chunk = packed(chunk) }
        for row in chunk.rows.indices where one(in: 40) { chunk.rows[row].isDamaged = true }
        chunks.append(chunk)
      }
      let (known, count) = run(plan, chunks, names: names, knows: true)
      let (read, _) = run(plan, chunks, names: names, knows: false)
      taken += count
      same(known, read)
    }
    // A number that is part of what an item is known by, or that every item has, leaves few to be known.
    #expect(taken > (numbering == "one" || numbering == "required" ? 1000 : 100))
  }

  /// The number is no part of what an item is known by, but of what it is.
  @Test func aKnownItemHasItsOwnNumber() {
    let plan = CurationPlan.make(
      .nested, [(.samplingNumber, ["编号"]), (.itemNumber, ["@序号"]), (.analyte, ["名称"]), (.value, ["结果"])])
    func item(_ number: String) -> (RowKind, [(Int, String)]) { (.item, [(1, number), (2, "铅"), (3, "0.1")]) }
    let head: (RowKind, [(Int, String)]) = (.record, [(0, "A")])
    let chunk = packed(Chunks.nested([head, item("1"), item("2"), item("2"), head, item("1"), item("3")]))
    var curator = Curator(plan: plan)
    var result = Curated()
    curator.curate(
      chunk, columnNames: ["编号", "@序号", "名称", "结果"], into: &result.tables, report: &result.report)
    // Both items of the second telling, which is another one because one of them is.
    #expect(curator.templates.found == 2)
    curator.finish(into: &result.tables, report: &result.report)
    #expect(result.itemCounts() == [2, 2])
    #expect(result.accounts.duplicate == 1)
    #expect(result.tables.samples.contentHashLow[0] != result.tables.samples.contentHashLow[1])
  }

  /// The same chunk with its texts one behind the other.
  private func packed(_ chunk: RecordChunk) -> RecordChunk {
    var result = chunk
    result.bytes = []
    for (index, cell) in chunk.cells.enumerated() {
      result.cells[index].offset = UInt32(result.bytes.count)
      result.bytes += chunk.bytes[Int(cell.offset)..<Int(cell.offset) + Int(cell.length)]
    }
    return result
  }

  /// Two cuts of one text are two items.
  @Test func theCutOfTheCellsCounts() {
    let plan = CurationPlan.make(
      .items, [(.samplingNumber, ["编号"]), (.analyte, ["项目"]), (.value, ["结果"]), (.limit, ["标准"])])
    var chunk = Chunks.flat([["编号", "项目", "结果", "标准"], ["SC1", "铅", "1", "2,3"], ["SC2", "铅", "1", "2,3"]])
    // The second row is cut one cell earlier: `1,2` and `3`.
    let cell = Int(chunk.rows[2].firstCell) + 2
    chunk.cells[cell].length += 2
    chunk.cells[cell + 1].offset += 2
    chunk.cells[cell + 1].length -= 2
    let result = plan.run(chunks: [chunk])
    #expect(result.items(.valueText) == ["1", "1,2"])
    #expect(result.items(.limitText) == ["2,3", "3"])
  }

  @Test func itemsThatNeverRepeatAreNotAskedForLong() {
    var templates = ItemTemplates()
    let cells = [Cell(offset: 0, length: 2, source: 0, column: 0)]
    for index in 0..<5000 {
      let key = [UInt8(truncatingIfNeeded: index), UInt8(truncatingIfNeeded: index >> 8)]
      #expect(templates.find(key.span, .between, cells.span) == -1)
    }
    #expect(!templates.isWorthAsking)
  }
}
