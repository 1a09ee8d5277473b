/// The language of what people read.
public enum AuditLanguage: String, Sendable, CaseIterable {
  case zh, en
}

/// Reports as people read them: a line a finding, and a line that says how much was looked at.
public struct AuditText: Sendable {
  public var language: AuditLanguage

  public init(_ language: AuditLanguage = .zh) { self.language = language }

  /// `file:12:5: 错误 PERCENT …` for each finding, then the summary.
  public func text(_ report: AuditReport, file: String) -> String {
    var lines = report.findings.map { line($0, file: file) }
    if report.findingsLeftOut > 0 {
      lines.append(
        language == .zh
          ? "\(file): 另有 \(report.findingsLeftOut) 处未列出" : "\(file): \(report.findingsLeftOut) more are not shown")
    }
    lines.append("\(file): \(summary(report))")
    return lines.map { AuditText.harmless($0) + "\n" }.joined()
  }

  private func line(_ finding: AuditFinding, file: String) -> String {
    let place = finding.position.line > 0 ? ":\(finding.position.line):\(finding.position.column)" : ""
    let severity =
      switch (finding.severity, language) {
      case (.error, .zh): "错误"
      case (.warning, .zh): "提示"
      case (let severity, .en): severity.rawValue
      }
    return "\(file)\(place): \(severity) \(finding.code.rawValue) "
      + (language == .zh ? finding.messageZh : finding.message)
  }

  /// How many claims of which kind were checked, what was found, and what was not understood.
  public func summary(_ report: AuditReport) -> String {
    switch language {
    case .zh:
      let kinds = report.checkedInOrder.map { "\($0.kind.chinese) \($0.count)" }.joined(separator: "、")
      return "\(report.form.chinese)：核对 \(report.claims) 项（\(kinds)），\(report.errors) 处错误，\(report.warnings) 处提示；"
        + "\(report.notUnderstood) 句含数字而未能核对"
    case .en:
      let kinds = report.checkedInOrder.map { "\($0.kind.rawValue) \($0.count)" }.joined(separator: ", ")
      func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
      return "\(counted(report.claims, "claim")) checked (\(kinds)), \(counted(report.errors, "error")), "
        + "\(counted(report.warnings, "warning")); \(counted(report.notUnderstood, "sentence")) with numbers not understood"
    }
  }

  /// Text without control characters (so without escape sequences) and without marks that turn it around.
  static func harmless(_ text: String) -> String {
    var view = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029: view.append(" ")
      case 0x061C, 0x200B...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: continue
      default: view.append(scalar)
      }
    }
    return String(view)
  }
}
