import SpotCheckModel
import SpotCheckStatistics

// What stands beside the sample rate, counted in passes of its own over the same prepared segments.
extension RateEngine {
  func addMeasures(_ scan: Scan, to result: inout RateResult) throws {
    if query.measures.contains(where: { $0.readsItems }) { try addItems(scan, to: &result) }
    if query.measures.contains(.hazard) { addShares(to: &result) }
    if query.measures.contains(.enterprise) { try addEnterprises(scan, to: &result) }
  }

  private func addItems(_ scan: Scan, to result: inout RateResult) throws {
    let (cardinalities, groups, prepared) = (scan.cardinalities, scan.groups, scan.prepared)
    let scans = try RateEngine.parallel(scan.parts, threads: scan.threads) {
      ItemRateScan(cardinalities: cardinalities, groups: groups)
    } body: { items, part in
      try items.count(prepared[part.segment], part.rows)
    }
    var counter = GroupCounter(groups: groups)
    var (inspected, withoutItems) = (0, 0)
    for items in scans {
      counter.merge(items.counter)
      inspected += items.inspected
      withoutItems += items.withoutItems
    }
    if withoutItems > 0 {
      result.notes.append(
        QueryNote(
          "without_items",
          "\(withoutItems) of \(inspected) inspected samples came without items: rates of items and hazards leave them out",
          zh: "\(inspected) 个检验样品中有 \(withoutItems) 个未附检验项目，项次与危害类别的比率不含这些样品"))
    }
    let keys = GroupKeys(scan, shown: result.dimensions.count)
    var byRow: [[String]: RateCounts] = [:]
    var byPurpose: [String: RateCounts] = [:]
    var total = RateCounts()
    for (group, counts) in counter.groups() {
      byRow[keys.codes(group), default: RateCounts()] += counts
      byPurpose[keys.purpose(group), default: RateCounts()] += counts
      total += counts
    }
    for index in result.rows.indices { result.rows[index].items = byRow[result.rows[index].codes] ?? RateCounts() }
    for index in result.purposeTotals.indices {
      result.purposeTotals[index].items = byPurpose[result.purposeCode(result.purposeTotals[index])] ?? RateCounts()
    }
    result.total.items = total
  }

  /// 不合格项次占比: of all failing items among rows that differ only in what was tested.
  private func addShares(to result: inout RateResult) {
    let kept = result.dimensions.indices.filter { !result.dimensions[$0].isItemBased }
    var sums: [[String]: Int] = [:]
    func peers(_ row: RateRow) -> [String] { kept.map { row.codes[$0] } }
    for row in result.rows { sums[peers(row), default: 0] += row.items?.failed ?? 0 }
    for index in result.rows.indices { result.rows[index].failingItems = sums[peers(result.rows[index])] }
  }

  private func addEnterprises(_ scan: Scan, to result: inout RateResult) throws {
    guard !scan.isItemBased else {
      throw QueryError(
        "enterprises are counted by sample, not by what was tested",
        advice: "Leave analyte and hazard out, or leave out --measure enterprise.")
    }
    var (codes, names) = (KeySpace(), KeySpace())
    var maps: [EnterpriseScan.Maps] = []
    for entry in scan.prepared {
      maps.append(
        EnterpriseScan.Maps(
          codes: codes.numbers(try entry.segment.entries(query.enterprises.codeColumn), CodeTable.normalise),
          names: names.numbers(try entry.segment.entries(query.enterprises.nameColumn), CodeTable.normalise)))
    }
    let (cardinalities, prepared, ready, role) = (scan.cardinalities, scan.prepared, maps, query.enterprises)
    let scans = try RateEngine.parallel(scan.parts, threads: scan.threads) {
      EnterpriseScan(cardinalities: cardinalities, role: role)
    } body: { enterprises, part in
      try enterprises.count(prepared[part.segment], ready[part.segment], part.rows)
    }
    var all = EnterpriseScan(cardinalities: cardinalities, role: role)
    for enterprises in scans { all.merge(enterprises) }

    let keys = GroupKeys(scan, shown: result.dimensions.count)
    // An enterprise counts once a group, so sums of rows are no totals: each total is counted for itself.
    var rowNumbers: [[String]: Int] = [:]
    for (index, row) in result.rows.enumerated() { rowNumbers[row.codes] = index }
    for (index, enterprises) in all.byGroup({ rowNumbers[keys.codes($0)] ?? -1 }) where index >= 0 {
      result.rows[index].enterprises = EnterpriseScan.counts(enterprises)
    }
    let purposes = all.byGroup { keys.purposeNumber($0) }
    for index in result.purposeTotals.indices {
      let number = keys.purposeNumber(of: result.purposeCode(result.purposeTotals[index]))
      result.purposeTotals[index].enterprises = EnterpriseScan.counts(purposes[number] ?? [:])
    }
    result.total.enterprises = EnterpriseScan.counts(all.byGroup { _ in 0 }[0] ?? [:])
    for index in result.rows.indices where result.rows[index].enterprises == nil {
      result.rows[index].enterprises = EnterpriseCounts()
    }
    let roleName = query.enterprises.rawValue
    let roleZh = query.enterprises == .producer ? "标称生产企业" : "被抽样单位"
    result.notes.append(
      QueryNote(
        "enterprise_role",
        "enterprises are by \(roleName); each counts once a row, so rows do not add up to the total",
        zh: "企业按\(roleZh)统计；同一企业在每行只计一次，各行之和不等于合计"))
  }
}

extension RateResult {
  /// The purpose's code in a purpose total.
  func purposeCode(_ row: RateRow) -> String {
    dimensions.firstIndex { $0.kind == .purpose }.map { row.codes[$0] } ?? ""
  }
}

/// What a group number stands for.
struct GroupKeys {
  private let spaces: [KeySpace]
  private let weights: [Int]
  private let shown: Int
  private let purposeIndex: Int?

  /// - Parameter shown: how many dimensions are in the answer; a pooled purpose stands behind them.
  init(_ scan: RateEngine.Scan, shown: Int) {
    spaces = scan.planner.spaces
    self.shown = shown
    purposeIndex = scan.purposeIndex
    var weights = spaces.map { _ in 1 }
    for index in weights.indices.dropLast().reversed() { weights[index] = weights[index + 1] * spaces[index + 1].count }
    self.weights = weights
  }

  func codes(_ group: Int) -> [String] {
    (0..<shown).map { spaces[$0].keys[group / weights[$0] % spaces[$0].count] }
  }

  func purposeNumber(_ group: Int) -> Int {
    purposeIndex.map { group / weights[$0] % spaces[$0].count } ?? 0
  }

  func purpose(_ group: Int) -> String { purposeIndex.map { spaces[$0].keys[purposeNumber(group)] } ?? "" }

  func purposeNumber(of code: String) -> Int {
    purposeIndex.flatMap { spaces[$0].keys.firstIndex(of: code) } ?? 0
  }
}
