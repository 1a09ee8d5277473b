public import SpotCheckModel
import SpotCheckSystem

/// A change of one code table: another spelling that means a code, always or for samples of some days only.
///
/// The file stays as it is but for the rows that change; what comes out has no more errors than any other table.
public struct CodeTableEdit: Sendable {
  /// `categories`, `districts` …
  public var table: String
  /// The delivered text.
  public var text: String
  public var code: String
  /// First day from which the text means the code, and first day from which it no longer does; nil: as the code's entry.
  public var from: CalendarDay?
  public var to: CalendarDay?

  public init(table: String, text: String, code: String, from: CalendarDay? = nil, to: CalendarDay? = nil) {
    self.table = table
    self.text = text
    self.code = code
    self.from = from
    self.to = to
  }

  /// What is wrong with an edit, in words.
  public struct Refusal: Error, Sendable, CustomStringConvertible {
    public var message: String
    public var description: String { message }
  }

  /// The table's bytes with the edit.
  ///
  /// - Throws: ``Refusal`` if there is no such code, if the text means something already, or if a check of the table fails.
  public func apply(to bytes: [UInt8], file: String) throws(Refusal) -> [UInt8] {
    let before = CodeTableFile(name: table, file: file, bytes: bytes)
    if let problem = before.problems.first(where: { $0.severity == .error }) {
      throw Refusal(message: "the table has errors already: \(problem.description)")
    }
    guard !CodeTable.normalise(text).isEmpty else { throw Refusal(message: "the text is empty") }
    guard !text.contains("|"), !text.contains("\n"), !text.contains("\r") else {
      throw Refusal(message: "a spelling with '|' or a line break cannot stand in a table")
    }
    let known = before.table.entries.map(\.code)
    guard known.contains(code) else {
      throw Refusal(message: "there is no code '\(code)' in \(table)" + NearestWord.hint(code, in: known))
    }
    var sheet = EditedSheet(bytes, file: file)
    let rows = sheet.rows(of: code)
    var changed = 0
    for row in rows.reversed() { changed += try edit(row, &sheet) }
    guard changed > 0 else {
      throw Refusal(message: "'\(code)' is not in use between these days, so the text can mean nothing then")
    }
    let result = sheet.bytes
    let after = CodeTableFile(name: table, file: file, bytes: result)
    if let problem = after.problems.first(where: { $0.severity == .error }) {
      throw Refusal(message: problem.description)
    }
    return result
  }

  /// Adds the spelling to one entry of the code, or to the part of it that lies between the days.
  private func edit(_ index: Int, _ sheet: inout EditedSheet) throws(Refusal) -> Int {
    let entry = sheet.entry(index)
    let earliest = CalendarDay(daysSinceEpoch: .min)
    let (start, end) = (entry.validFrom ?? earliest, entry.validTo ?? .distantFuture)
    let (first, last) = (max(start, from ?? earliest), min(end, to ?? .distantFuture))
    guard first < last else { return 0 }
    let key = CodeTable.normalise(text)
    if ([entry.code, entry.name] + entry.aliases).contains(where: { CodeTable.normalise($0) == key }) {
      throw Refusal(message: "'\(text)' means '\(code)' already")
    }
    var parts: [CodeEntry] = []
    func part(_ from: CalendarDay, _ to: CalendarDay, _ change: (inout CodeEntry) -> Void = { _ in }) {
      guard from < to else { return }
      var copy = entry
      copy.validFrom = from == earliest ? nil : from
      copy.validTo = to == .distantFuture ? nil : to
      // Who comes after it is said where it ends.
      if to != end { copy.successors = [] }
      change(&copy)
      parts.append(copy)
    }
    part(start, first)
    part(first, last) { $0.aliases.append(text) }
    part(last, end)
    try sheet.replace(index, with: parts)
    return 1
  }
}

/// A table's text, of which rows can be replaced; all others stay byte for byte.
private struct EditedSheet {
  private var lines: [[UInt8]]
  private let sheet: CodeSheet
  private let columns: [String]
  /// Row → line index.
  private var places: [Int]

  init(_ bytes: [UInt8], file: String) {
    sheet = CodeSheet(bytes, file: file)
    columns = sheet.header.map(\.text)
    lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
    places = sheet.rows.map { ($0.first?.line ?? 1) - 1 }
  }

  var bytes: [UInt8] { Array(lines.joined(separator: [0x0A])) }

  func rows(of code: String) -> [Int] { sheet.rows.indices.filter { cell($0, "code") == code } }

  private func cell(_ row: Int, _ column: String) -> String {
    columns.firstIndex(of: column).map { sheet.rows[row][$0].text } ?? ""
  }

  func entry(_ row: Int) -> CodeEntry {
    func list(_ column: String) -> [String] { cell(row, column).split(separator: "|").map(String.init) }
    return CodeEntry(
      code: cell(row, "code"), name: cell(row, "name"), parent: cell(row, "parent"),
      level: Int(cell(row, "level")) ?? 0, validFrom: CalendarDay(iso: cell(row, "valid_from")),
      validTo: CalendarDay(iso: cell(row, "valid_to")), successors: list("successors"), aliases: list("aliases"))
  }

  /// Rows are replaced from the last to the first, so that places of earlier ones stay true.
  mutating func replace(_ row: Int, with entries: [CodeEntry]) throws(CodeTableEdit.Refusal) {
    let line = places[row]
    let next = row + 1 < places.count ? places[row + 1] : line + 1
    guard next == line + 1 || row + 1 == places.count, line < lines.count else {
      throw CodeTableEdit.Refusal(message: "the entry on line \(line + 1) stands on several lines: edit it by hand")
    }
    let ending: [UInt8] = lines[line].last == 0x0D ? [0x0D] : []
    let made = try entries.map { (entry) throws(CodeTableEdit.Refusal) in try text(entry) + ending }
    lines.replaceSubrange(line...line, with: made)
  }

  private func text(_ entry: CodeEntry) throws(CodeTableEdit.Refusal) -> [UInt8] {
    var cells: [String] = []
    for column in columns {
      switch column {
      case "code": cells.append(entry.code)
      case "name": cells.append(entry.name)
      case "parent": cells.append(entry.parent)
      case "level": cells.append(entry.level == 0 ? "" : String(entry.level))
      case "valid_from": cells.append(entry.validFrom?.description ?? "")
      case "valid_to": cells.append(entry.validTo?.description ?? "")
      case "successors": cells.append(entry.successors.joined(separator: "|"))
      case "aliases": cells.append(entry.aliases.joined(separator: "|"))
      default: cells.append("")
      }
    }
    for (column, isNeeded) in [
      ("aliases", !entry.aliases.isEmpty), ("valid_from", entry.validFrom != nil), ("valid_to", entry.validTo != nil),
    ] where isNeeded && !columns.contains(column) {
      throw CodeTableEdit.Refusal(message: "the table has no column '\(column)': add it to the header first")
    }
    return Array(cells.map(EditedSheet.quoted).joined(separator: ",").utf8)
  }

  private static func quoted(_ cell: String) -> String {
    guard cell.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else { return cell }
    var text = "\""
    for scalar in cell.unicodeScalars {
      if scalar == "\"" { text.unicodeScalars.append("\"") }
      text.unicodeScalars.append(scalar)
    }
    return text + "\""
  }
}
