import SpotCheckModel

@testable import SpotCheckQuery

/// The slow, obvious twin of the query engine: one row at a time, texts and dictionaries only.
struct NaiveQuery {
  let query: RateQuery
  let source: QuerySource

  struct Answer {
    var groups: [[String]: RateCounts] = [:]
    var total = RateCounts()
    /// Items of inspected samples.
    var items: [[String]: RateCounts] = [:]
    /// Enterprises with samples and with failing samples; inspected samples without an enterprise.
    var enterprises: [[String]: (all: Set<String>, failed: Set<String>, unnamed: Int)] = [:]
  }

  /// Groups and totals, one row at a time.
  func run() throws -> Answer {
    var answer = Answer()
    let isItemBased = query.dimensions.contains { $0.isItemBased }
    let owners = query.measures.contains(.enterprise) ? try owners() : [:]
    for visible in try source.segments() {
      guard let segment = try NaiveQuery.table(visible) else { continue }
      let tables = segment.tables
      let itemsOf = Dictionary(grouping: tables.items.sample.indices) { tables.items.sample[$0] }
      for row in 0..<tables.samples.rowCount where !visible.excludedRows.contains(UInt32(row)) {
        let own = counts(tables, row, visible)
        let items = itemsOf[UInt32(row)] ?? []
        if isItemBased {
          let places: [Int?] = items.isEmpty ? [nil] : items
          var found: [[String]: [String]] = [:]
          for item in places where matches(tables, row, item) {
            let key = query.dimensions.map { self.key($0, tables, row, item) }
            found[key, default: []].append(item.map { tables.items[.verdict].string($0) } ?? "own")
          }
          for (key, verdicts) in found {
            var counts = self.counts(decisive(verdicts))
            let keeps = own.refused + own.unlicensed + own.riskMonitoring + own.screening + own.listed > 0
            if keeps || verdicts == ["own"] { counts = own }
            (counts.labelOnly, counts.screeningPositive, counts.pending) = (0, 0, own.pending)
            answer.groups[key] = (answer.groups[key] ?? RateCounts()) + counts
          }
          if !found.isEmpty { answer.total = answer.total + own }
        } else if matches(tables, row, nil) {
          let key = query.dimensions.map { self.key($0, tables, row, nil) }
          answer.groups[key] = (answer.groups[key] ?? RateCounts()) + own
          answer.total = answer.total + own
          if own.inspected == 1 {
            var entry = answer.enterprises[key] ?? ([], [], 0)
            if let owner = owner(tables, row, owners) {
              entry.all.insert(owner)
              if own.failed == 1 { entry.failed.insert(owner) }
            } else {
              entry.unnamed += 1
            }
            answer.enterprises[key] = entry
          }
        }
        if own.inspected == 1, query.measures.contains(.item) {
          for item in items where matches(tables, row, item) {
            let key = query.dimensions.map { self.key($0, tables, row, item) }
            answer.items[key] =
              (answer.items[key] ?? RateCounts()) + counts(tables.items[.verdict].string(item))
          }
        }
      }
    }
    return answer
  }

  func matches(_ tables: TablePair, _ row: Int, _ item: Int?) -> Bool {
    if let period = query.period {
      guard let day = tables.samples[query.periodBy].day(row), period.days.contains(day.daysSinceEpoch) else {
        return false
      }
    }
    return matches(query.filter?.root, tables, row, item)
  }

  /// Codes that a name was delivered with, among the inspected samples that match.
  private func owners() throws -> [String: Set<String>] {
    var owners: [String: Set<String>] = [:]
    for visible in try source.segments() {
      guard let segment = try NaiveQuery.table(visible) else { continue }
      for row in 0..<segment.sampleRows where !visible.excludedRows.contains(UInt32(row)) {
        let samples = segment.tables.samples
        let (code, name) = (samples[.producerCode].string(row), samples[.producerName].string(row))
        guard !code.isEmpty, !name.isEmpty, matches(segment.tables, row, nil),
          counts(segment.tables, row, visible).inspected == 1
        else { continue }
        owners[name, default: []].insert(code)
      }
    }
    return owners
  }

  private func owner(_ tables: TablePair, _ row: Int, _ owners: [String: Set<String>]) -> String? {
    let (code, name) = (tables.samples[.producerCode].string(row), tables.samples[.producerName].string(row))
    if !code.isEmpty { return "code " + code }
    if name.isEmpty { return nil }
    if let known = owners[name], known.count == 1, let code = known.first { return "code " + code }
    return "name " + name
  }

  private func decisive(_ verdicts: [String]) -> String {
    for verdict in ["fail", "pass"] where verdicts.contains(verdict) { return verdict }
    return verdicts.contains("undetermined") || verdicts.contains("") ? "undetermined" : "not_tested"
  }

  private func counts(_ verdict: String) -> RateCounts {
    switch verdict {
    case "pass": RateCounts(passed: 1)
    case "fail": RateCounts(failed: 1)
    case "not_tested": RateCounts(notTested: 1)
    default: RateCounts(undetermined: 1)
    }
  }

  /// Where one sample counts. Written out on its own, not with the engine's tables.
  private func counts(_ tables: TablePair, _ row: Int, _ visible: VisibleSegment) -> RateCounts {
    let verdict = tables.samples[.verdict].string(row)
    let flags = SampleFlags(rawValue: tables.samples.flags[row])
    var counts = RateCounts()
    if tables.samples[.purpose].string(row) == "screening" {
      counts.screening = 1
      counts.screeningPositive = verdict == "fail" ? 1 : 0
    } else if flags.contains(.listed) {
      counts.listed = 1
    } else if verdict == "not_tested" {
      if flags.contains(.unlicensed) {
        counts.unlicensed = 1
      } else if flags.contains(.refused) {
        counts.refused = 1
      } else {
        counts.notTested = 1
      }
    } else if flags.contains(.riskMonitoring) {
      counts.riskMonitoring = 1
    } else {
      counts = self.counts(verdict)
      if verdict == "fail", flags.contains(.labelOnly) { counts.labelOnly = 1 }
    }
    let isOpen = flags.contains(.pending) && !visible.settledRows.contains(UInt32(row))
    if isOpen || visible.pendingRows.contains(UInt32(row)) { counts.pending = 1 }
    return counts
  }

  static func table(_ visible: VisibleSegment) throws -> TableSegment? {
    let segment = try visible.open()
    return (segment as? MarkedSegment)?.base as? TableSegment ?? segment as? TableSegment
  }

  private func onMap(_ code: String, _ table: CodeTable?) -> String {
    guard query.onMap == .today, let table else { return code }
    let current = table.current(code)
    return current.count == 1 ? current[0] : code
  }

  func key(_ dimension: Dimension, _ tables: TablePair, _ row: Int, _ item: Int?) -> String {
    let samples = tables.samples
    func period(_ make: (Int, Int) -> String) -> String {
      guard let day = samples[query.periodBy].day(row) else { return "" }
      return make(day.civil.year, day.civil.month)
    }
    func tree(_ text: String, _ table: CodeTable?) -> String {
      guard let table else { return text }
      let code = onMap(text, table)
      return dimension.level.map { table.ancestor(of: code, level: $0) } ?? code
    }
    let districts = source.tables["districts"]
    switch dimension.kind {
    case .category: return tree(samples[.category].string(row), source.tables["categories"])
    case .district:
      let park = samples[.park].string(row)
      if query.parks == .separate, !park.isEmpty {
        let host = source.tables["parks"]?.entry(park)?.parent ?? ""
        let hostLevel = districts?.entry(host)?.level ?? 0
        if hostLevel == 0 || (dimension.level ?? 99) >= hostLevel { return park }
      }
      return tree(samples[.district].string(row), districts)
    case .unitDistrict: return tree(samples[.unitDistrict].string(row), districts)
    case .producerDistrict: return tree(samples[.producerDistrict].string(row), districts)
    case .year: return period { year, _ in "\(year)" }
    case .quarter: return period { year, month in "\(year)Q\((month - 1) / 3 + 1)" }
    case .month: return period { year, month in "\(year)-" + (month < 10 ? "0" : "") + "\(month)" }
    case .analyte: return item.map { tables.items[.analyte].string($0) } ?? ""
    case .hazard: return item.map { tables.items[.hazard].string($0) } ?? ""
    default:
      let column = SampleText.allCases.first { $0.name == dimension.kind.rawValue }
      return column.map { samples[$0].string(row) } ?? "no such column"
    }
  }

  private func matches(_ node: FilterNode?, _ tables: TablePair, _ row: Int, _ item: Int?) -> Bool {
    switch node {
    case nil: return true
    case .all(let parts): return parts.allSatisfy { matches($0, tables, row, item) }
    case .any(let parts): return parts.contains { matches($0, tables, row, item) }
    case .not(let part): return !matches(part, tables, row, item)
    case .comparison(let term): return matches(term, tables, row, item)
    }
  }

  private func matches(_ term: FilterTerm, _ tables: TablePair, _ row: Int, _ item: Int?) -> Bool {
    let values = term.values.map(\.text)
    func compare<T: Comparable>(_ own: T, _ other: T) -> Bool {
      switch term.comparison {
      case .equal: own == other
      case .notEqual: own != other
      case .less: own < other
      case .lessOrEqual: own <= other
      case .greater: own > other
      case .greaterOrEqual: own >= other
      case .like: false
      }
    }
    /// A code is meant if it or one of its ancestors is named.
    func tree(_ text: String, _ table: CodeTable?) -> Bool {
      guard let table else { return false }
      var chain: [String] = []
      var code = onMap(text, table)
      while !code.isEmpty {
        chain.append(code)
        code = table.entry(code)?.parent ?? ""
      }
      if text.isEmpty { chain = [""] }
      let meant = values.map { value in
        onMap(
          table.entries.first { $0.code == value || $0.name == value || $0.aliases.contains(value) }?.code ?? value,
          table)
      }
      let isAmong = meant.contains { chain.contains($0) }
      return term.comparison == .notEqual ? !isAmong : isAmong
    }
    switch term.column {
    case .sample(.category): return tree(tables.samples[.category].string(row), source.tables["categories"])
    case .sample(.district): return tree(tables.samples[.district].string(row), source.tables["districts"])
    case .sample(let column):
      let text = tables.samples[column].string(row)
      if term.comparison == .equal { return values.contains(text) }
      if term.comparison == .notEqual { return !values.contains(text) }
      return !text.isEmpty && compare(text, values[0])
    case .item(let column):
      let text = item.map { tables.items[column].string($0) } ?? ""
      return term.comparison == .notEqual ? !values.contains(text) : values.contains(text)
    case .plain(let column): return values.contains(tables.samples[column].string(row))
    case .day(let column):
      guard let day = tables.samples[column].day(row) else {
        return values == [""] ? term.comparison == .equal : term.comparison == .notEqual
      }
      if values == [""] { return term.comparison == .notEqual }
      return compare(day.description, values[0])
    case .period(.year):
      guard let day = tables.samples[query.periodBy].day(row), let year = Int(values[0]) else {
        return term.comparison == .notEqual
      }
      return compare(day.civil.year, year)
    case .line: return compare(tables.samples.line[row], Int64(values[0]) ?? 0)
    case .flag:
      let isSet = tables.samples.flags[row] & SampleFlags.contradiction.rawValue != 0
      return term.comparison == .equal ? isSet : !isSet
    default: return false
    }
  }
}
