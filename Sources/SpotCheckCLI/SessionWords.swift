import SpotCheck

/// What the tab key offers from the store, the pipelines and the program. It never fails: what cannot be read offers nothing.
struct SessionWords: SessionVocabulary {
  let settings: SessionSettings
  let pipelines: String?

  var dimensions: [String] { DimensionKind.allCases.map(\.rawValue) }
  var snapshots: [String] { Completions.snapshots(of: settings.store) }
  var questions: [String] { Completions.queries(in: pipelines).map(\.name) }
  var columns: [String] { FilterWords.columns }

  func parameters(ofQuestion name: String) -> [String] {
    Completions.queries(in: pipelines).first { $0.name == name }?.parameters.map(\.name) ?? []
  }

  func values(ofColumn name: String) -> [String] {
    guard let catalogue = try? OpenStore(settings.store).catalogue,
      let snapshot = try? catalogue.resolve(asOf: settings.snapshot), let tables = try? catalogue.tables(at: snapshot)
    else { return [] }
    return FilterWords.values(of: name, tables: tables)
  }

  func paths(_ beginning: String) -> [String] {
    let slash = beginning.utf8.lastIndex(of: UInt8(ascii: "/"))
    let kept = slash.map { String(beginning[...$0]) } ?? ""
    let names = (try? FileSystem.list(kept.isEmpty ? "." : kept)) ?? []
    let isHiddenWanted = beginning.dropFirst(kept.count).hasPrefix(".")
    return names.filter { isHiddenWanted || !$0.name.hasPrefix(".") }.prefix(10_000).map {
      kept + $0.name + ($0.status.kind == .folder ? "/" : "")
    }
  }
}
