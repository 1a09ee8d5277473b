import SpotCheckStatistics

/// Our own answers, attacked like anybody's: parts, sums, rates and intervals are computed again from the integers.
struct RateTableCheck {
  let table: RateTable
  var log = AuditLog()

  init(_ table: RateTable) { self.table = table }

  mutating func run() {
    for row in table.rows {
      checkParts(row)
      checkRate(row)
    }
    checkSums()
  }

  private mutating func checkParts(_ row: RateTable.Row) {
    guard let samples = row.cells["samples"]?.count, let inspected = row.cells["inspected"]?.count,
      let passed = row.cells["passed"]?.count, let failed = row.cells["failed"]?.count
    else { return }
    log.count(.parts, 2)
    if inspected != passed + failed {
      find(
        .parts, row, "inspected", expected: String(passed + failed),
        "\(passed) passed and \(failed) failed are not \(inspected) inspected",
        "合格 \(passed) + 不合格 \(failed) ≠ 检验数 \(inspected)")
    }
    let known = RateTable.exclusions.compactMap { row.cells[$0]?.count }.reduce(inspected, +)
    // A newer program may exclude for reasons that this one does not know; such counts stand before the rate.
    let hasUnknown = table.measures.prefix { $0 != "rate" }.contains {
      !(RateTable.needed + RateTable.exclusions + RateTable.ofWhich).contains($0) && row.cells[$0]?.count != nil
    }
    if hasUnknown ? samples < known : samples != known {
      find(
        .parts, row, "samples", expected: String(known), "inspected and excluded samples make \(known), not \(samples)",
        "检验数与各类未计入数合计 \(known)，而样品数为 \(samples)")
    }
  }

  private mutating func checkRate(_ row: RateTable.Row) {
    guard let passed = row.cells["passed"]?.count, let inspected = row.cells["inspected"]?.count,
      let proportion = Proportion(passed, of: inspected)
    else { return }
    checkRate(row, "rate", "合格率", proportion)
    checkRate(row, "finding_rate", "问题发现率", proportion.complement)
    let interval = proportion.interval(.wilson)
    for (name, value) in [("wilson_low", interval?.lower), ("wilson_high", interval?.upper)] {
      guard let cell = row.cells[name] else { continue }
      log.count(.intervals)
      guard !RateTableCheck.isClose(cell.number, value) else { continue }
      let text = value.flatMap { PercentText(digits: 8).text(rate: $0) }.map { $0 + "%" } ?? "—"
      find(
        .interval, row, name, expected: text,
        "\(name) is printed \(cell.text.prefix(40)); Wilson's 95 % interval of \(passed)/\(inspected) has \(text)",
        "\(name) 印作 \(cell.text.prefix(40))，\(passed)/\(inspected) 的 Wilson 95% 区间为 \(text)")
    }
  }

  private mutating func checkRate(_ row: RateTable.Row, _ column: String, _ chinese: String, _ proportion: Proportion) {
    guard let cell = row.cells[column] else { return }
    log.count(.rates)
    guard !RateTableCheck.isClose(cell.number, proportion.rate) else { return }
    let text = PercentText(digits: 8).text(proportion).map { $0 + "%" } ?? "—"
    let share = "\(proportion.count)/\(proportion.total)"
    find(
      .percent, row, column, expected: text, "\(column) is printed \(cell.text.prefix(40)), but \(share) is \(text)",
      "\(chinese)印作 \(cell.text.prefix(40))，而 \(share) = \(text)")
  }

  /// To a unit of the tenth digit, which is all that CSV has.
  private static func isClose(_ printed: Double?, _ value: Double?) -> Bool {
    guard let printed, let value else { return false }
    return abs(printed - value) <= 1.5e-10
  }

  /// Rows without `*` add up to each row with `*` that covers them.
  private mutating func checkSums() {
    guard table.measure == nil || table.measure == "sample_rate" else { return }
    let parts = table.rows.filter { !$0.isSum }
    guard !parts.isEmpty else { return }
    // Other columns need not add up: one enterprise has samples in several classes.
    let columns = (RateTable.needed + RateTable.exclusions + RateTable.ofWhich).filter { column in
      parts.allSatisfy { $0.cells[column]?.count != nil }
    }
    // One sum a purpose and one of all: more are not ours, and would make a hostile file expensive.
    for sum in table.rows.filter(\.isSum).prefix(16) {
      let covered = parts.filter { part in
        part.codes.count == sum.codes.count && zip(sum.codes, part.codes).allSatisfy { $0 == "*" || $0 == $1 }
      }
      for column in columns {
        guard let printed = sum.cells[column]?.count else { continue }
        log.count(.sums)
        let added = covered.reduce(0) { $0.addingClamped($1.cells[column]?.count ?? 0) }
        guard added != printed else { continue }
        let code: AuditCode =
          switch column {
          case "inspected", "samples": .marginInspected
          case "failed": .marginFailed
          default: .marginOther
          }
        find(
          code, sum, column, expected: String(added),
          "\(column) of \(covered.count) rows add up to \(added), the sum says \(printed)",
          "\(covered.count) 行 \(column) 之和为 \(added)，合计印作 \(printed)")
      }
    }
  }

  private mutating func find(
    _ code: AuditCode, _ row: RateTable.Row, _ column: String, expected: String, _ message: String, _ messageZh: String
  ) {
    let cell = row.cells[column]
    log.find(
      code, at: cell?.position ?? row.position, subject: row.name, printed: String(cell?.text.prefix(40) ?? ""),
      expected: expected,
      "\(row.name): \(message)", zh: "\(row.name)：\(messageZh)")
  }
}
