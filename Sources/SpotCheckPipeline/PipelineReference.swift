/// The key table as a page of the documentation: `Documentation.docc/PipelineReference.md`.
public enum PipelineReference {
  /// The page's whole text.
  public static func markdown() -> String {
    var lines = [
      "# Pipeline reference", "",
      "Every key of `pipelines/*.yaml`, `*.test.yaml` and `targets.yaml` (流水线、测试与质量目标登记册的全部键).", "",
      "> This page is generated from the key table in `Sources/SpotCheckPipeline`, which also checks the files and",
      "> makes `pipelines/schema.json`. Unknown keys are errors. Columns are compared without regard to case, width,",
      "> white space and marks of obligatory columns (`*`, `（必填）`); `#2` is the second column.", "",
    ]
    for block in KeyTable.blocks {
      lines += [
        "## \(block.title)", "", "\(block.titleZh)", "", "| Key | Value | Default | Meaning | 说明 |",
        "|---|---|---|---|---|",
      ]
      for row in block.rows {
        let name = "`\(row.name)`" + (row.isRequired ? " (required)" : "")
        lines.append(
          "| \(name) | \(cell(describe(row.kind))) | \(cell(code(row.fallback))) | \(cell(row.english)) | \(cell(row.chinese)) |"
        )
      }
      lines.append("")
    }
    lines += ["## Fields", "", "| Field | Of | Default table |", "|---|---|---|"]
    for target in FieldWords.allFields {
      lines.append(
        "| `\(target.name)` | \(target.isItem ? "item" : "sample") | \(target.table.map { "`\($0)`" } ?? "") |")
    }
    lines.append("")
    return lines.joined(separator: "\n")
  }

  private static func code(_ text: String) -> String { text.isEmpty ? "" : "`\(text)`" }

  private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }

  private static func describe(_ kind: KeyKind) -> String {
    switch kind {
    case .text: "text"
    case .anyText: "text, may be empty"
    case .boolean: "`true`, `false`"
    case .integer(let range): "whole number \(range.lowerBound) … \(range.upperBound)"
    case .fraction: "number 0 … 1"
    case .decimal: "decimal number"
    case .day: "day, `2024-03-05`"
    case .word(let words):
      if words == FieldWords.fields {
        "a field"
      } else if words == FieldWords.itemFields {
        "an item field"
      } else if words == FieldWords.diagnostics {
        "a diagnostic code"
      } else {
        words.map { "`\($0)`" }.joined(separator: ", ")
      }
    case .list(let element): "list of: " + describe(element)
    case .oneOrMany(let element): describe(element) + ", or a list"
    case .map(let keys, let value):
      (keys == FieldWords.fields ? "map: field → " : "map: … → ") + describe(value)
    case .block(let name): link(name)
    case .shortOrBlock(let short, let name): describe(short) + ", or " + link(name)
    }
  }

  private static func link(_ name: BlockName) -> String { "keys of *\(KeyTable.block(name).title)*" }
}
