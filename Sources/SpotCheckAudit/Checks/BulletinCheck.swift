/// All checks of one bulletin, in a fixed order.
struct BulletinCheck {
  let bulletin: Bulletin
  /// Targets that the user or the document declared; none: the plan's 90 % and 95 %, as warnings.
  let targets: [AuditTarget]
  var log = AuditLog()

  init(_ bulletin: Bulletin, targets: [AuditTarget]) {
    self.bulletin = bulletin
    self.targets = targets + bulletin.targets
  }

  mutating func run() {
    if let total = bulletin.total { check(total, in: bulletin.breakdowns.filter { $0.total == nil }) }
    for breakdown in bulletin.breakdowns {
      checkSums(breakdown)
      // Rows found in running text are statements too, and are checked as such.
      guard !breakdown.isInferred else { continue }
      if let total = breakdown.total { check(total, in: [breakdown]) }
      for row in breakdown.rows { check(row, in: []) }
    }
    for statement in bulletin.statements { check(statement, in: []) }
    for list in bulletin.lists { check(list) }
    for change in bulletin.changes { check(change) }
    checkAgreement()
  }

  private mutating func check(_ figures: Figures, in breakdowns: [Breakdown]) {
    checkParts(figures)
    for rate in figures.rates { check(rate, of: figures, in: breakdowns) }
  }

  /// What the document calls these figures, for messages.
  static func label(_ name: String, zh: Bool) -> String {
    name.isEmpty ? (zh ? "总体" : "overall") : name
  }
}
