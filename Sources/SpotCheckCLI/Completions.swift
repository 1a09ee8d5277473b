import ArgumentParser
import SpotCheck

/// What a shell offers after the tab key, where it depends on the store, or on what was typed before a comma.
///
/// A completion never fails: where there is no store, nothing is offered.
enum Completions {
  /// Dimensions; behind a comma the ones before it stay.
  static let dimensions = CompletionKind.custom { _, _, typed in
    let kept = typed.lastIndex(of: ",").map { String(typed[...$0]) } ?? ""
    return forShell(DimensionKind.allCases.map { kept + $0.rawValue })
  }

  /// Snapshots: tags, then numbers, newest first.
  static let snapshots = CompletionKind.custom { words, _, _ in forShell(store(words).map(snapshots(of:)) ?? []) }

  /// Kept questions.
  static let queries = CompletionKind.custom { words, _, _ in
    queries(in: value(of: "--pipelines", in: words)).map(\.name)
  }

  static func snapshots(of store: String) -> [String] {
    guard let catalogue = try? OpenStore(store).catalogue, let snapshots = try? catalogue.snapshots() else { return [] }
    let readable = snapshots.filter { !$0.isExpired && $0.number > 0 }.reversed()
    return readable.filter { !$0.label.isEmpty }.map(\.label) + readable.prefix(50).map { "v\($0.number)" }
  }

  static func queries(in pipelines: String?) -> [SavedQuery] {
    guard let folder = try? PipelinesOption.folder(named: pipelines, for: .answers),
      let found = try? SavedQuery.all(in: folder)
    else {
      return []
    }
    return found.queries
  }

  /// Filters: columns, comparisons, and names from the code tables of the store.
  static let filters = CompletionKind.custom { words, index, typed in
    // zsh counts the letters before the cursor by words, and of an open quote there are several.
    let word = isZsh && words.indices.contains(index) ? words[index] : typed
    // The shell passes its own quote along, and wants what comes behind it.
    let filter = word.first == "'" || word.first == "\"" ? String(word.dropFirst()) : word
    let snapshot = store(words).flatMap { root in try? OpenStore(root).snapshot() }
    let tables = snapshot?.tables ?? [:]
    let offers = FilterCompletion.offers(filter, tables: tables)
    // To the only way on zsh adds the closing quote, which a filter that is no filter yet must not have.
    if isZsh, offers.count == 1, let only = offers.first, (try? Filter(only)) == nil {
      let further = FilterCompletion.offers(only + " ", tables: tables)
      if further.count > 1 { return forShell(further) }
    }
    return forShell(offers)
  }

  private static var isZsh: Bool { Machine.environment("SAP_SHELL") == "zsh" }

  /// For zsh a description follows behind a colon.
  private static func forShell(_ words: [String]) -> [String] {
    isZsh ? words.map { $0.replacing("\\", with: "\\\\").replacing(":", with: "\\:") } : words
  }

  /// The store that the words before name, or is settled.
  private static func store(_ words: [String]) -> String? {
    value(of: "--store", in: words) ?? (try? SettingsInForce.setting(.store))?.value
  }

  private static func value(of option: String, in words: [String]) -> String? {
    guard let place = words.firstIndex(of: option), place + 1 < words.count else { return nil }
    return words[place + 1]
  }
}
