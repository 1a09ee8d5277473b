/// Lists of classes: counts, shares, names.
extension BulletinCheck {
  mutating func check(_ list: ClassList) {
    guard !list.entries.isEmpty else { return }
    checkCounts(list)
    checkShares(list)
    for entry in list.entries {
      guard let percent = entry.share, let total = list.total else { continue }
      var figures = Figures(name: entry.name, position: entry.position)
      figures.inspected = total
      figures.failed = entry.count
      checkShare(percent, entry, of: total)
    }
    checkNames(list)
  }

  private mutating func checkCounts(_ list: ClassList) {
    let counts = list.entries.compactMap(\.count)
    guard counts.count == list.entries.count else { return }
    let sum = PrintedCount.sum(counts, at: list.position)
    if let total = list.total {
      log.count(.lists)
      let isTooMuch = sum.low > total.high && !list.countsSamples
      let isTooLittle = sum.high < total.low && !list.isPartial
      if isTooMuch || isTooLittle {
        log.find(
          .itemList, at: list.position, subject: list.name, printed: total.text, expected: sum.text,
          "\(list.name): \(counts.count) classes add up to \(sum.text), the stated total is \(total.text)",
          zh: "\(list.name)：\(counts.count) 类之和为 \(sum.text)，所述总数为 \(total.text)")
      } else if list.countsSamples, let most = list.entries.first(where: { ($0.count?.low ?? 0) > total.high }) {
        log.find(
          .itemList, at: most.position, subject: most.name, printed: most.count?.text ?? "",
          expected: "≤ \(total.text)",
          "\(list.name): \(most.name) alone has more than the stated total of \(total.text)",
          zh: "\(list.name)：仅“\(most.name)”一类已超过所述总数 \(total.text)")
      }
    }
    // Every failing sample has at least one failing item, so a whole list cannot be shorter.
    if !list.isPartial, let failures = bulletin.total?.failures, list.total == nil || !list.countsSamples {
      log.count(.lists)
      guard sum.high < failures.low else { return }
      log.find(
        .itemList, at: list.position, subject: list.name, printed: sum.text, expected: "≥ \(failures.text)",
        "\(list.name): \(sum.text) failing items cannot come from \(failures.text) failing batches: "
          + "each has at least one",
        zh: "\(list.name)：不合格项次 \(sum.text) 少于不合格批次 \(failures.text)，而每个不合格批次至少有一项不合格")
    }
  }

  private mutating func checkShare(_ percent: PrintedPercent, _ entry: ClassList.Entry, of total: PrintedCount) {
    log.count(.rates)
    guard let count = entry.count else {
      guard !ExactShare.isReachable(percent, of: total) else { return }
      log.find(
        .percentUnreachable, .warning, at: percent.position, subject: entry.name, printed: percent.text,
        expected: "k/\(total.text)", "\(entry.name): no whole number out of \(total.text) is \(percent.text)",
        zh: "\(entry.name)：\(total.text) 中任何整数都得不出 \(percent.text)")
      return
    }
    let share = Share(part: count, whole: total, isComplement: false)
    guard !ExactShare.fits(percent, share) else { return }
    let exact = ExactShare.text(share, decimals: percent.decimals, perMille: percent.isPerMille)
    let isCut = ExactShare.isTruncated(percent, share)
    log.find(
      isCut ? .percentTruncated : .percent, isCut ? .warning : .error, at: percent.position, subject: entry.name,
      printed: percent.text, expected: exact,
      "\(entry.name): the share is printed \(percent.text), but \(share.text) is \(exact)"
        + (isCut ? " (cut off, not rounded)" : ""),
      zh: "\(entry.name)：占比印作 \(percent.text)，而 \(share.text) = \(exact)" + (isCut ? "（截尾，未修约）" : ""))
  }

  /// Shares of a whole add up to 100 %, give or take half a unit for each.
  private mutating func checkShares(_ list: ClassList) {
    let shares = list.entries.compactMap(\.share)
    guard shares.count == list.entries.count, !(list.isPartial && list.countsSamples) else { return }
    log.count(.shares)
    let sum = shares.reduce(0) { $0.addingClamped($1.value) }
    let slack = shares.reduce(0) { $0.addingClamped($1.halfUnit) }
    let places = min(8, shares.map(\.decimals).max() ?? 2)
    let printed = PrintedPercent.digits(sum, places: places) + "%"
    let allowed = "100% ± \(PrintedPercent.digits(slack, places: min(9, places + 1)))%"
    if sum > PrintedPercent.whole.addingClamped(slack), !list.countsSamples {
      log.find(
        .shares, at: list.position, subject: list.name, printed: printed, expected: allowed,
        "\(list.name): \(shares.count) shares add up to \(printed): more than the whole",
        zh: "\(list.name)：\(shares.count) 项占比之和为 \(printed)，超过 100%")
    } else if sum < PrintedPercent.whole - slack, !list.isPartial {
      let rest = PrintedPercent.digits(PrintedPercent.whole - sum, places: places) + "%"
      log.find(
        .shares, .warning, at: list.position, subject: list.name, printed: printed, expected: allowed,
        "\(list.name): \(shares.count) shares add up to \(printed); a row 其他 (others) with \(rest) is missing",
        zh: "\(list.name)：\(shares.count) 项占比之和为 \(printed)，应补列“其他”\(rest)")
    }
  }

  private mutating func checkNames(_ list: ClassList) {
    log.count(.lists)
    for overlap in ClassNames.overlaps(list.entries.map(\.name)) {
      let (first, second) = (list.entries[overlap.first], list.entries[overlap.second])
      log.find(
        .duplicateClass, at: second.position, subject: second.name, printed: second.name, expected: first.name,
        "\(list.name): \(overlap.part) is counted in '\(second.name)' and in '\(first.name)'; its number cannot be told",
        zh: "\(list.name)：“\(overlap.part)”既列于“\(first.name)”，又列于“\(second.name)”，无从得知其合计")
    }
  }
}
