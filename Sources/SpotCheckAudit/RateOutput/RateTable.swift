import SpotCheckModel

/// The answer of `spotcheck rate`, read back: what audits need of it, by the names of its columns.
struct RateTable: Sendable {
  struct Cell: Sendable, Hashable {
    var text: String
    var position: AuditPosition
    /// A count; nil if the cell is none.
    var count: Int? {
      guard !text.isEmpty, text.utf8.count <= 12, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
      return Int(text)
    }
    var number: Double? {
      guard text.utf8.count <= 64, let value = Double(text), value.isFinite else { return nil }
      return value
    }
  }

  struct Row: Sendable {
    /// One a dimension; `*` = all.
    var codes: [String]
    /// For people: the names of the codes.
    var name: String
    var position: AuditPosition
    /// Measures by column name; missing values are left out.
    var cells: [String: Cell]

    var isTotal: Bool { !codes.isEmpty && codes.allSatisfy { $0 == "*" } }
    var isSum: Bool { codes.contains("*") }
  }

  /// Everything but the dimensions, in order.
  var measures: [String] = []
  var rows: [Row] = []
  /// `query.measure` of JSON; counts of enterprises or items do not add up over every dimension.
  var measure: String?
  /// `snapshot` of JSON.
  var snapshot: Int?

  /// Counts of samples that are in no denominator: each sample is in one of them or inspected.
  static let exclusions = SampleClass.allCases.filter { !$0.isInspected }.map(\.rawValue)
  /// Counts of samples that another column has already.
  static let ofWhich = ["screening_positive", "label_only", "pending"]
  /// Columns that every answer has.
  static let needed = ["samples", "inspected", "passed", "failed"]

  /// Whether a line names the columns of an answer.
  static func isHeader(_ names: [String]) -> Bool { needed.allSatisfy(names.contains) }

  /// A record by column names. Columns before `samples` are dimensions: code and name in turn.
  mutating func append(_ record: [(name: String, cell: Cell)], at position: AuditPosition) {
    guard let first = record.firstIndex(where: { $0.name == "samples" }) else { return }
    if measures.isEmpty { measures = record[first...].map(\.name) }
    let dimensions = record[..<first]
    let names = Set(dimensions.map(\.name))
    var codes: [String] = []
    var words: [String] = []
    for entry in dimensions {
      let isName = entry.name.hasSuffix("_name") && names.contains(String(entry.name.dropLast(5)))
      if isName { words.append(entry.cell.text) } else { codes.append(entry.cell.text) }
    }
    var cells: [String: Cell] = [:]
    for entry in record[first...] where !entry.cell.text.isEmpty { cells[entry.name] = entry.cell }
    let label = String((words.isEmpty ? codes : words).joined(separator: " / ").prefix(120))
    rows.append(Row(codes: codes, name: label, position: position, cells: cells))
  }
}

// MARK: Reading

extension RateTable {
  /// Comma- or tab-separated, with a line of names.
  static func read(separated text: String, separator: Unicode.Scalar) throws(AuditRefusal) -> RateTable {
    var table = RateTable()
    var reader = SeparatedReader(text, separator: separator)
    guard let header = reader.next() else { throw AuditRefusal("the file is empty") }
    let names = header.map(\.text)
    while let record = reader.next() {
      guard record.count == names.count else {
        let place = record.first?.position ?? .document
        throw AuditRefusal([
          AuditProblem(place, "the line has \(record.count) cells, the first line has \(names.count)")
        ])
      }
      table.append(Array(zip(names, record)).map { ($0, $1) }, at: record[0].position)
    }
    return table
  }

  /// JSON with `rows`, `subtotals` and `total`, or one object a line.
  static func read(json text: String) throws(AuditRefusal) -> RateTable {
    let values: [SmallJSON.Element]
    do throws(AuditProblem) { values = try SmallJSON.read(text) } catch { throw AuditRefusal([error]) }
    var table = RateTable()
    var elements: [SmallJSON.Element] = []
    for value in values {
      guard case .object = value.value else {
        throw AuditRefusal([AuditProblem(value.position, "expected an object, as 'spotcheck rate' writes them")])
      }
      guard case .list(let rows)? = value["rows"]?.value else {
        elements.append(value)
        continue
      }
      table.measure = value["query"]?["measure"]?.text
      if case .number(let number)? = value["snapshot"]?.value { table.snapshot = Int(number) }
      elements += rows
      if case .list(let subtotals)? = value["subtotals"]?.value { elements += subtotals }
      if let total = value["total"], case .object = total.value { elements.append(total) }
    }
    for element in elements {
      guard case .object(let entries) = element.value else { continue }
      table.append(entries.map { ($0.key, Cell($0.value)) }, at: element.position)
    }
    return table
  }
}

extension RateTable.Cell {
  fileprivate init(_ element: SmallJSON.Element) {
    switch element.value {
    case .number(let text), .text(let text): self.init(text: text, position: element.position)
    default: self.init(text: "", position: element.position)
    }
  }
}

/// RFC 4180 records with places.
struct SeparatedReader {
  private let scalars: [Unicode.Scalar]
  private let separator: Unicode.Scalar
  private var index = 0
  private var line = 1
  private var lineStart = 0

  init(_ text: String, separator: Unicode.Scalar) {
    scalars = Array(text.unicodeScalars)
    self.separator = separator
  }

  /// The next record that is not an empty line; nil at the end.
  mutating func next() -> [RateTable.Cell]? {
    while index < scalars.count {
      var cells: [RateTable.Cell] = []
      repeat { cells.append(cell()) } while take(separator)
      endLine()
      if cells.count > 1 || !cells[0].text.isEmpty { return cells }
    }
    return nil
  }

  private mutating func cell() -> RateTable.Cell {
    let position = AuditPosition(line: line, column: index - lineStart + 1)
    var text = String.UnicodeScalarView()
    if take("\"") {
      while index < scalars.count {
        let scalar = scalars[index]
        index += 1
        if scalar == "\"", !take("\"") { break }
        if scalar == "\n" {
          line += 1
          lineStart = index
        }
        text.append(scalar)
      }
    }
    while index < scalars.count, scalars[index] != separator, scalars[index] != "\n", scalars[index] != "\r" {
      text.append(scalars[index])
      index += 1
    }
    return RateTable.Cell(text: String(text), position: position)
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard index < scalars.count, scalars[index] == scalar else { return false }
    index += 1
    return true
  }

  private mutating func endLine() {
    _ = take("\r")
    guard take("\n") else { return }
    line += 1
    lineStart = index
  }
}
