/// Text and table of one document must give the same numbers for the same name.
///
/// A name may stand in several tables and be spoken of more than once (a year and a quarter), so one statement that
/// agrees with one row settles the name. Where none does, the closest pair is reported.
extension BulletinCheck {
  mutating func checkAgreement() {
    let rows = rowsByName()
    guard !rows.isEmpty else { return }
    var best: [String: FigureComparison] = [:]
    var order: [String] = []
    var spoken: [String: Int] = [:]
    for statement in bulletin.statements {
      let name = GroupNames.normal(statement.name)
      guard let partners = rows[name], spoken[name, default: 0] < BulletinCheck.mostOfOneName else { continue }
      spoken[name, default: 0] += 1
      for row in partners {
        let comparison = FigureComparison(statement, row)
        guard comparison.agreements > 0 || !comparison.differences.isEmpty else { continue }
        if let known = best[name] {
          if comparison.isCloser(than: known) { best[name] = comparison }
        } else {
          best[name] = comparison
          order.append(name)
        }
      }
    }
    for name in order { if let comparison = best[name] { report(comparison, isWhole: name == GroupNames.whole) } }
  }

  /// A document speaks of nothing more often; so a hostile one costs no more than its size.
  private static let mostOfOneName = 16

  private func rowsByName() -> [String: [Figures]] {
    var rows: [String: [Figures]] = [:]
    func add(_ row: Figures, _ name: String) {
      if rows[name, default: []].count < BulletinCheck.mostOfOneName { rows[name, default: []].append(row) }
    }
    if let total = bulletin.total { add(total, GroupNames.whole) }
    for breakdown in bulletin.breakdowns where !breakdown.isInferred {
      for row in breakdown.rows { add(row, GroupNames.normal(row.name)) }
      if let total = breakdown.total { add(total, GroupNames.whole) }
    }
    return rows
  }

  private mutating func report(_ comparison: FigureComparison, isWhole: Bool) {
    // Two totals without a figure in common speak of different things, unless the document declares which is meant.
    if isWhole, comparison.agreements == 0, bulletin.total == nil { return }
    log.count(.agreement)
    guard let difference = comparison.differences.first else { return }
    let name = comparison.name
    log.find(
      .textTable, comparison.agreements > 0 ? .error : .warning, at: difference.position, subject: name,
      printed: difference.text, expected: difference.table,
      "\(BulletinCheck.label(name, zh: false)): \(difference.english) is \(difference.text) in the text and "
        + "\(difference.table) in the table (line \(difference.line))",
      zh: "\(BulletinCheck.label(name, zh: true))：正文\(difference.chinese)为 \(difference.text)，"
        + "表中（第 \(difference.line) 行）为 \(difference.table)")
  }
}

/// What two places say about one name, side by side.
struct FigureComparison: Hashable {
  var name: String
  /// Figures that both give, and alike.
  var agreements = 0
  var differences: [FigureDifference] = []

  init(_ statement: Figures, _ row: Figures) {
    name = statement.name.isEmpty ? row.name : statement.name
    compare("the number of batches", "批次数", statement.base, row.base)
    compare("the number passed", "合格数", statement.passed, row.passed)
    compare("the number failed", "不合格数", statement.failed, row.failed)
    for rate in statement.rates {
      guard let table = row.percent(rate.kind) else { continue }
      if abs(rate.percent.value - table.value) <= max(rate.percent.halfUnit, table.halfUnit) {
        agreements += 1
      } else {
        differences.append(
          FigureDifference(
            english: "the " + rate.kind.english, chinese: rate.kind.chinese, text: rate.percent.text,
            table: table.text, position: rate.percent.position, line: table.position.line))
      }
    }
  }

  private mutating func compare(_ english: String, _ chinese: String, _ own: PrintedCount?, _ table: PrintedCount?) {
    guard let own, let table else { return }
    if own.agrees(with: table) {
      agreements += 1
    } else {
      differences.append(
        FigureDifference(
          english: english, chinese: chinese, text: own.text, table: table.text, position: own.position,
          line: table.position.line))
    }
  }

  func isCloser(than other: FigureComparison) -> Bool {
    differences.isEmpty != other.differences.isEmpty
      ? differences.isEmpty : agreements - differences.count > other.agreements - other.differences.count
  }
}

/// One figure that two places give differently.
struct FigureDifference: Hashable {
  var english: String
  var chinese: String
  var text: String
  var table: String
  var position: AuditPosition
  var line: Int
}

/// Names of groups, as far as text and table may write them differently.
enum GroupNames {
  /// The total, under whatever name.
  static let whole = "合计"

  private static let wholes: Set<String> = ["", "合计", "总计", "共计", "累计", "总体", "全部", "全省", "全市", "全国", "总数", "小计"]
  private static let endings = ["环节", "地区", "食品", "样品", "抽检", "市", "州", "县", "区"]

  /// Without blanks, brackets and the ending that one of the two often leaves out: 西宁地区, 西宁市 and 西宁.
  static func normal(_ name: String) -> String {
    var depth = 0
    var view = String.UnicodeScalarView()
    for scalar in SourceText(name).scalars where scalar != " " {
      if scalar == "(" || scalar == "[" { depth += 1 }
      if depth == 0 { view.append(scalar) }
      if scalar == ")" || scalar == "]" { depth = max(0, depth - 1) }
    }
    let text = String(view)
    if wholes.contains(text) { return whole }
    for ending in endings where text.hasSuffix(ending) && text.count - ending.count >= 2 {
      return String(text.dropLast(ending.count))
    }
    return text
  }
}
