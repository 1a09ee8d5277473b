import SpotCheckCuration
import SpotCheckModel

// Fields: from what is written to FieldPlan.
extension PlanCompiler {
  /// What the layout at hand allows.
  struct FieldContext {
    var format: ReadingPlan.Format
    /// Columns have no names.
    var isHeaderless: Bool
    var shape: RecordShape
  }

  /// All fields of a layout, in the order of ``FieldTarget``: the layout's own entries replace the common ones.
  mutating func compileFields(_ layout: PipelineDocument.Node, _ context: FieldContext) -> [FieldPlan] {
    for block in [layout, root] {
      for entry in block["constants"]?.entries ?? [] where block["fields"]?.entry(entry.key) != nil {
        problems.append(
          document.problem(key: entry, "field '\(entry.key)' stands in 'fields' and in 'constants'"))
      }
    }
    var plans: [FieldPlan] = []
    for target in FieldTarget.allCases {
      let key = target.rawValue
      if let entry = layout["fields"]?.entry(key) {
        plans += compileField(target, entry, context)
      } else if let entry = layout["constants"]?.entry(key) {
        plans += compileConstant(target, entry)
      } else if let entry = root["fields"]?.entry(key) {
        plans += compileField(target, entry, context)
      } else if let entry = root["constants"]?.entry(key) {
        plans += compileConstant(target, entry)
      }
    }
    return plans
  }

  private mutating func compileConstant(_ target: FieldTarget, _ entry: PipelineDocument.Entry) -> [FieldPlan] {
    guard let text = entry.value.text, !text.isEmpty else { return [] }
    var plan = FieldPlan(target)
    plan.constant = text
    plan.table = tableName(target, nil, entry)
    checkValue(text, of: plan, at: entry.value)
    note("fields.\(target.rawValue).constant", PlanText.quoted(text), entry)
    return [plan]
  }

  private mutating func compileField(
    _ target: FieldTarget, _ entry: PipelineDocument.Entry, _ context: FieldContext
  ) -> [FieldPlan] {
    var plan = FieldPlan(target)
    let path = "fields.\(target.rawValue)"
    guard case .map = entry.value.content else {
      plan.sources = columns(entry.value, context)
      plan.table = tableName(target, nil, entry)
      note(path + ".from", PlanText.of(plan.sources), entry)
      noteTable(plan, nil)
      return plan.sources.isEmpty ? [] : [plan]
    }
    let block = entry.value
    compileSources(&plan, block, entry, context)
    if let value = block.entry("join"), let text = value.value.text {
      plan.join = text
      note(path + ".join", PlanText.quoted(text), value)
      if plan.sources.count < 2 {
        problems.append(document.problem(.warning, key: value, "'join' has nothing to join: one column"))
      }
    }
    plan.table = tableName(target, block.entry("table"), entry)
    compileWords(&plan, block)
    for key in ["constant", "default"] {
      guard let value = block.entry(key), let text = value.value.text, !text.isEmpty else { continue }
      if key == "constant" { plan.constant = text } else { plan.fallback = text }
      checkValue(text, of: plan, at: value.value)
      note(path + "." + key, PlanText.quoted(text), value)
    }
    plan.required = optionalFlag(path, "required", block)
    plan.fillDown = optionalFlag(path, "fill_down", block)
    plan.isPersonal = optionalFlag(path, "personal", block)
    compileSteps(&plan, block)
    if let value = block.entry("pattern") {
      plan.patterns = texts(value.value).filter { !$0.isEmpty }
      note(path + ".pattern", PlanText.of(plan.patterns), value)
    }
    if let value = block.entry("max_length"), let number = value.value.text.flatMap({ Int($0) }), number > 0 {
      plan.maximumLength = number
      note(path + ".max_length", String(number), value)
    }
    if let value = block.entry("order"), let order = value.value.text.flatMap({ DateOrder(rawValue: $0) }) {
      plan.dateOrder = order
      note(path + ".order", order.rawValue, value)
      if !FieldWords.dayFields.contains(target) {
        problems.append(document.problem(key: value, "'order' is for days only; '\(target.rawValue)' is none"))
      }
    }
    noteTable(plan, block.entry("table"))
    return [plan]
  }

  private mutating func compileSources(
    _ plan: inout FieldPlan, _ block: PipelineDocument.Node, _ entry: PipelineDocument.Entry, _ context: FieldContext
  ) {
    let path = "fields.\(plan.target.rawValue)"
    let from = block.entry("from")
    let levels = block.entry("path")
    if let from {
      plan.sources = columns(from.value, context)
      note(path + ".from", PlanText.of(plan.sources), from)
    }
    if let levels {
      plan.sources = columns(levels.value, context)
      plan.isPath = true
      note(path + ".path", PlanText.of(plan.sources), levels)
      if plan.target != .category {
        problems.append(
          document.problem(
            key: levels, "'path' is for the field category only; use 'from' for '\(plan.target.rawValue)'"))
      }
      if from != nil { problems.append(document.problem(key: levels, "'from' and 'path' exclude each other")) }
    }
    if let constant = block.entry("constant"), from != nil || levels != nil {
      problems.append(
        document.problem(key: constant, "'constant' leaves no use for columns; for blank cells write 'default'"))
    }
    if from == nil, levels == nil, block.entry("constant") == nil {
      problems.append(
        document.problem(key: entry, "field '\(entry.key)' has no source; write 'from', 'path' or 'constant'"))
    }
  }

  private mutating func optionalFlag(_ path: String, _ key: String, _ block: PipelineDocument.Node) -> Bool {
    guard let entry = block.entry(key) else { return false }
    let value = entry.value.text == "true"
    note(path + "." + key, String(value), entry)
    return value
  }

  // MARK: Tables and words

  private mutating func tableName(
    _ target: FieldTarget, _ written: PipelineDocument.Entry?, _ field: PipelineDocument.Entry
  ) -> String? {
    guard let name = written?.value.text ?? FieldWords.defaultTable(target), name != FieldWords.verbatim else {
      return nil
    }
    usedTables.insert(name)
    if tables[name] == nil, tableNames[name] == nil {
      let known = (tables.tables.keys + [FieldWords.verbatim]).sorted()
      if let written {
        problems.append(
          document.problem(at: written.value, "unknown table '\(name)'" + NearestWord.hint(name, in: known)))
      } else {
        problems.append(
          document.problem(
            key: field, "field '\(field.key)' needs the table 'codes/\(name).csv', which does not exist"))
      }
    }
    return name
  }

  private mutating func noteTable(_ plan: FieldPlan, _ entry: PipelineDocument.Entry?) {
    guard plan.table != nil || entry != nil else { return }
    note("fields.\(plan.target.rawValue).table", plan.table ?? FieldWords.verbatim, entry)
  }

  private mutating func compileWords(_ plan: inout FieldPlan, _ block: PipelineDocument.Node) {
    guard let words = block.entry("words") else { return }
    for entry in words.value.entries {
      guard let code = entry.value.text, !code.isEmpty else { continue }
      let key = CodeTable.normalise(entry.key)
      if let other = plan.words[key], other != code {
        problems.append(
          document.problem(
            key: entry, "the word '\(entry.key)' already means '\(other)' (width and case do not matter)"))
      }
      plan.words[key] = code
      checkCode(code, table: plan.table, at: entry.value)
    }
    let shown = plan.words.keys.sorted().map { "\($0): \(plan.words[$0] ?? "")" }.joined(separator: ", ")
    note("fields.\(plan.target.rawValue).words", "{\(shown)}", words)
  }

  /// A code written in a pipeline must be one of its table.
  mutating func checkCode(_ code: String, table name: String?, at node: PipelineDocument.Node) {
    guard let name, let table = tables[name], table.entry(code) == nil else { return }
    problems.append(
      document.problem(
        at: node, "'\(code)' is no code of the table '\(name)'" + NearestWord.hint(code, in: table.entries.map(\.code)))
    )
  }

  /// A constant or default is read as if it had been delivered: a code or a name of the table, an ISO date.
  private mutating func checkValue(_ text: String, of plan: FieldPlan, at node: PipelineDocument.Node) {
    if FieldWords.dayFields.contains(plan.target), CalendarDay(iso: text) == nil {
      problems.append(document.problem(at: node, "'\(text)' is no date; expected 2024-03-05"))
    }
    guard plan.words[CodeTable.normalise(text)] == nil, let name = plan.table, let table = tables[name] else { return }
    if case .unknown = table.resolve(text, on: nil) {
      let words = table.entries.flatMap { [$0.code, $0.name] }
      problems.append(
        document.problem(
          at: node, "'\(text)' is neither a code nor a name of the table '\(name)'" + NearestWord.hint(text, in: words))
      )
    }
  }

  // MARK: Steps

  private mutating func compileSteps(_ plan: inout FieldPlan, _ block: PipelineDocument.Node) {
    for key in ["strip_prefix", "strip_suffix", "before", "after", "upper"] {
      guard let entry = block.entry(key), let step = step(entry) else { continue }
      plan.steps.append(step)
      note("fields.\(plan.target.rawValue).\(key)", entry.value.text.map { PlanText.quoted($0) } ?? "", entry)
    }
    guard let list = block.entry("steps"), case .list(let nodes) = list.value.content else { return }
    for node in nodes {
      if node.text == "upper" {
        plan.steps.append(.upper)
        continue
      }
      guard case .map(let entries) = node.content else { continue }
      if entries.count != 1 {
        problems.append(document.problem(at: node, "a step has one key, found \(entries.count)"))
      }
      for entry in entries { plan.steps += step(entry).map { [$0] } ?? [] }
    }
    note("fields.\(plan.target.rawValue).steps", PlanText.of(list.value), list)
  }

  private mutating func step(_ entry: PipelineDocument.Entry) -> TextStep? {
    if entry.key == "upper" { return entry.value.text == "true" ? .upper : nil }
    if entry.key == "replace" {
      let pair = texts(entry.value)
      guard case .list = entry.value.content, pair.count == 2, !pair[0].isEmpty else {
        problems.append(document.problem(key: entry, "'replace' needs two texts, the first not empty: [old, new]"))
        return nil
      }
      return .replace(pair[0], pair[1])
    }
    guard let text = entry.value.text, !text.isEmpty else { return nil }
    switch entry.key {
    case "strip_prefix": return .stripPrefix(text)
    case "strip_suffix": return .stripSuffix(text)
    case "before": return .before(text)
    case "after": return .after(text)
    default: return nil
    }
  }

  // MARK: Columns

  /// The columns of a text or list of texts.
  mutating func columns(_ node: PipelineDocument.Node, _ context: FieldContext) -> [ColumnReference] {
    var result: [ColumnReference] = []
    var written: Set<String> = []
    for element in node.elements {
      guard let text = element.text, !text.isEmpty,
        let column = column(text, context, place: { $0.problem(at: element, $1) })
      else { continue }
      if !written.insert(text).inserted {
        problems.append(document.problem(at: element, "the column '\(text)' is named twice"))
      }
      // Spellings that are one name when normalised are fine: the list shows what was delivered.
      if !result.contains(column) { result.append(column) }
    }
    return result
  }

  /// `#2`, or a name. A name that only begins with `#` is a name.
  mutating func column(
    _ text: String, _ context: FieldContext, place: (PipelineDocument, String) -> PipelineProblem
  ) -> ColumnReference? {
    if text.hasPrefix("#"), text.utf8.count > 1, text.utf8.dropFirst().allSatisfy({ (48...57).contains($0) }) {
      guard let number = Int(text.dropFirst()), (1...4096).contains(number) else {
        problems.append(place(document, "columns count from #1 to #4096, found '\(text)'"))
        return nil
      }
      if context.format == .xml {
        problems.append(place(document, "'\(text)' cannot match: XML has names, no column numbers"))
        return nil
      }
      return .position(number - 1)
    }
    if context.isHeaderless {
      problems.append(place(document, "'\(text)' cannot match: without a header, columns are #1, #2, …"))
      return nil
    }
    let name = HeaderNames.normalise(text)
    guard !name.isEmpty else {
      problems.append(place(document, "the column name '\(text)' is empty after normalisation"))
      return nil
    }
    return .name(name)
  }
}
