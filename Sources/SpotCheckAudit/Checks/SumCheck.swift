/// Margins: the rows of a breakdown against the total.
extension BulletinCheck {
  /// One column of counts.
  private struct Column: Sendable {
    var code: AuditCode
    var english: String
    var chinese: String
    var value: @Sendable (Figures) -> PrintedCount?
  }

  private static let columns: [Column] = [
    Column(code: .marginInspected, english: "batches sampled", chinese: "抽检批次", value: \.sampled),
    Column(code: .marginInspected, english: "batches inspected", chinese: "检验批次", value: \.inspected),
    Column(code: .marginFailed, english: "batches failed", chinese: "不合格批次", value: \.failures),
    Column(code: .marginOther, english: "batches passed", chinese: "合格批次", value: \.passed),
  ]

  mutating func checkSums(_ breakdown: Breakdown) {
    let rows = breakdown.summands
    guard let total = breakdown.total ?? bulletin.total, !rows.isEmpty else { return }
    for column in BulletinCheck.columns {
      guard let whole = column.value(total) else { continue }
      let counts = rows.compactMap(column.value)
      guard counts.count == rows.count else { continue }
      // Where passes are printed instead, failures are just the other two columns again.
      if column.code == .marginFailed, total.passed != nil, rows.allSatisfy({ $0.failed == nil }) { continue }
      log.count(.sums)
      check(.sum(counts, at: breakdown.position), column, of: whole, breakdown)
    }
  }

  private mutating func check(_ sum: PrintedCount, _ column: Column, of whole: PrintedCount, _ breakdown: Breakdown) {
    let rows = breakdown.summands.count
    if breakdown.isPartial {
      guard sum.low > whole.high else { return }
      log.find(
        column.code, at: breakdown.position, subject: breakdown.name, printed: whole.text, expected: "≥ \(sum.text)",
        "\(breakdown.name): \(rows) rows, though only a part, have \(sum.text) \(column.english), more than the total "
          + "of \(whole.text)",
        zh: "\(breakdown.name)：所列 \(rows) 行仅为部分，\(column.chinese)合计 \(sum.text) 已超过总数 \(whole.text)")
      return
    }
    guard !sum.agrees(with: whole) else { return }
    let difference = sum.low - whole.low
    let sign = difference > 0 ? "+" : ""
    // In running text, rows without failures are often left out: then only fewer batches, with all failures, are seen.
    let mayBeLeftOut = breakdown.isInferred && column.code == .marginInspected && sum.high < whole.low
    let hint = mayBeLeftOut ? "; either a row was left out or a number is wrong" : ""
    let hintZh = mayBeLeftOut ? "；或漏列，或数字有误" : ""
    log.find(
      column.code, mayBeLeftOut ? .warning : .error, at: breakdown.position, subject: breakdown.name,
      printed: whole.text, expected: sum.text,
      "\(breakdown.name): the \(column.english) of \(rows) rows add up to \(sum.text), the total says \(whole.text) "
        + "(\(sign)\(difference))\(hint)",
      zh:
        "\(breakdown.name)：\(rows) 行\(column.chinese)之和为 \(sum.text)，总数印作 \(whole.text)（相差 \(sign)\(difference)）\(hintZh)"
    )
  }
}
