import SpotCheckModel

/// Codes on the map that was asked for, their ancestors and their names.
struct CodeBook: Sendable {
  static let missingName = "未填写"
  static let totalCode = "*"
  static let totalName = "合计"

  let tables: StoredCodeTables
  /// Empty unless the question names batches.
  let batchNames: [String: String]
  let onMap: MapView
  private let screenings = Remembered<Bool>()

  /// - Parameter kinds: what the question groups and filters by.
  init(_ source: QuerySource, onMap: MapView, kinds: some Sequence<DimensionKind>) throws {
    tables = source.tables
    batchNames = kinds.contains(.batch) ? try source.batchNames() : [:]
    self.onMap = onMap
  }

  func table(_ kind: DimensionKind) -> CodeTable? { kind.tableName.flatMap { tables[$0] } }

  func isScreening(_ purpose: String) -> Bool {
    screenings.of(purpose) { SampleClass.isScreening(purpose: $0, in: table(.purpose)) }
  }

  /// A stored code on the map asked for: one successor replaces it; of several none can be chosen, so it stays.
  func mapped(_ code: String, _ kind: DimensionKind) -> String {
    guard onMap == .today, kind.hasLevels || kind == .park, let table = table(kind), !code.isEmpty else { return code }
    let current = table.current(code)
    return current.count == 1 ? current[0] : code
  }

  /// The key that a stored text counts under.
  func key(_ text: String, _ dimension: Dimension) -> String {
    let code = mapped(text, dimension.kind)
    guard let level = dimension.level, let table = table(dimension.kind) else { return code }
    return table.ancestor(of: code, level: level)
  }

  /// The key of a sample in a park when parks are shown separately, or nil if the park does not stand at this level.
  func parkKey(_ text: String, _ dimension: Dimension) -> String? {
    guard !text.isEmpty else { return nil }
    let code = mapped(text, .park)
    guard let level = dimension.level, let host = tables["parks"]?.entry(code)?.parent,
      let hostLevel = tables["districts"]?.entry(host)?.level
    else { return code }
    return level >= hostLevel ? code : nil
  }

  /// A code and all its ancestors.
  func lineage(_ code: String, _ kind: DimensionKind) -> [String] {
    guard let table = table(kind) else { return [code] }
    var result = [code]
    var current = code
    while let parent = table.entry(current)?.parent, !parent.isEmpty, result.count < 32 {
      result.append(parent)
      current = parent
    }
    return result
  }

  func name(_ code: String, _ dimension: Dimension) -> String {
    let kind = dimension.kind
    if code == CodeBook.totalCode { return CodeBook.totalName }
    if code.isEmpty { return kind == .park ? "不在园区" : CodeBook.missingName }
    if code == CodeTable.unmappedCode, kind.tableName != nil { return CodeTable.unmappedName }
    if case .period(let period) = kind.source { return period.nameZh(code) }
    if kind == .batch { return batchNames[code] ?? code }
    if let name = table(kind)?.name(of: code) { return name }
    // A park that is shown among the districts.
    if kind == .district, let name = tables["parks"]?.name(of: code) { return name }
    return CodeBook.word(code, kind) ?? code
  }

  /// The name of a word of a closed vocabulary.
  static func word(_ code: String, _ kind: DimensionKind) -> String? {
    switch kind {
    case .stage: Stage(rawValue: code)?.nameZh
    case .level: TaskLevel(rawValue: code)?.nameZh
    case .purpose: Purpose(rawValue: code)?.nameZh
    case .version: VersionKind(rawValue: code)?.nameZh
    case .verdict: Verdict(rawValue: code)?.nameZh
    case .hazard: HazardClass(rawValue: code)?.nameZh
    default: nil
    }
  }

  /// The words of a closed vocabulary: code and name; empty for other kinds.
  static func words(_ kind: DimensionKind) -> [(code: String, name: String)] {
    func list<Word: DomainWord>(_ type: Word.Type) -> [(code: String, name: String)] {
      type.allCases.map { ($0.rawValue, $0.nameZh) }
    }
    switch kind {
    case .stage: return list(Stage.self)
    case .level: return list(TaskLevel.self)
    case .purpose: return list(Purpose.self)
    case .version: return list(VersionKind.self)
    case .verdict: return list(Verdict.self)
    case .hazard: return list(HazardClass.self)
    default: return []
    }
  }
}
