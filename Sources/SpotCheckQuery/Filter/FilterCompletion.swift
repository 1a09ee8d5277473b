public import SpotCheckModel

/// How a filter that is being typed may go on: columns, what they are compared by, and the names of a store's code tables.
public enum FilterCompletion {
  /// The text so far with each way to go on; empty where nothing is known.
  ///
  /// - Parameters:
  ///   - typed: the filter up to the cursor, without the shell's quotes.
  ///   - tables: the code tables by name, as a snapshot has them.
  public static func offers(_ typed: String, tables: StoredCodeTables) -> [String] {
    let (before, partial, quote) = cut(typed)
    guard before.utf8.count <= FilterLexer.longest, let tokens = try? FilterLexer.tokens(before) else { return [] }
    let words: [String]
    switch place(behind: tokens.dropLast()) {
    case .column: words = quote == nil ? columns : []
    case .comparison(let column): words = quote == nil ? comparisons(of: column) : []
    case .value(let column): words = names(of: column, tables).map { written($0, quote) }
    case .keyword(let keywords): words = quote == nil ? keywords : []
    case nil: words = []
    }
    let begun = (quote.map { String($0) } ?? "") + partial
    var seen: Set<String> = []
    return words.filter { $0.hasPrefix(begun) && seen.insert($0).inserted }.map { before + $0 }
  }

  /// What is finished, the word that is being typed, and the quote that it began with.
  private static func cut(_ typed: String) -> (before: String, partial: String, quote: Character?) {
    var start = typed.startIndex
    var open: Character?
    for index in typed.indices {
      let character = typed[index]
      if let quote = open {
        if character == closing(quote) {
          open = nil
          start = typed.index(after: index)
        }
      } else if closing(character) != nil {
        open = character
        start = index
      } else if character.unicodeScalars.contains(where: { !FilterLexer.isWord($0) }) {
        start = typed.index(after: index)
      }
    }
    let word = typed[start...]
    return (String(typed[..<start]), String(open == nil ? word : word.dropFirst()), open)
  }

  private static func closing(_ quote: Character) -> Character? {
    switch quote {
    case "'", "\"": quote
    case "“": "”"
    case "‘": "’"
    default: nil
    }
  }

  // MARK: What may come

  private enum Place {
    case column
    case comparison(FilterColumn)
    case value(FilterColumn)
    case keyword([String])
  }

  /// What may stand behind these tokens; nil: they are no beginning of a filter, or nothing is known.
  private static func place(behind tokens: ArraySlice<FilterToken>) -> Place? {
    var place = Place.column
    var column: FilterColumn?
    var isList = false
    var isBetween = false
    for token in tokens {
      switch (place, token.kind) {
      case (.column, .open): break
      case (.column, .word(let word)) where word.lowercased() == "not": break
      case (.column, .word(let word)):
        let name = String(word.prefix { $0 != ":" })
        guard let found = FilterColumn.all[name] ?? FilterColumn.all[name.lowercased()] else { return nil }
        column = found
        place = .comparison(found)
      case (.comparison(let found), .comparison): place = .value(found)
      case (.comparison(let found), .word(let word)):
        switch word.lowercased() {
        case "not": break
        case "in": place = .keyword(["("])
        case "like": place = .value(found)
        case "between": (place, isBetween) = (.value(found), true)
        case "is": place = .keyword(["null", "not null"])
        default: return nil
        }
      case (.keyword, .open):
        guard let column else { return nil }
        (place, isList) = (.value(column), true)
      case (.value, .word), (.value, .quoted):
        place = .keyword(isList ? [] : isBetween ? ["and"] : ["and", "or"])
      case (.keyword, .comma):
        guard let column, isList else { return nil }
        place = .value(column)
      case (.keyword, .close):
        (place, isList) = (.keyword(["and", "or"]), false)
      case (.keyword, .word(let word)):
        switch word.lowercased() {
        case "and" where isBetween:
          guard let column else { return nil }
          (place, isBetween) = (.value(column), false)
        case "and", "or": place = .column
        case "not": break
        default: place = .keyword(["and", "or"])
        }
      default: return nil
      }
    }
    return place
  }

  private static let columns = FilterColumn.all.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }

  private static func comparisons(of column: FilterColumn) -> [String] {
    switch column {
    case .flag, .itemFlag: ["=", "!="]
    case .line: ["=", "!=", "<", "<=", ">", ">=", "in", "between"]
    default:
      ["=", "!=", "<", "<=", ">", ">=", "in", "between", "is null", "is not null"] + (column.isText ? ["like"] : [])
    }
  }

  private static func names(of column: FilterColumn, _ tables: StoredCodeTables) -> [String] {
    switch column {
    case .flag: return FlagNames.samples.map(\.name)
    case .itemFlag: return FlagNames.items.map(\.name)
    default: break
    }
    guard let kind = column.kind else { return [] }
    let words = CodeBook.words(kind)
    guard words.isEmpty else { return words.map(\.name) + words.map(\.code) }
    guard let table = kind.tableName.flatMap({ tables[$0] }) else { return [] }
    return table.entries.map(\.name) + table.entries.map(\.code)
  }

  /// A name as it is written in a filter. The quotes that it may need are Chinese ones: no shell knows them.
  private static func written(_ name: String, _ quote: Character?) -> String {
    if let quote, let closing = closing(quote) {
      return String(quote) + name.replacing(String(closing), with: String(closing) + String(closing)) + String(closing)
    }
    let isWord = !name.isEmpty && name.unicodeScalars.allSatisfy(FilterLexer.isWord)
    return isWord ? name : "“" + name.replacing("”", with: "””") + "”"
  }
}
