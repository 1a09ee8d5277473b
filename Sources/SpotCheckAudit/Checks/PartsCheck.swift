/// inspected = passed + failed, and no part larger than its whole.
extension BulletinCheck {
  mutating func checkParts(_ figures: Figures) {
    if let sampled = figures.sampled, let inspected = figures.inspected {
      checkPart(inspected, "inspected", "检验数", of: sampled, "samples", "抽检数", figures)
    }
    // Without a printed base there is nothing that the parts could contradict.
    guard let whole = figures.inspected ?? figures.sampled else { return }
    if let passed = figures.passed, let failed = figures.failed {
      log.count(.parts)
      let sum = passed.plus(failed)
      guard !sum.agrees(with: whole) else { return }
      let label = BulletinCheck.label(figures.name, zh: false)
      log.find(
        .parts, at: figures.position, subject: figures.name, printed: whole.text, expected: sum.text,
        "\(label): \(passed.text) passed and \(failed.text) failed make \(sum.text), but \(whole.text) are printed",
        zh: "\(BulletinCheck.label(figures.name, zh: true))：合格 \(passed.text) 与不合格 \(failed.text) 合计 \(sum.text)，"
          + "而所印为 \(whole.text)")
      return
    }
    if let failed = figures.failed { checkPart(failed, "failed", "不合格数", of: whole, "inspected", "检验数", figures) }
    if let passed = figures.passed { checkPart(passed, "passed", "合格数", of: whole, "inspected", "检验数", figures) }
  }

  private mutating func checkPart(
    _ part: PrintedCount, _ name: String, _ nameZh: String, of whole: PrintedCount, _ wholeName: String,
    _ wholeZh: String, _ figures: Figures
  ) {
    log.count(.parts)
    guard part.low > whole.high else { return }
    log.find(
      .parts, at: part.position, subject: figures.name, printed: part.text, expected: "≤ \(whole.text)",
      "\(BulletinCheck.label(figures.name, zh: false)): \(part.text) \(name) are more than \(whole.text) \(wholeName)",
      zh: "\(BulletinCheck.label(figures.name, zh: true))：\(nameZh) \(part.text) 大于\(wholeZh) \(whole.text)")
  }
}
