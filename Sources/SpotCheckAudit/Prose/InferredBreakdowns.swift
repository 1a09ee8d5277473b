/// Breakdowns that running text makes without saying so: a paragraph that goes through the levels, stages or districts.
///
/// A paragraph counts as one if its failures or its batches add up to those of the document's total; then the other
/// column must do so too (D1 of the golden bulletins: failures close at 423, batches are 5 short). If neither column
/// closes, the list is taken for a choice of rows and nothing is said.
enum InferredBreakdowns {
  static func find(_ statements: [ProseReader.Statement]) -> [Breakdown] {
    // Documents name few totals; more than these are none.
    let totals = statements.indices.filter {
      statements[$0].isWhole && statements[$0].figures.base != nil && statements[$0].figures.failures != nil
    }.prefix(8)
    guard !totals.isEmpty else { return [] }
    var result: [Breakdown] = []
    var start = statements.startIndex
    while start < statements.endIndex {
      var end = start
      while end < statements.endIndex, statements[end].paragraph == statements[start].paragraph { end += 1 }
      let found = totals.prefix { $0 < end }.compactMap { total in
        breakdown(
          (max(start, total + 1)..<end).map { statements[$0].figures }.filter { !$0.name.isEmpty },
          statements[total].figures)
      }
      if let best = found.first(where: \.closesInBoth) ?? found.first { result.append(best.breakdown) }
      start = end
    }
    return result
  }

  private struct Candidate {
    var breakdown: Breakdown
    var closesInBoth: Bool
  }

  private static func breakdown(_ rows: [Figures], _ total: Figures) -> Candidate? {
    let bases = rows.compactMap(\.base)
    let failures = rows.compactMap(\.failures)
    guard rows.count >= 2, bases.count == rows.count, failures.count == rows.count, let whole = total.base,
      let failed = total.failures
    else { return nil }
    // Zeros close by chance; two rows with failures hardly do.
    let failuresClose =
      PrintedCount.sum(failures, at: rows[0].position).agrees(with: failed) && failures.count { $0.high > 0 } >= 2
    let basesClose = PrintedCount.sum(bases, at: rows[0].position).agrees(with: whole)
    guard failuresClose || basesClose else { return nil }
    var breakdown = Breakdown(name: name(rows), position: rows[0].position, rows: rows.map(plain))
    breakdown.total = plain(total)
    breakdown.isInferred = true
    return Candidate(breakdown: breakdown, closesInBoth: basesClose && failuresClose)
  }

  /// Only base and failures, so that other columns are not taken for claims of a table.
  private static func plain(_ figures: Figures) -> Figures {
    var result = Figures(name: figures.name, position: figures.position)
    result.sampled = figures.base
    result.failed = figures.failures
    return result
  }

  private static func name(_ rows: [Figures]) -> String {
    let first = rows.first?.name ?? ""
    let last = rows.last?.name ?? ""
    return "\(first)…\(last)"
  }
}
