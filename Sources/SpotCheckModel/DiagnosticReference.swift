/// The reference page of all diagnostic codes, made from the codes themselves.
public enum DiagnosticReference {
  /// Markdown of `Documentation.docc/Diagnostics.md`. A test compares the file with this text.
  public static var markdown: String {
    var lines = [
      "# Diagnostics", "",
      "Every code that a delivered file can cause, made by `make regenerate`. Codes are stable: never renamed, never reused.",
      "`samples/hostile/` holds a small file for each that a file alone can cause, with the place it must be reported at.",
      "",
      "`fatal` refuses the file, `error` rejects the record, `warning` keeps and flags the value, `info` loses nothing.",
    ]
    for severity in Severity.allCases.reversed() {
      lines += ["", "## \(severity.rawValue)", "", "| Code | What | What to do | 含义 | 处理办法 |", "|---|---|---|---|---|"]
      for code in DiagnosticCode.allCases where code.severity == severity {
        let text = code.text
        lines.append("| `\(code.rawValue)` | \(text.title) | \(text.remedy) | \(text.titleZh) | \(text.remedyZh) |")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
