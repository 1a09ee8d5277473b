import SpotCheckCuration
import SpotCheckModel
import SpotCheckReading

// Row rules, wide tables, combined cells.
extension PlanCompiler {
  mutating func compileRows(_ node: PipelineDocument.Node, _ context: FieldContext) -> [RowRule] {
    guard let entry = node.entry("rows"), case .list(let elements) = entry.value.content else { return [] }
    var rules: [RowRule] = []
    for element in elements {
      guard case .map = element.content else { continue }
      let meanings = ["skip", "section", "record"].compactMap { element.entry($0) }
      guard meanings.count == 1, let first = meanings.first else {
        problems.append(
          document.problem(at: element, "a row rule needs exactly one of 'skip', 'section', 'record: true'"))
        continue
      }
      guard let meaning = meaning(first) else { continue }
      var rule = RowRule(meaning)
      rule.when = conditions(element["when"], context)
      rule.unless = conditions(element["unless"], context)
      if let only = element["only"] { rule.onlyIn = columns(only, context) }
      if rule.when.isEmpty, rule.unless.isEmpty, rule.onlyIn.isEmpty {
        problems.append(
          document.problem(
            key: first, "the rule has no 'when', 'unless' or 'only': it would fit every row"))
      }
      rules.append(rule)
      note("rows[\(rules.count)]", PlanText.of(element), nil)
      settings[settings.count - 1].line = element.line
    }
    return rules
  }

  private mutating func meaning(_ entry: PipelineDocument.Entry) -> RowRule.Meaning? {
    guard let text = entry.value.text else { return nil }
    switch entry.key {
    case "skip": return .skip(text)
    case "section":
      guard let target = FieldTarget(rawValue: text) else { return nil }
      if target.isItemField || target == .samplingNumber {
        problems.append(document.problem(at: entry.value, "a section row cannot set '\(text)'"))
      }
      return .section(target)
    default:
      if text != "true" { problems.append(document.problem(at: entry.value, "'record' is true, or left out")) }
      return .record
    }
  }

  private mutating func conditions(_ node: PipelineDocument.Node?, _ context: FieldContext) -> [CellCondition] {
    var result: [CellCondition] = []
    for entry in node?.entries ?? [] {
      guard let column = column(entry.key, context, place: { $0.problem(key: entry, $1) }) else { continue }
      let patterns = texts(entry.value)
      if patterns.count > 1, patterns.contains("") {
        problems.append(
          document.problem(at: entry.value, "a blank cell ('') cannot stand beside globs; write a rule of its own"))
      }
      result.append(CellCondition(column: column, patterns: patterns.filter { !$0.isEmpty }))
    }
    return result
  }

  // MARK: Wide

  mutating func compileWide(_ node: PipelineDocument.Node, _ context: FieldContext) -> WidePlan? {
    guard let entry = node.entry("wide"), case .map = entry.value.content else { return nil }
    let block = entry.value
    if context.shape != .wide {
      problems.append(document.problem(key: entry, "'wide' has no meaning for shape \(context.shape.rawValue)"))
    }
    var wide = WidePlan()
    if let value = block.entry("columns") {
      wide.columns = columns(value.value, context)
      note("wide.columns", PlanText.of(wide.columns), value)
    }
    if let value = block.entry("after"), let text = value.value.text, !text.isEmpty {
      wide.afterColumn = column(text, context, place: { $0.problem(at: value.value, $1) })
      note("wide.after", PlanText.quoted(text), value)
    }
    if block["columns"] == nil, block["after"] == nil {
      problems.append(document.problem(key: entry, "'wide' needs 'after' or 'columns'"))
    }
    if let columns = block.entry("columns"), block["after"] != nil {
      problems.append(document.problem(key: columns, "'columns' and 'after' exclude each other"))
    }
    wide.unit = unit("wide.unit", block)
    if let value = block.entry("limits") {
      for limit in value.value.entries { wide.limits[CodeTable.normalise(limit.key)] = limit.value.text ?? "" }
      note("wide.limits", PlanText.of(value.value), value)
    }
    if let value = block.entry("limit_row"), let text = value.value.text {
      wide.limitRow = text
      note("wide.limit_row", PlanText.quoted(text), value)
    }
    return wide
  }

  private mutating func unit(_ path: String, _ block: PipelineDocument.Node) -> String {
    guard let entry = block.entry("unit"), let text = entry.value.text else { return "" }
    if tableNames[FieldWords.unitTable] != nil, tables.units.find(text) == nil {
      let known = tables.units.entries.flatMap { [$0.unit] + $0.aliases }
      problems.append(
        document.problem(at: entry.value, "unknown unit '\(text)'" + NearestWord.hint(text, in: known)))
    }
    note(path, text, entry)
    return text
  }

  // MARK: Combined

  mutating func compileCombined(_ node: PipelineDocument.Node, _ plan: CurationPlan) -> CombinedPlan? {
    guard let entry = node.entry("combined") else {
      return plan.fields.contains { $0.target == .items } ? CombinedPlan() : nil
    }
    guard case .map = entry.value.content else { return nil }
    let block = entry.value
    var combined = CombinedPlan()
    if let value = block.entry("parts"), case .list(let elements) = value.value.content {
      combined.parts = elements.compactMap { $0.text.flatMap { FieldTarget(rawValue: $0) } }
      note("combined.parts", PlanText.of(combined.parts.map(\.rawValue)), value)
      if !combined.parts.contains(.analyte) {
        problems.append(document.problem(key: value, "'parts' must name 'analyte'"))
      }
    }
    for key in ["separators", "between"] {
      guard let value = block.entry(key) else { continue }
      let list = texts(value.value).filter { !$0.isEmpty }
      if key == "separators" { combined.separators = list } else { combined.between = list }
      note("combined.\(key)", PlanText.of(list), value)
      if list.isEmpty { problems.append(document.problem(key: value, "'\(key)' must not be empty")) }
    }
    if let value = block.entry("templates") {
      for element in value.value.elements {
        guard let text = element.text, !text.isEmpty else { continue }
        if let fault = TemplateCheck.fault(text) {
          problems.append(document.problem(at: element, "bad template: \(fault)"))
        }
        combined.templates.append(text)
      }
      note("combined.templates", PlanText.of(combined.templates), value)
    }
    if let value = block.entry("nothing") {
      combined.nothing = texts(value.value).filter { !$0.isEmpty }
      note("combined.nothing", PlanText.of(combined.nothing), value)
    }
    combined.unit = unit("combined.unit", block)
    if let value = block.entry("verdict") {
      combined.verdict = value.value.text.flatMap { Verdict(rawValue: $0) }
      note("combined.verdict", combined.verdict?.rawValue ?? "", value)
    }
    return combined
  }
}

/// `{analyte} {value} (MRL = {limit})`: names in braces, each once, never side by side.
enum TemplateCheck {
  static func fault(_ template: String) -> String? {
    var names: [String] = []
    var rest = template[...]
    var gap = true
    while let open = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      guard rest[open] == "{" else { return "'}' without '{'" }
      if open > rest.startIndex { gap = true }
      let inside = rest[rest.index(after: open)...]
      guard let close = inside.firstIndex(of: "}") else { return "'{' without '}'" }
      let name = String(inside[..<close])
      guard FieldWords.itemFields.contains(name) else {
        return "unknown field '{\(name)}'" + NearestWord.hint(name, in: FieldWords.itemFields)
      }
      if names.contains(name) { return "'{\(name)}' stands twice" }
      if !gap { return "'{\(name)}' follows another field with nothing between" }
      names.append(name)
      gap = false
      rest = inside[inside.index(after: close)...]
    }
    return names.contains("analyte") ? nil : "it does not name {analyte}"
  }
}

/// XML paths as the reader takes them.
enum PathCheck {
  static func fault(_ path: String) -> String? {
    do {
      _ = try XMLPath(path)
      return nil
    } catch {
      return error.message
    }
  }
}
