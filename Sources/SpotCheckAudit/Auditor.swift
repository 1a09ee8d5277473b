/// Attacks the numbers of one published document.
///
/// What the document is, is told from its content: the YAML of <doc:Audit>, an answer of `spotcheck rate`, or running
/// text with tables. Nothing is read but the bytes given, and nothing outside them can make it trap.
public struct Auditor: Sendable {
  /// Larger documents are refused.
  public static let byteLimit = 16 << 20

  /// Targets for pass rates that rounding must not cross. None: 90 % and 95 %, as warnings.
  public var targets: [AuditTarget]

  public init(targets: [AuditTarget] = []) { self.targets = targets }

  /// Checks every claim that is understood.
  ///
  /// - Throws: ``AuditRefusal`` if the document is no text, is malformed, or holds nothing that could be checked.
  public func audit(_ bytes: [UInt8]) throws(AuditRefusal) -> AuditReport {
    let text = try DocumentText.decode(bytes)
    let report: AuditReport
    switch DocumentForm.of(text) {
    case .bulletin: report = check(try BulletinReader.read(text), .bulletin)
    case .text: report = check(Auditor.readText(text), .text)
    case .json: report = check(try RateTable.read(json: text))
    case .separated(let separator): report = check(try RateTable.read(separated: text, separator: separator))
    case .markup:
      throw AuditRefusal(
        "this is HTML or XML; save the page as text, or copy what it shows into a .txt file, and audit that")
    }
    guard report.claims > 0 else { throw AuditRefusal(Auditor.nothingChecked(report)) }
    return report
  }

  private func check(_ bulletin: Bulletin, _ form: AuditReport.Form) -> AuditReport {
    var check = BulletinCheck(bulletin, targets: targets)
    check.run()
    return check.log.report(form, title: bulletin.title, notUnderstood: bulletin.notUnderstood)
  }

  private func check(_ table: RateTable) -> AuditReport {
    var check = RateTableCheck(table)
    check.run()
    return check.log.report(.rates, title: "", notUnderstood: 0)
  }

  private static func readText(_ text: String) -> Bulletin {
    let source = SourceText(text)
    let tables = TableReader.read(source)
    let prose = ProseReader.read(source, lines: tables.otherLines)
    var bulletin = Bulletin()
    bulletin.breakdowns = tables.breakdowns + InferredBreakdowns.find(prose.statements)
    bulletin.statements = prose.statements.map(\.figures)
    bulletin.changes = prose.changes
    bulletin.notUnderstood = tables.notUnderstood + prose.notUnderstood
    return bulletin
  }

  private static func nothingChecked(_ report: AuditReport) -> String {
    let seen =
      report.notUnderstood > 0
      ? "\(report.notUnderstood) sentences with numbers were not understood" : "no numbers of samples were found"
    return "nothing could be checked: \(seen). Write the figures down as a bulletin in YAML (samples/bulletins has "
      + "examples), or give text such as 抽检812批次，不合格47批次，合格率94.21%"
  }
}
