import SpotCheckCuration
import SpotCheckModel

/// A compiled pipeline in words: every setting with the line that made it, or `default`.
public enum PipelineExplainer {
  public static func explain(_ plan: PipelinePlan) -> String {
    var lines = [
      "pipeline \(plan.name): \(plan.title)", "file \(plan.file)", "bureau \(plan.bureau)", "revision \(plan.revision)",
    ]
    if !plan.description.isEmpty { lines.insert("description \(PlanText.quoted(plan.description))", at: 1) }
    if let tables = plan.layouts.first?.curation.tables {
      var names = tables.tables.keys.sorted().map { "\($0) (\(tables.tables[$0]?.entries.count ?? 0))" }
      if !tables.units.entries.isEmpty { names.append("units (\(tables.units.entries.count))") }
      lines.append("tables " + (names.isEmpty ? "none" : names.joined(separator: ", ")))
    }
    for layout in plan.layouts {
      lines += ["", "layout \(layout.name)"]
      lines += layout.settings.map { "  " + line($0, file: plan.file) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func line(_ setting: PlanSetting, file: String) -> String {
    let origin = setting.line.map { "\(file):\($0)" } ?? "default"
    let written = setting.written.map { " (written: \($0))" } ?? ""
    return "\(setting.path) = \(setting.resolved)\(written)  # \(origin)"
  }
}
