import SpotCheck

/// What an import says at its end.
enum SummaryText {
  static func line(_ file: FileOutcome) -> String {
    let name = PathText.printable(file.path)
    switch file.state {
    case .accepted:
      var text =
        "accepted   \(name)  [\(file.layout)]  \(file.samples) samples\(samples(file)), \(file.items) items; rows: \(rows(file.accounts))"
      if file.superseded > 0 { text += "; \(file.superseded) earlier samples superseded" }
      return text + codes(file.counts, atLeast: .warning)
    case .duplicate:
      return "duplicate  \(name)  \(file.diagnostics.first?.message ?? "imported before")"
    case .refused:
      guard let refusal = file.refusal else { return "refused    \(name)" }
      let place = refusal.position.line > 0 ? " line \(refusal.position.line), byte \(refusal.position.byteOffset)" : ""
      let message = refusal.message.isEmpty ? refusal.code.text.title : refusal.message
      return """
        refused    \(name)  \(refusal.code.rawValue)\(place): \(message)
                   \(refusal.code.text.titleZh)。\(refusal.code.text.remedyZh)。
        """
    }
  }

  static func total(_ summary: ImportSummary) -> String {
    let accounts = summary.accounts
    let seconds = max(summary.seconds, 0.001)
    return """
      \(summary.files.count) files: \(summary.count(.accepted)) accepted, \(summary.count(.duplicate)) duplicate, \
      \(summary.count(.refused)) refused; rows: \(rows(accounts))\(codes(summary.counts, atLeast: .error))
      \(decimal(seconds)) s, \(Int(Double(accounts.read) / seconds)) rows/s
      """
  }

  /// Where the samples went, if not all of them were inspected.
  private static func samples(_ file: FileOutcome) -> String {
    let accounts = file.sampleAccounts
    let closed = file.samples - accounts.samples
    guard accounts.excluded > 0 || closed > 0 else { return "" }
    var parts = ["\(accounts.inspected) inspected"]
    for sampleClass in SampleClass.allCases where !sampleClass.isInspected && accounts[sampleClass] > 0 {
      parts.append("\(accounts[sampleClass]) \(sampleClass.rawValue)")
    }
    if closed > 0 { parts.append("\(closed) superseded or withdrawn") }
    return " (" + parts.joined(separator: " + ") + ")"
  }

  private static func rows(_ accounts: RowAccounts) -> String {
    "\(accounts.read) read = \(accounts.accepted) accepted + \(accounts.rejected) rejected + "
      + "\(accounts.duplicate) duplicate + \(accounts.blank) blank"
  }

  private static func codes(_ counts: [DiagnosticCode: Int], atLeast severity: Severity) -> String {
    let shown = counts.filter { $0.key.severity >= severity }.sorted { $0.key.rawValue < $1.key.rawValue }
    guard !shown.isEmpty else { return "" }
    return "\n           " + shown.map { "\($0.key.rawValue) \($0.value)" }.joined(separator: ", ")
  }

  private static func decimal(_ seconds: Double) -> String {
    let hundredths = Int((seconds * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
