import SpotCheckModel

/// Reports for programs. Names and order of fields are stable.
public enum AuditRecords {
  /// One object: `files`, each with counts and findings.
  public static func json(_ reports: [(file: String, report: AuditReport)]) -> String {
    let files = reports.map { entry in
      let findings = entry.report.findings.map { "\n    " + object($0, file: nil) }.joined(separator: ",")
      return "  {" + summary(entry.report, file: entry.file) + ",\"findings\":[" + findings
        + (findings.isEmpty ? "" : "\n  ")
        + "]}"
    }
    return "{\"files\":[\n" + files.joined(separator: ",\n") + "\n]}\n"
  }

  /// One object a finding, and one a file behind its findings: with `claims` instead of `code`.
  public static func ndjson(_ reports: [(file: String, report: AuditReport)]) -> String {
    var out = ""
    for entry in reports {
      for finding in entry.report.findings { out += object(finding, file: entry.file) + "\n" }
      out += "{" + summary(entry.report, file: entry.file) + "}\n"
    }
    return out
  }

  /// One line a finding under a line of names.
  public static func csv(_ reports: [(file: String, report: AuditReport)]) -> String {
    var out = "file,line,column,severity,code,subject,printed,expected,message,message_zh\n"
    for entry in reports {
      for finding in entry.report.findings {
        let cells = [
          entry.file, String(finding.position.line), String(finding.position.column), finding.severity.rawValue,
          finding.code.rawValue, finding.subject, finding.printed, finding.expected, finding.message,
          finding.messageZh,
        ]
        out += cells.map(quoted).joined(separator: ",") + "\n"
      }
    }
    return out
  }

  private static func summary(_ report: AuditReport, file: String) -> String {
    let kinds = report.checkedInOrder.map { "\"\($0.kind.rawValue)\":\($0.count)" }.joined(separator: ",")
    return "\"file\":" + JSONText.quoted(file) + ",\"form\":\"\(report.form.rawValue)\",\"title\":"
      + JSONText.quoted(report.title) + ",\"claims\":\(report.claims),\"checked\":{\(kinds)},\"not_understood\":"
      + "\(report.notUnderstood),\"errors\":\(report.errors),\"warnings\":\(report.warnings),\"left_out\":"
      + "\(report.findingsLeftOut)"
  }

  private static func object(_ finding: AuditFinding, file: String?) -> String {
    var out = "{"
    if let file { out += "\"file\":" + JSONText.quoted(file) + "," }
    out += "\"code\":\"\(finding.code.rawValue)\",\"severity\":\"\(finding.severity.rawValue)\""
    out += ",\"line\":\(finding.position.line),\"column\":\(finding.position.column)"
    for (name, value) in [
      ("subject", finding.subject), ("printed", finding.printed), ("expected", finding.expected),
      ("message", finding.message), ("message_zh", finding.messageZh),
    ] {
      out += ",\"\(name)\":" + JSONText.quoted(value)
    }
    return out + "}"
  }

  /// RFC 4180.
  private static func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
