import SpotCheckModel

extension Report {
  /// The rows in another order: columns by name or heading, comma-separated, each perhaps with `asc` or `desc` behind it
  /// (`rate desc, district`). Rows that are alike keep their order; what is missing comes last either way. Rates are
  /// compared by their counts, texts byte by byte.
  ///
  /// - Throws: ``QueryError`` with a caret; what reading the rows throws.
  public func sorted(by text: String) throws -> Report {
    let keys = try sortKeys(text)
    let all = try collected()
    let order = all.indices.sorted { one, other in
      for key in keys {
        let order = Report.order(
          all[one][key.column], all[other][key.column], isNumeric: columns[key.column].isNumeric,
          isDescending: key.isDescending)
        if order != 0 { return order < 0 }
      }
      return one < other
    }
    var result = holding(order.map { all[$0] }, of: all.count)
    result.query.append(("sort", .text(text)))
    return result
  }

  private struct SortKey {
    var column: Int
    var isDescending: Bool
  }

  private func sortKeys(_ text: String) throws -> [SortKey] {
    var keys: [SortKey] = []
    var place = 0
    for part in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "," || $0 == "，" }) {
      let words = part.split(whereSeparator: { $0 == " " || $0 == ":" }).map(String.init)
      let start = place + part.unicodeScalars.prefix { $0 == " " }.count
      place += part.unicodeScalars.count + 1
      guard let name = words.first else {
        throw QueryError("expected a column to sort by", source: text, position: start)
      }
      // A level of a tree is part of the name: `category_1`.
      let direction = words.count > 1 ? words.last?.lowercased() : nil
      guard words.count <= 2, direction == nil || direction == "asc" || direction == "desc" else {
        throw QueryError(
          "expected 'asc', 'desc' or ','", source: text, position: start, advice: "Written like: rate desc, district.")
      }
      keys.append(SortKey(column: try column(named: name, in: text, at: start), isDescending: direction == "desc"))
    }
    return keys
  }

  /// The column with this name or heading.
  func column(named name: String, in text: String, at position: Int) throws -> Int {
    if let found = columns.firstIndex(where: { $0.name == name || $0.name == name.lowercased() }) { return found }
    if let found = columns.firstIndex(where: { $0.heading == name && $0.display != .hidden }) { return found }
    let names = columns.map(\.name)
    throw QueryError(
      "unknown column '\(name)'", source: text, position: position,
      advice: NearestName.of(name, among: names).map { "Did you mean '\($0)'?" }
        ?? "Columns: " + names.joined(separator: ", ") + ".")
  }

  private static func order(_ one: ReportCell, _ other: ReportCell, isNumeric: Bool, isDescending: Bool) -> Int {
    let order: Int
    switch (one, other) {
    case (.missing, .missing): return 0
    case (.missing, _): return 1
    case (_, .missing): return -1
    case (.text(let left), .text(let right)) where !isNumeric:
      order =
        left == right ? 0 : left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    default:
      guard let left = CellNumber(one, inNumericColumn: isNumeric),
        let right = CellNumber(other, inNumericColumn: isNumeric)
      else { return 0 }
      order = CellNumber.compare(left, right) ?? 0
    }
    return isDescending ? -order : order
  }
}
