import SpotCheckCuration
import SpotCheckModel

// Columns that are known and deliberately not imported.
extension PlanCompiler {
  /// Who reads a name in a layout, by normalised name.
  func readers(of fields: [FieldPlan], _ wide: WidePlan?) -> [String: String] {
    var readers: [String: String] = [:]
    for field in fields {
      for case .name(let name) in field.sources { readers[HeaderNames.normalise(name)] = field.target.rawValue }
    }
    for case .name(let name) in wide?.columns ?? [] { readers[HeaderNames.normalise(name)] = "wide.columns" }
    return readers
  }

  /// The names under `ignore` of the pipeline and of the layout, together and normalised, with those under `personal`
  /// and with our own columns of a table of refused rows.
  ///
  /// - Parameter readers: ``readers(of:_:)``.
  ///
  /// A name that a field of the layout reads is an error: what is ignored is promised never to be stored.
  mutating func compileIgnored(
    _ layout: PipelineDocument.Node, _ context: FieldContext, readers: [String: String], personal: PersonalColumns
  ) -> Set<String> {
    var ignored: Set<String> = []
    // A pipeline's names stand for all its layouts, those without a header included.
    for block in context.isHeaderless ? [layout] : [root, layout] {
      guard let entry = block.entry("ignore") else { continue }
      ignored.formUnion(columnNames(entry, "ignore", context, readers))
    }
    if !ignored.isEmpty {
      note("ignore", PlanText.of(ignored.sorted()), layout.entry("ignore") ?? root.entry("ignore"))
    }
    return ignored.union(personal.all).union(ReturnedColumns.names.map { HeaderNames.normalise($0) })
  }

  /// The columns under `personal` of the pipeline and of the layout, together.
  mutating func compilePersonal(
    _ layout: PipelineDocument.Node, _ context: FieldContext, readers: [String: String]
  ) -> PersonalColumns {
    let kinds: [(String, WritableKeyPath<PersonalColumns, Set<String>>)] = [
      ("names", \.names), ("phones", \.phones), ("identities", \.identities),
    ]
    var columns = PersonalColumns()
    for (key, kind) in kinds {
      var last: PipelineDocument.Entry?
      for block in context.isHeaderless ? [layout] : [root, layout] {
        guard let entry = block["personal"]?.entry(key) else { continue }
        columns[keyPath: kind].formUnion(columnNames(entry, "personal." + key, context, readers))
        last = entry
      }
      // The same may stand in an attribute.
      if context.format == .xml {
        columns[keyPath: kind].formUnion(columns[keyPath: kind].filter { !$0.hasPrefix("@") }.map { "@" + $0 })
      }
      if !columns[keyPath: kind].isEmpty { note("personal." + key, PlanText.of(columns[keyPath: kind].sorted()), last) }
    }
    return columns
  }

  /// The names of one list, normalised; what is wrong with them is noted.
  private mutating func columnNames(
    _ entry: PipelineDocument.Entry, _ key: String, _ context: FieldContext, _ readers: [String: String]
  ) -> Set<String> {
    var names: Set<String> = []
    for element in entry.value.elements {
      guard let text = element.text, !text.isEmpty else { continue }
      // A column without a name is never called unknown, so there is nothing to silence.
      guard case .name(let name) = column(text, context, place: { $0.problem(at: element, $1) }) else {
        if text.hasPrefix("#") {
          problems.append(document.problem(at: element, "'\(key)' takes names, not '\(text)'"))
        }
        continue
      }
      if !names.insert(name).inserted {
        problems.append(document.problem(at: element, "the column name '\(text)' is named twice"))
      } else if let reader = readers[name] {
        let what = key == "ignore" ? "ignored" : "personal and not imported"
        problems.append(document.problem(at: element, "'\(text)' is \(what), but '\(reader)' of this layout reads it"))
      }
    }
    return names
  }
}
