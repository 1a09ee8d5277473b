public import SpotCheckModel

/// The words of filters, for those who offer them while one is being typed.
public enum FilterWords {
  /// Names of columns, sorted; those that only say whose column it is are left out.
  public static let columns: [String] = FilterColumn.all.keys.filter { name in
    !["item_", "sample_"].contains { name.hasPrefix($0) && FilterColumn.all[String(name.dropFirst($0.count))] != nil }
  }.sorted()

  /// What a column is usefully compared with: names, then codes, as they are written in a filter. Empty for columns of
  /// free text, numbers and days.
  public static func values(of column: String, tables: StoredCodeTables) -> [String] {
    guard let column = FilterColumn.all[column] else { return [] }
    switch column {
    case .flag: return FlagNames.samples.map(\.name)
    case .itemFlag: return FlagNames.items.map(\.name)
    default: break
    }
    guard let kind = column.kind else { return [] }
    if let table = kind.tableName.flatMap({ tables[$0] }) {
      // A name that is not in use any more can still be asked for, and is not offered.
      let current = table.entries.filter { $0.validTo == nil }
      return unique(current.map { written($0.name) } + current.map { written($0.code) })
    }
    let words = words(of: kind)
    return unique(words.compactMap { CodeBook.word($0, kind).map(written) } + words)
  }

  private static func words(of kind: DimensionKind) -> [String] {
    switch kind {
    case .stage: Stage.allCases.map(\.rawValue)
    case .level: TaskLevel.allCases.map(\.rawValue)
    case .purpose: Purpose.allCases.map(\.rawValue)
    case .version: VersionKind.allCases.map(\.rawValue)
    case .verdict: Verdict.allCases.map(\.rawValue)
    case .hazard: HazardClass.allCases.map(\.rawValue)
    default: []
    }
  }

  private static func unique(_ words: [String]) -> [String] {
    var seen: Set<String> = []
    return words.filter { !$0.isEmpty && seen.insert($0).inserted }
  }

  /// In quotes if it would not be read as one word.
  private static func written(_ text: String) -> String {
    guard let tokens = try? FilterLexer.tokens(text), tokens.count == 2, case .word = tokens[0].kind else {
      return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
    return text
  }
}
