public import SpotCheckModel

/// One code table as read from `codes/NAME.csv`, with everything that is wrong in it.
public struct CodeTableFile: Sendable {
  public var file: String
  public var table: CodeTable
  /// The file's bytes, for the revision digest.
  public var bytes: [UInt8]
  public var problems: [PipelineProblem]

  static let columns = ["code", "name", "parent", "level", "valid_from", "valid_to", "successors", "aliases"]

  /// - Parameter name: the file's name without `.csv`.
  public init(name: String, file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
    var reader = CodeTableReader(CodeSheet(bytes, file: file), name: name)
    let entries = reader.read()
    table = CodeTable(name: name, entries: entries)
    problems = reader.problems
  }

  /// The parents that a table's `parent` column names when they are not entries of the table itself.
  static func parentTable(of name: String) -> String? {
    switch name {
    case "parks": "districts"
    case "analytes": "hazards"
    default: nil
    }
  }
}

/// Reads and checks one sheet.
private struct CodeTableReader {
  private let sheet: CodeSheet
  private let name: String
  var problems: [PipelineProblem]
  private var columnOf: [String: Int] = [:]
  private var entries: [CodeEntry] = []
  /// Row of each entry, for the places of problems.
  private var rows: [[CodeSheet.Cell]] = []

  init(_ sheet: CodeSheet, name: String) {
    self.sheet = sheet
    self.name = name
    problems = sheet.problems
  }

  mutating func read() -> [CodeEntry] {
    guard readHeader() else { return [] }
    for row in sheet.rows { readRow(row) }
    checkTree()
    checkSuccessors()
    checkOverlaps()
    return entries
  }

  private mutating func readHeader() -> Bool {
    for (index, cell) in sheet.header.enumerated() {
      let column = cell.text
      if !CodeTableFile.columns.contains(column) {
        problems.append(
          sheet.problem(
            at: cell,
            "unknown column '\(column)'" + NearestWord.hint(column, in: CodeTableFile.columns)
              + "; columns are: \(CodeTableFile.columns.joined(separator: ", "))"))
      } else if columnOf.updateValue(index, forKey: column) != nil {
        problems.append(sheet.problem(at: cell, "duplicate column '\(column)'"))
      }
    }
    for column in ["code", "name"] where columnOf[column] == nil {
      if let first = sheet.header.first { problems.append(sheet.problem(at: first, "missing column '\(column)'")) }
    }
    return columnOf["code"] != nil && columnOf["name"] != nil
  }

  private func cell(_ row: [CodeSheet.Cell], _ column: String) -> CodeSheet.Cell {
    columnOf[column].map { row[$0] } ?? CodeSheet.Cell(text: "", line: row[0].line, column: 1)
  }

  private mutating func readRow(_ row: [CodeSheet.Cell]) {
    let code = cell(row, "code")
    let title = cell(row, "name")
    if code.text.isEmpty { problems.append(sheet.problem(at: code, "an entry has no code")) }
    if title.text.isEmpty { problems.append(sheet.problem(at: title, "code '\(code.text)' has no name")) }
    var entry = CodeEntry(code: code.text, name: title.text, parent: cell(row, "parent").text, level: 0)
    entry.validFrom = day(cell(row, "valid_from"))
    entry.validTo = day(cell(row, "valid_to"))
    if let from = entry.validFrom, let to = entry.validTo, to <= from {
      problems.append(
        sheet.problem(at: cell(row, "valid_to"), "valid_to (\(to)) must be later than valid_from (\(from))"))
    }
    entry.successors = list(cell(row, "successors"))
    entry.aliases = list(cell(row, "aliases"))
    let level = cell(row, "level")
    if !level.text.isEmpty {
      if let number = Int(level.text), (1...32).contains(number) {
        entry.level = number
      } else {
        problems.append(sheet.problem(at: level, "level must be 1 … 32, found '\(level.text)'"))
      }
    }
    entries.append(entry)
    rows.append(row)
  }

  private mutating func day(_ cell: CodeSheet.Cell) -> CalendarDay? {
    if cell.text.isEmpty { return nil }
    if let day = CalendarDay(iso: cell.text) { return day }
    problems.append(sheet.problem(at: cell, "'\(cell.text)' is no date; expected 2024-03-05"))
    return nil
  }

  private func list(_ cell: CodeSheet.Cell) -> [String] {
    cell.text.split(separator: "|").map { String($0) }
  }

  /// Parents exist, no code is its own ancestor, levels grow downwards; missing levels are counted from the top.
  private mutating func checkTree() {
    var first: [String: Int] = [:]
    for (index, entry) in entries.enumerated() where first[entry.code] == nil { first[entry.code] = index }
    let parentsAreElsewhere = CodeTableFile.parentTable(of: name) != nil
    let vocabulary = FieldWords.vocabulary(name)
    if let vocabulary {
      for index in entries.indices where !vocabulary.contains(entries[index].code) {
        let isFiner = FieldWords.finerWords(name)?.contains(entries[index].code) ?? true
        if isFiner, vocabulary.contains(entries[index].parent) { continue }
        problems.append(
          sheet.problem(
            at: cell(rows[index], "code"),
            "'\(entries[index].code)' is no word of \(name)" + NearestWord.hint(entries[index].code, in: vocabulary)
              + "; words are: \(vocabulary.joined(separator: ", "))"))
      }
    }
    var levels: [String: Int] = [:]
    for index in entries.indices {
      let parent = entries[index].parent
      if !parentsAreElsewhere, !parent.isEmpty, first[parent] == nil, vocabulary?.contains(parent) != true {
        problems.append(
          sheet.problem(
            at: cell(rows[index], "parent"),
            "unknown parent '\(parent)'" + NearestWord.hint(parent, in: Array(first.keys.sorted()))))
      }
      var chain: Set<String> = [entries[index].code]
      var above = parent
      var depth = 1
      while !parentsAreElsewhere, let next = first[above] {
        guard chain.insert(above).inserted else {
          problems.append(
            sheet.problem(at: cell(rows[index], "parent"), "'\(entries[index].code)' is its own ancestor"))
          break
        }
        depth += 1
        above = entries[next].parent
      }
      if entries[index].level == 0 { entries[index].level = depth }
      levels[entries[index].code] = entries[index].level
    }
    guard !parentsAreElsewhere else { return }
    for index in entries.indices {
      guard let above = levels[entries[index].parent], above >= entries[index].level,
        entries[index].parent != entries[index].code
      else { continue }
      problems.append(
        sheet.problem(
          at: cell(rows[index], "level"),
          "level \(entries[index].level) of '\(entries[index].code)' must be greater than its parent's (\(above))"))
    }
  }

  private mutating func checkSuccessors() {
    let known = Set(entries.map(\.code))
    var following: [String: [String]] = [:]
    for entry in entries { following[entry.code, default: []] += entry.successors.filter { $0 != entry.code } }
    for index in entries.indices {
      let entry = entries[index]
      for successor in entry.successors where !known.contains(successor) {
        problems.append(
          sheet.problem(
            at: cell(rows[index], "successors"),
            "unknown successor '\(successor)' of '\(entry.code)'" + NearestWord.hint(successor, in: known.sorted())))
      }
      if !entry.successors.isEmpty, entry.validTo == nil {
        problems.append(
          sheet.problem(at: cell(rows[index], "successors"), "'\(entry.code)' has successors but no valid_to"))
      }
      // Two entries of one code may well succeed each other; a way back to the code through others is a cycle.
      var pending = following[entry.code] ?? []
      var seen: Set<String> = []
      while let next = pending.popLast() {
        if next == entry.code {
          problems.append(
            sheet.problem(at: cell(rows[index], "successors"), "'\(entry.code)' is its own successor"))
          break
        }
        if seen.insert(next).inserted { pending += following[next] ?? [] }
      }
    }
  }

  /// One code, and one alias, may mean only one entry on any day. (Equal *names* are allowed: a class and its only
  /// subclass often share one, and districts of different cities do.)
  private mutating func checkOverlaps() {
    var byCode = [String: [Int]](minimumCapacity: entries.count)
    var byAlias: [String: [Int]] = [:]
    var byName = [String: [Int]](minimumCapacity: 2 * entries.count)
    for (index, entry) in entries.enumerated() {
      for other in byCode[entry.code] ?? [] where overlap(entries[other], entry) {
        problems.append(
          sheet.problem(
            at: cell(rows[index], "code"),
            "code '\(entry.code)' is valid twice at one time (also on line \(rows[other][0].line))"))
      }
      byCode[entry.code, default: []].append(index)
      for text in [entry.name, entry.code] { byName[CodeTable.normalise(text), default: []].append(index) }
    }
    for (index, entry) in entries.enumerated() {
      var own: Set<String> = []
      for alias in entry.aliases {
        let key = CodeTable.normalise(alias)
        if key.isEmpty || !own.insert(key).inserted {
          problems.append(sheet.problem(at: cell(rows[index], "aliases"), "the alias '\(alias)' is empty or repeated"))
          continue
        }
        let others = (byAlias[key] ?? []) + (byName[key] ?? [])
        if let other = others.first(where: {
          entries[$0].code != entry.code && overlap(entries[$0], entry)
        }) {
          problems.append(
            sheet.problem(
              at: cell(rows[index], "aliases"),
              "the alias '\(alias)' also means '\(entries[other].code)' (line \(rows[other][0].line))"))
        }
        byAlias[key, default: []].append(index)
      }
    }
  }

  private func overlap(_ left: CodeEntry, _ right: CodeEntry) -> Bool {
    let earliest = CalendarDay(daysSinceEpoch: .min)
    return (left.validFrom ?? earliest) < (right.validTo ?? .distantFuture)
      && (right.validFrom ?? earliest) < (left.validTo ?? .distantFuture)
  }
}

/// `codes/units.csv`: `unit,dimension,exponent,aliases`.
public struct UnitTableFile: Sendable {
  public var file: String
  public var table: UnitTable
  public var bytes: [UInt8]
  public var problems: [PipelineProblem]

  static let columns = ["unit", "dimension", "exponent", "aliases"]

  public init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
    let sheet = CodeSheet(bytes, file: file)
    var problems = sheet.problems
    var entries: [UnitTable.Entry] = []
    if sheet.header.map(\.text) != UnitTableFile.columns, let first = sheet.header.first {
      problems.append(
        sheet.problem(at: first, "the header must be \(UnitTableFile.columns.joined(separator: ","))"))
    } else {
      var seen: [String: Int] = [:]
      for row in sheet.rows {
        guard let exponent = Int(row[2].text), (-30...30).contains(exponent) else {
          problems.append(sheet.problem(at: row[2], "exponent must be -30 … 30, found '\(row[2].text)'"))
          continue
        }
        for cell in row[0...1] where cell.text.isEmpty {
          problems.append(sheet.problem(at: cell, "unit and dimension must not be empty"))
        }
        let aliases = row[3].text.split(separator: "|").map { String($0) }
        // Case tells units apart (`mg`, `Mg`) but texts are compared without it: such a pair is a problem here.
        for text in Set(([row[0].text] + aliases).map(CodeTable.normalise)).sorted() {
          if let line = seen.updateValue(row[0].line, forKey: text) {
            problems.append(sheet.problem(at: row[0], "'\(text)' is already a unit on line \(line)"))
          }
        }
        entries.append(
          UnitTable.Entry(unit: row[0].text, dimension: row[1].text, exponent: exponent, aliases: aliases))
      }
    }
    table = UnitTable(entries: entries)
    self.problems = problems
  }
}
