import SpotCheckCuration
import SpotCheckModel

// Columns that are known and deliberately not imported.
extension PlanCompiler {
  /// The names under `ignore` of the pipeline and of the layout, together and normalised.
  ///
  /// A name that a field of the layout reads is an error: what is ignored is promised never to be stored.
  mutating func compileIgnored(
    _ layout: PipelineDocument.Node, _ context: FieldContext, fields: [FieldPlan], wide: WidePlan?
  ) -> Set<String> {
    var readers: [String: String] = [:]
    for field in fields {
      for case .name(let name) in field.sources { readers[HeaderNames.normalise(name)] = field.target.rawValue }
    }
    for case .name(let name) in wide?.columns ?? [] { readers[HeaderNames.normalise(name)] = "wide.columns" }
    var ignored: Set<String> = []
    // A pipeline's names stand for all its layouts, those without a header included.
    for block in context.isHeaderless ? [layout] : [root, layout] {
      guard let entry = block.entry("ignore") else { continue }
      var written: Set<String> = []
      for element in entry.value.elements {
        guard let text = element.text, !text.isEmpty else { continue }
        // A column without a name is never called unknown, so there is nothing to silence.
        guard case .name(let name) = column(text, context, place: { $0.problem(at: element, $1) }) else {
          if text.hasPrefix("#") {
            problems.append(document.problem(at: element, "'ignore' takes names, not '\(text)'"))
          }
          continue
        }
        if !written.insert(name).inserted {
          problems.append(document.problem(at: element, "the column name '\(text)' is named twice"))
        } else if let reader = readers[name] {
          problems.append(
            document.problem(at: element, "'\(text)' is ignored, but '\(reader)' of this layout reads it"))
        }
        ignored.insert(name)
      }
    }
    if !ignored.isEmpty {
      note("ignore", PlanText.of(ignored.sorted()), layout.entry("ignore") ?? root.entry("ignore"))
    }
    return ignored
  }
}
