import SpotCheckModel

/// Compares a document with the key table: unknown keys, wrong types, missing keys, wrong words.
///
/// What is left after it (meaning across keys) is the compiler's task, which therefore may take types for granted
/// wherever the checker found no fault, and skips what it cannot read.
struct SchemaChecker {
  let document: PipelineDocument
  private(set) var problems: [PipelineProblem] = []

  init(_ document: PipelineDocument) { self.document = document }

  mutating func check(_ name: BlockName) {
    checkBlock(document.root, KeyTable.block(name), path: "")
  }

  private mutating func checkBlock(_ node: PipelineDocument.Node, _ block: KeyBlock, path: String) {
    guard case .map(let entries) = node.content else {
      let keys = block.names.prefix(4).joined(separator: ", ")
      fault(node, "expected keys (\(keys), …)\(of(path)), found \(node.kindName)")
      return
    }
    var seen: [String: Int] = [:]
    for entry in entries {
      if let line = seen[entry.key] {
        problems.append(document.problem(key: entry, "duplicate key '\(entry.key)' (first on line \(line))"))
        continue
      }
      seen[entry.key] = entry.line
      guard let row = block.row(entry.key) else {
        problems.append(
          document.problem(
            key: entry, "unknown key '\(entry.key)'\(of(path))" + hint(entry.key, block.names, "keys here are")))
        continue
      }
      checkValue(entry.value, row.kind, path: path.isEmpty ? row.name : path + "." + row.name, key: entry)
    }
    for row in block.rows where row.isRequired && seen[row.name] == nil {
      problems.append(
        document.problem(line: node.line, column: node.column, "missing key '\(row.name)'\(of(path)): \(row.english)"))
    }
  }

  private mutating func checkValue(
    _ node: PipelineDocument.Node, _ kind: KeyKind, path: String, key: PipelineDocument.Entry?
  ) {
    if node.isNothing, let key {
      if case .anyText = kind { return }
      problems.append(document.problem(key: key, "'\(path)' has no value; expected \(describe(kind))"))
      return
    }
    switch kind {
    case .text:
      guard let text = node.text else { return wrongType(node, kind, path) }
      if text.isEmpty { fault(node, "'\(path)' must not be empty") }
    case .anyText:
      if node.text == nil { wrongType(node, kind, path) }
    case .boolean:
      guard case .scalar(let text, true) = node.content, text == "true" || text == "false" else {
        return wrongType(node, kind, path)
      }
    case .integer(let range):
      guard case .scalar(let text, true) = node.content, let number = Int(text) else {
        return wrongType(node, kind, path)
      }
      if !range.contains(number) {
        fault(node, "'\(path)' must lie in \(range.lowerBound) … \(range.upperBound), found \(number)")
      }
    case .fraction:
      guard case .scalar(let text, true) = node.content, let number = Double(text) else {
        return wrongType(node, kind, path)
      }
      if !(number >= 0 && number <= 1) { fault(node, "'\(path)' must lie in 0 … 1, found \(text)") }
    case .decimal:
      guard let text = node.text, ExactDecimal(plain: text) != nil else { return wrongType(node, kind, path) }
    case .day:
      guard let text = node.text, CalendarDay(iso: text) != nil else { return wrongType(node, kind, path) }
    case .word(let words):
      guard let text = node.text else { return wrongType(node, kind, path) }
      if !words.contains(text) {
        fault(node, "unknown word '\(text)' for '\(path)'" + hint(text, words, "expected one of"))
      }
    case .list(let element):
      guard case .list(let elements) = node.content else { return wrongType(node, kind, path) }
      for value in elements { checkElement(value, element, path: path + "[]") }
    case .oneOrMany(let element):
      if case .map = node.content { return wrongType(node, kind, path) }
      for value in node.elements { checkElement(value, element, path: path) }
    case .map(let keys, let value):
      guard case .map(let entries) = node.content else { return wrongType(node, kind, path) }
      checkMap(entries, keys: keys, value, path: path)
    case .block(let name):
      checkBlock(node, KeyTable.block(name), path: path)
    case .shortOrBlock(let short, let name):
      if case .map = node.content {
        checkBlock(node, KeyTable.block(name), path: path)
      } else {
        checkValue(node, short, path: path, key: key)
      }
    }
  }

  private mutating func checkElement(_ node: PipelineDocument.Node, _ kind: KeyKind, path: String) {
    if node.isNothing, !isAnyText(kind) {
      fault(node, "'\(path)' has an empty element; expected \(describe(kind))")
      return
    }
    checkValue(node, kind, path: path, key: nil)
  }

  private func isAnyText(_ kind: KeyKind) -> Bool {
    if case .anyText = kind { return true }
    return false
  }

  private mutating func checkMap(_ entries: [PipelineDocument.Entry], keys: [String], _ kind: KeyKind, path: String) {
    var seen: [String: Int] = [:]
    for entry in entries {
      if let line = seen[entry.key] {
        problems.append(document.problem(key: entry, "duplicate key '\(entry.key)' (first on line \(line))"))
        continue
      }
      seen[entry.key] = entry.line
      if !keys.isEmpty, !keys.contains(entry.key) {
        problems.append(
          document.problem(
            key: entry, "unknown \(noun(path)) '\(entry.key)'\(of(path))" + hint(entry.key, keys, "expected one of")))
        continue
      }
      checkValue(entry.value, kind, path: path + "." + entry.key, key: entry)
    }
  }

  private func noun(_ path: String) -> String {
    if path.hasSuffix("fields") || path.hasSuffix("constants") { return "field" }
    return path.hasSuffix("severity") ? "diagnostic code" : "column"
  }

  private func of(_ path: String) -> String { path.isEmpty ? "" : " in '\(path)'" }

  /// The nearest word, or (of few) all words.
  private func hint(_ word: String, _ words: [String], _ lead: String) -> String {
    if let near = NearestWord.find(word, in: words) { return "; did you mean '\(near)'?" }
    return words.count <= 24 ? "; \(lead): \(words.joined(separator: ", "))" : ""
  }

  private mutating func wrongType(_ node: PipelineDocument.Node, _ kind: KeyKind, _ path: String) {
    let found: String
    if let text = node.text, !node.isNothing { found = "'\(text.prefix(40))'" } else { found = node.kindName }
    fault(node, "'\(path)' must be \(describe(kind)), found \(found)")
  }

  private mutating func fault(_ node: PipelineDocument.Node, _ message: String) {
    problems.append(document.problem(at: node, message))
  }

  private func describe(_ kind: KeyKind) -> String {
    switch kind {
    case .text, .anyText: "a text"
    case .boolean: "true or false"
    case .integer: "a whole number"
    case .fraction: "a number from 0 to 1"
    case .decimal: "a number in plain digits (90 or 5.5)"
    case .day: "a day (2024-03-05)"
    case .word(let words): words.count <= 12 ? "one of: " + words.joined(separator: ", ") : "a known word"
    case .list: "a list"
    case .oneOrMany(let element): describe(element) + " or a list"
    case .map: "a map"
    case .block(let name):
      "a map with the keys \(KeyTable.block(name).names.prefix(4).joined(separator: ", ")), …"
    case .shortOrBlock(let short, _): describe(short) + ", or a map of keys"
    }
  }
}
