/// What an audit of one document has found, and how much it could look at.
public struct AuditReport: Sendable, Hashable {
  /// What kind of document it was taken for.
  public enum Form: String, Sendable, Hashable {
    /// The YAML of <doc:Audit>.
    case bulletin
    /// Running text and tables.
    case text
    /// The answer of `spotcheck rate`, as CSV, TSV, JSON or NDJSON.
    case rates
    /// A store's own answers.
    case store

    var chinese: String {
      switch self {
      case .bulletin: "通报 YAML"
      case .text: "正文"
      case .rates: "spotcheck rate 输出"
      case .store: "库"
      }
    }
  }

  public var form: Form
  /// The document's title, if it says one.
  public var title: String
  /// In order of place.
  public var findings: [AuditFinding]
  /// Findings beyond the first ``AuditLog/findingLimit``.
  public var findingsLeftOut: Int
  /// How many claims of which kind were checked; kinds without claims are left out.
  public var checked: [ClaimKind: Int]
  /// Sentences and table rows with numbers that no check made use of.
  public var notUnderstood: Int

  /// An audit of what has no text of its own: findings and counts are added.
  public init(_ form: Form) {
    self.init(form: form, title: "", findings: [], findingsLeftOut: 0, checked: [:], notUnderstood: 0)
  }

  init(
    form: Form, title: String, findings: [AuditFinding], findingsLeftOut: Int, checked: [ClaimKind: Int],
    notUnderstood: Int
  ) {
    self.form = form
    self.title = title
    self.findings = findings
    self.findingsLeftOut = findingsLeftOut
    self.checked = checked
    self.notUnderstood = notUnderstood
  }

  /// Keeps a finding, or counts it when there are too many.
  public mutating func add(_ finding: AuditFinding) {
    if findings.count < AuditLog.findingLimit { findings.append(finding) } else { findingsLeftOut += 1 }
  }

  public var claims: Int { checked.values.reduce(0, +) }
  public var errors: Int { findings.count { $0.severity == .error } }
  public var warnings: Int { findings.count { $0.severity == .warning } }

  /// The kinds of claims in their fixed order.
  public var checkedInOrder: [(kind: ClaimKind, count: Int)] {
    ClaimKind.allCases.compactMap { kind in checked[kind].map { (kind, $0) } }
  }
}

/// Collects findings and counts claims while a document is checked.
struct AuditLog {
  /// More findings are counted, not kept: nobody reads them, and a hostile file must not fill the memory.
  static let findingLimit = 1000

  private(set) var findings: [AuditFinding] = []
  private(set) var leftOut = 0
  private(set) var checked: [ClaimKind: Int] = [:]

  /// Counts one claim that is being checked.
  mutating func count(_ kind: ClaimKind, _ claims: Int = 1) { checked[kind, default: 0] += claims }

  mutating func find(
    _ code: AuditCode, _ severity: AuditFinding.Severity = .error, at position: AuditPosition, subject: String,
    printed: String, expected: String, _ message: String, zh messageZh: String
  ) {
    guard findings.count < AuditLog.findingLimit else {
      leftOut += 1
      return
    }
    findings.append(
      AuditFinding(
        code: code, severity: severity, position: position, subject: subject, printed: printed, expected: expected,
        message: message, messageZh: messageZh))
  }

  func report(_ form: AuditReport.Form, title: String, notUnderstood: Int) -> AuditReport {
    AuditReport(
      form: form, title: title, findings: findings.sorted(), findingsLeftOut: leftOut, checked: checked,
      notUnderstood: notUnderstood)
  }
}
