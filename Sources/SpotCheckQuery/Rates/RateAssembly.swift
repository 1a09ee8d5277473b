import SpotCheckModel

/// Gives counted groups their codes, names, order, totals and notes.
struct RateAssembly {
  let query: RateQuery
  let dimensions: [Dimension]
  let planner: KeyPlanner
  let book: CodeBook
  let snapshot: Int64
  let scan: ScanSummary
  let filterNotes: [QueryNote]

  /// - Parameter purposeTotals: samples by purpose number when a sample can stand in several groups; nil: totals are the
  ///   sums of the groups.
  func result(_ counter: GroupCounter, purposeTotals: GroupCounter?) -> RateResult {
    let groups = counter.groups()
    let purposes = byPurpose(purposeTotals?.groups() ?? groups, isPurposeKey: purposeTotals != nil)
    let total = purposes.values.reduce(RateCounts(), +)
    let rows = sortedRows(groups, onlyPurpose: purposes.count == 1 ? purposes.keys.first : nil)
    assert(
      purposeTotals != nil || rows.reduce(RateCounts()) { $0 + $1.counts } == total,
      "the groups must add up to the total")
    return assembled(rows, purposes, total, isItemBased: purposeTotals != nil)
  }

  /// What one step of a dimension is worth in a group number.
  private var weights: [Int] {
    var weights = planner.spaces.map { _ in 1 }
    for index in weights.indices.dropLast().reversed() {
      weights[index] = weights[index + 1] * planner.spaces[index + 1].count
    }
    return weights
  }

  private func byPurpose(_ groups: [(key: Int, counts: RateCounts)], isPurposeKey: Bool) -> [String: RateCounts] {
    guard let index = planner.dimensions.firstIndex(where: { $0.kind == .purpose }) else { return [:] }
    let (weight, count) = (weights[index], planner.spaces[index].count)
    var sums = [RateCounts](repeating: RateCounts(), count: count)
    for (key, counts) in groups {
      let number = isPurposeKey ? key : key / weight % count
      sums[number] = sums[number] + counts
    }
    var result: [String: RateCounts] = [:]
    for (number, counts) in sums.enumerated() where counts.samples > 0 {
      result[planner.spaces[index].keys[number]] = counts
    }
    return result
  }

  /// Rows in order of their codes. Sorting compares one whole number a row: the ranks of its keys in mixed radix.
  private func sortedRows(_ groups: [(key: Int, counts: RateCounts)], onlyPurpose: String?) -> [RateRow] {
    let weights = weights
    let shown = dimensions.indices
    // Everything that a loop over the groups touches is taken out of its structs first.
    let cardinalities = planner.spaces.map(\.count)
    let codes = shown.map { planner.spaces[$0].keys }
    let names = shown.map { index in codes[index].map { book.name($0, dimensions[index]) } }
    let ranks = shown.map { index -> [Int] in
      let keys = codes[index]
      let order = keys.indices.sorted { keys[$0].utf8.lexicographicallyPrecedes(keys[$1].utf8) }
      var ranks = [Int](repeating: 0, count: keys.count)
      for (rank, number) in order.enumerated() { ranks[number] = rank }
      return ranks
    }
    var entries: [(rank: Int, group: Int)] = []
    entries.reserveCapacity(groups.count)
    for (place, group) in groups.enumerated() {
      var rank = 0
      for index in shown {
        let count = cardinalities[index]
        rank = rank * count + ranks[index][group.key / weights[index] % count]
      }
      entries.append((rank, place))
    }
    // Those of kept counts are in order already, whose texts are; and the first array that is sorted costs a search through all
    // conformances of the program.
    if entries.indices.dropFirst().contains(where: { entries[$0].rank < entries[$0 - 1].rank }) {
      entries.sort { $0.rank < $1.rank }
    }
    let purposeColumn = dimensions.firstIndex { $0.kind == .purpose }
    let purposes = purposeColumn.map { codes[$0].map(RateAssembly.purpose) } ?? []
    let common = purposeColumn == nil ? onlyPurpose.map(RateAssembly.purpose) : nil
    var rows: [RateRow] = []
    rows.reserveCapacity(entries.count)
    var last = -1
    var numbers = shown.map { _ in 0 }
    for (rank, place) in entries {
      let (key, counts) = groups[place]
      // When purposes are pooled their key stands last, is not shown, and its groups come together here.
      if rank == last {
        rows[rows.count - 1].counts = rows[rows.count - 1].counts + counts
        continue
      }
      last = rank
      for index in shown { numbers[index] = key / weights[index] % cardinalities[index] }
      rows.append(
        RateRow(
          codes: shown.map { codes[$0][numbers[$0]] }, names: shown.map { names[$0][numbers[$0]] }, counts: counts,
          purpose: purposeColumn.map { purposes[numbers[$0]] } ?? common))
    }
    return rows
  }

  private func assembled(
    _ rows: [RateRow], _ byPurpose: [String: RateCounts], _ total: RateCounts, isItemBased: Bool
  ) -> RateResult {
    let several = byPurpose.count > 1
    let star = dimensions.map { _ in CodeBook.totalCode }
    let purpose = Dimension(.purpose)
    let purposeCodes = byPurpose.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    var purposeTotals: [RateRow] = []
    if several, !query.pool, dimensions.count > 1, let index = dimensions.firstIndex(of: purpose) {
      purposeTotals = purposeCodes.map { code in
        var codes = star
        codes[index] = code
        return row(codes, byPurpose[code] ?? RateCounts(), purpose: code)
      }
    }
    var totalRow = row(star, total, purpose: several ? nil : purposeCodes.first)
    totalRow.hasRate = query.pool || !several
    return RateResult(
      query: query, dimensions: dimensions, snapshot: snapshot, rows: rows, purposeTotals: purposeTotals,
      total: totalRow,
      purposeMix: purposeCodes.map { code in
        RateRow(
          codes: [code], names: [book.name(code, purpose)], counts: byPurpose[code] ?? RateCounts(),
          purpose: RateAssembly.purpose(code))
      },
      notes: filterNotes + notes(byPurpose, purposeCodes, several: several, isItemBased: isItemBased), scan: scan)
  }

  private func row(_ codes: [String], _ counts: RateCounts, purpose: String?) -> RateRow {
    RateRow(
      codes: codes, names: zip(codes, dimensions).map { book.name($0, $1) }, counts: counts,
      purpose: purpose.map(RateAssembly.purpose))
  }

  /// A purpose that nobody named is unknown.
  private static func purpose(_ code: String) -> Purpose { Purpose(rawValue: code) ?? .unknown }

  private func notes(
    _ byPurpose: [String: RateCounts], _ codes: [String], several: Bool, isItemBased: Bool
  ) -> [QueryNote] {
    var notes: [QueryNote] = []
    let pending = byPurpose.values.reduce(0) { $0 + $1.pending }
    if pending > 0 {
      notes.append(
        QueryNote(
          "pending", "\(pending) samples have an objection or a retest pending: their verdicts may change",
          zh: "有 \(pending) 个样品处于异议或复检处置中，结论可能变化"))
    }
    if several {
      let mix = codes.map { "\($0.isEmpty ? "-" : $0) \(byPurpose[$0]?.samples ?? 0)" }.joined(separator: ", ")
      let mixZh = codes.map { book.name($0, Dimension(.purpose)) + " \(byPurpose[$0]?.samples ?? 0)" }
        .joined(separator: "，")
      if query.pool {
        notes.append(
          QueryNote(
            "pooled", "purposes are pooled: such a rate describes no population. Samples: \(mix)",
            zh: "已合并不同任务类别，合并后的合格率不代表任何总体。样品数：\(mixZh)", isWarning: true))
      } else {
        notes.append(
          QueryNote(
            "purposes_not_pooled",
            "the total is over several purposes, so it has counts but no rate; --pool would pool them. Samples: \(mix)",
            zh: "合计包含不同任务类别，只列数量，不计算合格率；如需合并请用 --pool。样品数：\(mixZh)"))
      }
    }
    if isItemBased {
      notes.append(
        QueryNote(
          "item_based",
          "a sample counts once under each analyte or hazard it was tested for; the rows do not add up to the total",
          zh: "每个样品在其检验的每个项目（危害类别）下各计一次，各行之和不等于合计"))
    }
    if dimensions.contains(where: { $0.kind == .producerDistrict }) {
      notes.append(
        QueryNote("district_role", "producer_district is where the producer is", zh: "生产者区县：按生产者所在地统计"))
    } else if dimensions.contains(where: { $0.kind == .unitDistrict }) {
      notes.append(
        QueryNote("district_role", "unit_district is where the sample was taken", zh: "被抽样单位区县：按被抽样单位所在地统计"))
    } else if dimensions.contains(where: { $0.kind == .district }) {
      notes.append(
        QueryNote(
          "district_role", "district is the one that counts for each bureau: the sampled unit's or the producer's",
          zh: "区县：按各部门的统计口径（被抽样单位所在地或生产者所在地）"))
    }
    return notes
  }
}
