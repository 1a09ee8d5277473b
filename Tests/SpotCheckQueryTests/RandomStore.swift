import SpotCheckModel
import SpotCheckQuery

/// Numbers that are the same in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
  mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &self)] }
}

/// Small code tables with everything that makes them hard: three levels, successors (one, several, a chain), names that
/// two codes share, parks inside districts.
enum SmallTables {
  static let districts = CodeTable(
    name: "districts",
    entries: [
      CodeEntry(code: "63", name: "青海省", level: 1),
      CodeEntry(code: "6301", name: "西宁市", parent: "63", level: 2),
      CodeEntry(code: "630102", name: "城东区", parent: "6301", level: 3),
      CodeEntry(code: "630103", name: "城中区", parent: "6301", level: 3),
      CodeEntry(
        code: "630122", name: "湟中县", parent: "6301", level: 3, validTo: CalendarDay(iso: "2020-06-05"),
        successors: ["630106"]),
      CodeEntry(code: "630106", name: "湟中区", parent: "6301", level: 3, validFrom: CalendarDay(iso: "2020-06-05")),
      CodeEntry(
        code: "630199", name: "旧区", parent: "6301", level: 3, validTo: CalendarDay(iso: "2010-01-01"),
        successors: ["630102", "630103"]),
      CodeEntry(
        code: "630198", name: "更旧区", parent: "6301", level: 3, validTo: CalendarDay(iso: "2000-01-01"),
        successors: ["630122"]), CodeEntry(code: "6302", name: "海东市", parent: "63", level: 2),
      CodeEntry(code: "630203", name: "城中区", parent: "6302", level: 3),
    ])
  static let categories = CodeTable(
    name: "categories",
    entries: [
      CodeEntry(code: "10", name: "食用农产品", level: 1), CodeEntry(code: "1001", name: "蔬菜", parent: "10", level: 2),
      CodeEntry(code: "100101", name: "叶菜", parent: "1001", level: 3),
      CodeEntry(code: "100102", name: "根茎菜", parent: "1001", level: 3),
      CodeEntry(code: "1002", name: "水果", parent: "10", level: 2, aliases: ["鲜果"]),
      CodeEntry(code: "20", name: "粮食加工品", level: 1),
      CodeEntry(code: "2001", name: "小麦粉", parent: "20", level: 2),
    ])
  static let parks = CodeTable(
    name: "parks",
    entries: [
      CodeEntry(code: "P1", name: "生物园区", parent: "630102"), CodeEntry(code: "P2", name: "甘河园区", parent: "630106"),
    ])
  static let all: StoredCodeTables = ["districts": districts, "categories": categories, "parks": parks]
}

enum RandomStore {
  /// A segment with rows of every kind, missing and unmapped values among them.
  static func tables(rows: Int, _ numbers: inout SeededNumbers) -> TablePair {
    var pair = TablePair()
    func codes(_ table: CodeTable) -> [String] { table.entries.map(\.code) + ["", "?"] }
    let districts = codes(SmallTables.districts)
    let categories = codes(SmallTables.categories)
    let verdicts = Verdict.allCases.map(\.rawValue) + ["pass", "pass", "pass", ""]
    // Shuffled per segment, so that dictionary codes differ between segments.
    let purposes = Array(Purpose.allCases.map(\.rawValue).shuffled(using: &numbers).prefix(3))
    let first = Int32(19_000)
    for row in 0..<rows {
      var texts = [SampleText: String]()
      texts[.bureau] = numbers.pick(["scjgj", "nyncj", "lycyj"])
      texts[.batch] = "digest\(row % 2)"
      texts[.purpose] = numbers.pick(purposes)
      texts[.level] = numbers.pick(["municipal", "county", "unknown"])
      texts[.stage] = numbers.pick(["production", "catering", ""])
      texts[.category] = numbers.pick(categories)
      texts[.district] = numbers.pick(districts)
      texts[.unitDistrict] = numbers.pick(districts)
      texts[.producerDistrict] = numbers.pick(districts)
      texts[.park] = numbers.chance(20) ? numbers.pick(["P1", "P2", "?"]) : ""
      texts[.product] = numbers.pick(["菠菜", "苹果", "Apple, \"red\"", "面粉\n特一", "x\ty\\"])
      let enterprise = Int.random(in: 0..<60, using: &numbers)
      texts[.producerName] = numbers.chance(90) ? "企业\(enterprise)" : ""
      // Some names go with two codes, some codes come without a name.
      texts[.producerCode] = numbers.chance(50) ? "C\(enterprise * 2 + (enterprise < 5 ? row % 2 : 0))" : ""
      texts[.lab] = numbers.pick(["甲", "乙", ""])
      texts[.versionKind] = "initial"
      texts[.verdict] = numbers.pick(verdicts)
      for column in SampleText.allCases {
        let text = texts[column] ?? ""
        let code = pair.samples.text[column.rawValue].dictionary.intern(text)
        pair.samples.text[column.rawValue].append(code)
      }
      for column in SamplePlainText.allCases {
        let bytes = Array("N-\(row)".utf8)
        pair.samples.plainText[column.rawValue].append(bytes.span)
      }
      for column in SampleDay.allCases {
        let day =
          numbers.chance(10) ? nil : CalendarDay(daysSinceEpoch: first + Int32.random(in: 0..<900, using: &numbers))
        pair.samples.days[column.rawValue].append(day)
      }
      var flags: SampleFlags = numbers.chance(10) ? .contradiction : []
      for flag in [SampleFlags.labelOnly, .riskMonitoring, .pending, .refused, .unlicensed, .listed, .retiredCode] {
        if numbers.chance(12) { flags.insert(flag) }
      }
      pair.samples.flags.append(flags.rawValue)
      pair.samples.line.append(Int64(row + 2))
      pair.samples.byteOffset.append(Int64(row * 100))
      pair.samples.keyHash.append(UInt64(row))
      pair.samples.contentHashLow.append(numbers.next())
      pair.samples.contentHashHigh.append(numbers.next())
      appendItems(sample: row, &pair, &numbers)
    }
    return pair
  }

  private static func appendItems(sample: Int, _ pair: inout TablePair, _ numbers: inout SeededNumbers) {
    let count = numbers.chance(15) ? 0 : Int.random(in: 1...5, using: &numbers)
    pair.samples.firstItem.append(UInt32(pair.items.rowCount))
    pair.samples.itemCount.append(UInt32(count))
    pair.samples.deliveredRows.append(1)
    for _ in 0..<count {
      let analyte = numbers.pick(["铅", "镉", "毒死蜱", "菌落总数", ""])
      let texts: [ItemText: String] = [
        .analyte: analyte, .hazard: numbers.pick(["heavy_metal", "pesticide", "microbe", ""]),
        .qualifier: numbers.pick(["=", "=", "=", "nd", "<", ">", "detected", "text", "none", ""]),
        .unit: numbers.pick(["mg/kg", "mg/kg", "μg/kg", "", "g/100g", "mg/L", "三堆"]),
        .derivedVerdict: numbers.pick(["pass", "pass", "undetermined", ""]),
        .verdict: numbers.pick(["pass", "pass", "fail", "undetermined", "not_tested", ""]),
      ]
      pair.items.sample.append(UInt32(sample))
      for column in ItemText.allCases {
        let code = pair.items.text[column.rawValue].dictionary.intern(texts[column] ?? "")
        pair.items.text[column.rawValue].append(code)
      }
      for column in ItemDecimal.allCases {
        let value =
          numbers.chance(30) ? nil : ExactDecimal(mantissa: Int64.random(in: 0..<500, using: &numbers), scale: 2)
        pair.items.decimals[column.rawValue].append(value)
      }
      let flags: ItemFlags = numbers.chance(10) ? .unitMismatch : numbers.chance(10) ? .unitConverted : []
      pair.items.flags.append(flags.rawValue)
      pair.items.line.append(Int64(sample + 2))
      pair.items.byteOffset.append(Int64(sample * 100))
    }
  }

  /// Segments with some rows excluded, as one snapshot.
  static func source(segments: Int, rows: Int, seed: UInt64) -> QuerySource {
    var numbers = SeededNumbers(state: seed)
    let visible = (0..<segments).map { index in
      let pair = tables(rows: index == 1 ? 0 : Int.random(in: 0...rows, using: &numbers), &numbers)
      let excluded = (0..<pair.samples.rowCount).filter { _ in numbers.chance(8) }.map { UInt32($0) }
      func some(_ percent: Int) -> [UInt32] {
        (0..<pair.samples.rowCount).filter { _ in numbers.chance(percent) }.map { UInt32($0) }
      }
      let pending = some(5)
      let settled = some(5).filter { !pending.contains($0) }
      return VisibleSegment(
        TableSegment(id: "s\(index)", tables: pair), excludedRows: excluded, pendingRows: pending, settledRows: settled)
    }
    return QuerySource(
      snapshot: 7, segments: visible, tables: SmallTables.all, batchNames: ["digest0": "甲.csv.gz"])
  }
}
