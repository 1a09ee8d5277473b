import SpotCheckCuration
import SpotCheckModel

/// Compares what a case expects with what came out.
struct PipelineExpectation {
  private let example: PipelineTestFile.Case

  init(_ example: PipelineTestFile.Case) { self.example = example }

  func differences(_ tables: TablePair, _ report: CurationReport) -> [String] {
    var result: [String] = []
    if let fatal = report.fatal {
      if example.fatal != fatal.code.rawValue {
        result.append("the file was refused: \(fatal.code.rawValue) \(fatal.message)")
      }
    } else if let fatal = example.fatal {
      result.append("expected the file to be refused with \(fatal), but it was accepted")
    }
    result += accounts(report)
    if report.fatal == nil {
      if !report.accounts.isBalanced { result.append("the accounts do not add up: \(report.accounts)") }
      if let samples = example.samples {
        result += rows("samples", samples, tables.samples.rowCount) { Self.sample(tables.samples, $0, $1) }
      }
      if let items = example.items {
        result += rows("items", items, tables.items.rowCount) { Self.item(tables.items, $0, $1) }
      }
    }
    if let expected = example.diagnostics { result += codes(expected, report) }
    if let expected = example.rejects {
      let found = report.rejects.map { reject in
        (reject.diagnostics.first { $0.severity >= .error } ?? reject.diagnostics.first)?.code.rawValue ?? "no reason"
      }
      if found != expected {
        result.append(
          "rejects: expected [\(expected.joined(separator: ", "))], found [\(found.joined(separator: ", "))]")
      }
    }
    return result
  }

  private func accounts(_ report: CurationReport) -> [String] {
    example.accounts.compactMap { name, count in
      let found =
        switch name {
        case "read": report.accounts.read
        case "accepted": report.accounts.accepted
        case "rejected": report.accounts.rejected
        case "duplicate": report.accounts.duplicate
        default: report.accounts.blank
        }
      return found == count ? nil : "accounts.\(name): expected \(count), found \(found)"
    }
  }

  /// Row by row, column by column.
  private func rows(
    _ what: String, _ expected: [[PipelineTestFile.Expected]], _ count: Int, _ value: (Int, String) -> String
  ) -> [String] {
    var result: [String] = []
    if expected.count != count { result.append("\(what): expected \(expected.count) rows, found \(count)") }
    for (row, columns) in expected.enumerated() where row < count {
      for column in columns {
        let found = value(row, column.column)
        if found != column.text {
          result.append(
            "\(what)[\(row + 1)].\(column.column): expected '\(column.text)', found '\(found)' (line \(column.line))")
        }
      }
    }
    return result
  }

  /// Multisets of codes: what is missing, what is too much.
  private func codes(_ expected: [String], _ report: CurationReport) -> [String] {
    var balance: [String: Int] = [:]
    for code in expected { balance[code, default: 0] += 1 }
    var first: [String: Diagnostic] = [:]
    for diagnostic in report.diagnostics where diagnostic.severity >= .warning {
      balance[diagnostic.code.rawValue, default: 0] -= 1
      if first[diagnostic.code.rawValue] == nil { first[diagnostic.code.rawValue] = diagnostic }
    }
    return balance.sorted { $0.key < $1.key }.compactMap { code, rest in
      if rest > 0 { return "diagnostics: \(code) is missing (\(rest)×)" }
      guard rest < 0 else { return nil }
      let example =
        first[code].map { " first: line \($0.position.line), \($0.message) '\($0.rawText.prefix(60))'" } ?? ""
      return "diagnostics: \(code) was not expected (\(-rest)×)\(example)"
    }
  }

  // MARK: Values as text

  static func sample(_ table: SampleTable, _ row: Int, _ column: String) -> String {
    if let text = SampleText.allCases.first(where: { $0.name == column }) { return table[text].string(row) }
    if let text = SamplePlainText.allCases.first(where: { $0.name == column }) { return table[text].string(row) }
    if let day = SampleDay.allCases.first(where: { $0.name == column }) {
      return table[day].day(row)?.description ?? ""
    }
    switch column {
    case "line": return String(table.line[row])
    case "items": return String(table.itemCount[row])
    default:
      let flags = SampleFlags(rawValue: table.flags[row])
      return SampleFlags.named.filter { flags.contains($0.flag) }.map(\.name).joined(separator: " ")
    }
  }

  static func item(_ table: ItemTable, _ row: Int, _ column: String) -> String {
    if let text = ItemText.allCases.first(where: { $0.name == column }) { return table[text].string(row) }
    if let decimal = ItemDecimal.allCases.first(where: { $0.name == column }) {
      return table[decimal].value(row)?.description ?? ""
    }
    if column == "line" { return String(table.line[row]) }
    let flags = ItemFlags(rawValue: table.flags[row])
    return itemFlagNames.filter { flags.contains($0.flag) }.map(\.name).joined(separator: " ")
  }

  private static let itemFlagNames: [(name: String, flag: ItemFlags)] = [
    ("contradiction", .contradiction), ("limit_at_determination", .limitAtDetermination),
    ("detection_above_limit", .detectionAboveLimit), ("lost_superscript", .lostSuperscript),
    ("unit_mismatch", .unitMismatch), ("unit_converted", .unitConverted), ("unread_limit", .unreadLimit),
    ("spreadsheet_damage", .spreadsheetDamage),
  ]
}
