import SpotCheckModel
import SpotCheckQuery

/// Samples written out one by one, so that every count can be checked by eye.
struct SmallStore {
  var pair = TablePair()

  mutating func add(
    _ purpose: Purpose, _ verdict: Verdict, _ texts: [SampleText: String] = [:], flags: SampleFlags = [],
    day: String = "2024-03-05", items: [(String, String, Verdict)] = []
  ) {
    var texts = texts
    texts[.purpose] = purpose.rawValue
    texts[.verdict] = verdict.rawValue
    let row = pair.samples.rowCount
    for column in SampleText.allCases {
      let code = pair.samples.text[column.rawValue].dictionary.intern(texts[column] ?? "")
      pair.samples.text[column.rawValue].append(code)
    }
    for column in SamplePlainText.allCases {
      pair.samples.plainText[column.rawValue].append(Array("N\(row)".utf8).span)
    }
    for column in SampleDay.allCases { pair.samples.days[column.rawValue].append(CalendarDay(iso: day)) }
    pair.samples.flags.append(flags.rawValue)
    pair.samples.firstItem.append(UInt32(pair.items.rowCount))
    pair.samples.itemCount.append(UInt32(items.count))
    pair.samples.deliveredRows.append(1)
    pair.samples.line.append(Int64(row + 2))
    pair.samples.byteOffset.append(0)
    pair.samples.keyHash.append(UInt64(row))
    pair.samples.contentHashLow.append(0)
    pair.samples.contentHashHigh.append(0)
    for (analyte, hazard, verdict) in items {
      pair.items.sample.append(UInt32(row))
      let values: [ItemText: String] = [.analyte: analyte, .hazard: hazard, .verdict: verdict.rawValue]
      for column in ItemText.allCases {
        let code = pair.items.text[column.rawValue].dictionary.intern(values[column] ?? "")
        pair.items.text[column.rawValue].append(code)
      }
      for column in ItemDecimal.allCases { pair.items.decimals[column.rawValue].append(nil) }
      pair.items.flags.append(0)
      pair.items.line.append(0)
      pair.items.byteOffset.append(0)
    }
  }

  mutating func add(_ count: Int, _ purpose: Purpose, _ verdict: Verdict, _ texts: [SampleText: String] = [:]) {
    for _ in 0..<count { add(purpose, verdict, texts) }
  }

  var source: QuerySource {
    QuerySource(
      snapshot: 1, segments: [VisibleSegment(TableSegment(id: "s", tables: pair))], tables: SmallTables.all)
  }

  func rate(_ by: String, _ change: (inout RateQuery) throws -> Void = { _ in }) throws -> RateResult {
    var query = RateQuery(by: by.isEmpty ? [] : try Dimension.parse(list: by))
    try change(&query)
    return try query.run(on: source)
  }
}
