import SpotCheckCuration
import SpotCheckModel

/// Turns a document into a plan. Collects every problem; gives a plan only if none is an error.
struct PlanCompiler {
  let document: PipelineDocument
  let tableSet: CodeTableSet
  /// The YAML's bytes, for the revision.
  let bytes: [UInt8]
  var problems: [PipelineProblem] = []
  /// Settings of the layout under way.
  var settings: [PlanSetting] = []
  /// Logical table → file name without `.csv`.
  var tableNames: [String: String] = [:]
  var usedTables: Set<String> = []
  var tables = CodeTables()

  init(_ document: PipelineDocument, tables: CodeTableSet, bytes: [UInt8]) {
    self.document = document
    tableSet = tables
    self.bytes = bytes
  }

  var root: PipelineDocument.Node { document.root }

  mutating func compile() -> PipelinePlan? {
    var checker = SchemaChecker(document)
    checker.check(.pipeline)
    problems += checker.problems
    guard case .map = root.content else { return nil }
    resolveTables()
    checkBureau()
    let name = root["pipeline"]?.text ?? ""
    checkName(root["pipeline"], "pipeline")
    let nodes = root["layouts"].map { node in
      if case .list(let elements) = node.content { return elements }
      return []
    }
    if let nodes, nodes.isEmpty, let entry = root.entry("layouts"), case .list = entry.value.content {
      problems.append(document.problem(key: entry, "a pipeline needs at least one layout"))
    }
    var layouts: [LayoutPlan] = []
    for node in nodes ?? [] {
      guard case .map = node.content else { continue }
      settings = []
      layouts.append(compileLayout(node, pipeline: name))
    }
    checkLayouts(layouts, nodes ?? [])
    warnUnused(nodes ?? [])
    problems = Array(Set(problems)).sorted()
    guard !problems.contains(where: { $0.severity == .error }) else { return nil }
    let revision = RevisionDigest.hex(revisionParts())
    for index in layouts.indices {
      layouts[index].curation.revision = revision
      layouts[index].curation.tables = tables
    }
    return PipelinePlan(
      name: name, title: root["title"]?.text ?? "", bureau: root["bureau"]?.text ?? "",
      description: root["description"]?.text ?? "", file: document.file, revision: revision, layouts: layouts)
  }

  private func revisionParts() -> [(name: String, bytes: [UInt8])] {
    var parts = [(name: "pipeline", bytes: bytes)]
    for (logical, file) in tableNames {
      if logical == FieldWords.unitTable {
        parts.append((name: "codes/" + logical, bytes: tableSet.units?.bytes ?? []))
      } else if let table = tableSet.tables[file] {
        parts.append((name: "codes/" + logical, bytes: table.bytes))
      }
    }
    return parts
  }

  // MARK: Tables

  private mutating func resolveTables() {
    for name in FieldWords.tables where tableSet.tables[name] != nil { tableNames[name] = name }
    if let units = tableSet.units {
      tableNames[FieldWords.unitTable] = FieldWords.unitTable
      tables.units = units.table
    }
    for entry in root["tables"]?.entries ?? [] {
      guard let file = entry.value.text else { continue }
      if tableSet.tables[file] == nil {
        problems.append(
          document.problem(
            at: entry.value, "there is no table 'codes/\(file).csv'" + NearestWord.hint(file, in: tableSet.names)))
      }
      tableNames[entry.key] = file
    }
    for (logical, file) in tableNames {
      if let table = tableSet.tables[file] { tables.tables[logical] = table.table }
    }
  }

  private mutating func checkBureau() {
    guard let node = root["bureau"], let code = node.text, let bureaus = tables["bureaus"] else { return }
    if bureaus.entry(code) == nil {
      problems.append(
        document.problem(
          at: node, "unknown bureau '\(code)'" + NearestWord.hint(code, in: bureaus.entries.map(\.code))))
    }
  }

  /// Names become parts of paths and arguments.
  mutating func checkName(_ node: PipelineDocument.Node?, _ what: String) {
    guard let node, let text = node.text, !text.isEmpty else { return }
    let isFine = text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || (48...57).contains($0.value) || $0 == "-" || $0 == "_" || $0 == "."
    }
    if !isFine || text.hasPrefix(".") || text.hasPrefix("-") {
      problems.append(
        document.problem(at: node, "the \(what) name '\(text)' may hold only letters, digits, '-', '_' and '.'"))
    }
  }

  // MARK: Reading values

  /// The first of the blocks that has the key decides; the rest is the default. Notes the setting for `explain`.
  mutating func pick<T>(
    _ path: String, _ key: String, _ blocks: [PipelineDocument.Node?], default fallback: T, show: (T) -> String,
    _ parse: (PipelineDocument.Node) -> T?
  ) -> T {
    for block in blocks {
      guard let entry = block?.entry(key), let value = parse(entry.value) else { continue }
      note(path, show(value), entry)
      return value
    }
    note(path, show(fallback), nil)
    return fallback
  }

  mutating func word<T: RawRepresentable<String>>(
    _ path: String, _ key: String, _ blocks: [PipelineDocument.Node?], default fallback: T
  ) -> T {
    pick(path, key, blocks, default: fallback, show: \.rawValue) { $0.text.flatMap { T(rawValue: $0) } }
  }

  mutating func flag(_ path: String, _ key: String, _ blocks: [PipelineDocument.Node?], default fallback: Bool) -> Bool
  {
    pick(path, key, blocks, default: fallback, show: { String($0) }) { $0.text == "true" }
  }

  /// The texts of a scalar or list.
  func texts(_ node: PipelineDocument.Node?) -> [String] { (node?.elements ?? []).compactMap(\.text) }

  mutating func note(_ path: String, _ resolved: String, _ entry: PipelineDocument.Entry?) {
    let written = entry.map { PlanText.of($0.value) }
    settings.append(
      PlanSetting(
        path: path, resolved: resolved, written: written == resolved ? nil : written, line: entry?.value.line))
  }

  // MARK: Whole pipeline

  private mutating func checkLayouts(_ layouts: [LayoutPlan], _ nodes: [PipelineDocument.Node]) {
    struct Recognised: Hashable {
      var format: ReadingPlan.Format
      var match: MatchPlan
    }
    var byName: [String: Int] = [:]
    var firstOf: [Recognised: String] = [:]
    for node in nodes {
      guard case .map = node.content, let name = node["name"], let text = name.text else { continue }
      if let line = byName.updateValue(name.line, forKey: text) {
        problems.append(document.problem(at: name, "duplicate layout '\(text)' (first on line \(line))"))
      }
    }
    let maps = nodes.filter { if case .map = $0.content { true } else { false } }
    for (layout, node) in zip(layouts, maps) {
      let key = Recognised(format: layout.reading.format, match: layout.match)
      if let other = firstOf[key], let entry = node.entry("match") ?? node.entry("name") {
        problems.append(
          document.problem(
            .warning, key: entry, "layout '\(layout.name)' matches exactly the files of layout '\(other)'"))
      }
      firstOf[key] = firstOf[key] ?? layout.name
    }
  }

  private mutating func warnUnused(_ nodes: [PipelineDocument.Node]) {
    for entry in root["fields"]?.entries ?? []
    where !nodes.isEmpty
      && nodes.allSatisfy({ $0["fields"]?.entry(entry.key) != nil || $0["constants"]?.entry(entry.key) != nil })
    {
      problems.append(
        document.problem(.warning, key: entry, "field '\(entry.key)' is never used: every layout replaces it"))
    }
    for entry in root["tables"]?.entries ?? []
    where !usedTables.contains(entry.key) && !FieldWords.tables.contains(entry.key) {
      let names = FieldWords.tables + usedTables.sorted()
      problems.append(
        document.problem(
          .warning, key: entry, "table '\(entry.key)' is never used" + NearestWord.hint(entry.key, in: names)))
    }
  }
}

/// Values as `explain` prints them.
enum PlanText {
  static func of(_ node: PipelineDocument.Node) -> String {
    switch node.content {
    case .scalar(let text, _): quoted(text)
    case .list(let elements): "[" + elements.map { of($0) }.joined(separator: ", ") + "]"
    case .map(let entries): "{" + entries.map { "\($0.key): \(of($0.value))" }.joined(separator: ", ") + "}"
    }
  }

  static func of(_ texts: [String]) -> String {
    texts.count == 1 ? quoted(texts[0]) : "[" + texts.map { quoted($0) }.joined(separator: ", ") + "]"
  }

  static func quoted(_ text: String) -> String {
    // Byte by byte: every name of every column passes here, for the sake of the few that are ever explained.
    let bytes = text.utf8
    let space = UInt8(ascii: " ")
    let isPlain = !bytes.isEmpty && bytes.first != space && bytes.last != space && !bytes.contains(where: isSpecial)
    if isPlain { return text }
    return "'" + (bytes.contains(UInt8(ascii: "\n")) ? text.replacing("\n", with: "\\n") : text) + "'"
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"): true
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\t"), UInt8(ascii: "\n"): true
    default: false
    }
  }

  static func of(_ column: ColumnReference) -> String {
    switch column {
    case .name(let name): quoted(name)
    case .position(let index): "#\(index + 1)"
    }
  }

  static func of(_ columns: [ColumnReference]) -> String {
    columns.count == 1 ? of(columns[0]) : "[" + columns.map { of($0) }.joined(separator: ", ") + "]"
  }
}
