public import SpotCheckCuration
public import SpotCheckModel

/// A pipeline, compiled and complete.
public struct PipelinePlan: Sendable {
  public var name: String
  public var title: String
  public var bureau: String
  public var description: String
  /// The YAML file, as found.
  public var file: String
  /// SHA-256 in hex over the YAML and the code tables it uses: the mapping version that each batch records.
  public var revision: String
  public var layouts: [LayoutPlan]

  public func layout(_ name: String) -> LayoutPlan? { layouts.first { $0.name == name } }
}

/// One kind of file: how it is recognised, read and curated.
public struct LayoutPlan: Sendable {
  public var pipeline: String
  public var name: String
  public var match: MatchPlan
  public var reading: ReadingPlan
  public var curation: CurationPlan
  public var gate: RejectGate
  /// What was decided and where it is written, in order of the key table: the text of `explain`.
  public var settings: [PlanSetting]

  /// `agriculture/wide`.
  public var fullName: String { pipeline + "/" + name }
}

/// Conditions on a delivered file; all that are given must hold. Names are normalised.
public struct MatchPlan: Sendable, Hashable {
  /// Globs of the file name, one of which must match; empty: any name.
  public var files: [String] = []
  /// Names of folders, one of which must stand above the file; empty: anywhere.
  public var folders: [String] = []
  /// Local name of the XML root.
  public var root: String?
  /// Namespace of the XML root.
  public var namespace: String?
  /// Header names as written, and normalised as ``HeaderNames`` does.
  public var header: [String] = []
  public var normalisedHeader: [String] = []
  /// Normalised names that must not stand in the row that has the header names.
  public var lacks: [String] = []
  public init() {}
}

/// How bytes become raw rows.
public struct ReadingPlan: Sendable, Hashable {
  public enum Format: String, Sendable, Hashable {
    case csv, xml
  }
  public var format: Format
  /// Label of the character set, or nil: found out from the bytes.
  public var encoding: String?
  /// CSV separator, or nil: found out from the text.
  public var delimiter: UInt8?
  /// CSV quotation mark, or nil: there is none.
  public var quote: UInt8? = UInt8(ascii: "\"")
  /// CSV without header row.
  public var isHeaderless = false
  /// Absolute path of the record element: `/抽检数据/样品`.
  public var recordPath = ""
  /// Path of the item elements below the record; empty: none.
  public var itemPath = ""
  public var namespace: String?
  /// The file is a table of our refused rows, mended and dropped back, whatever the layout reads otherwise
  /// (``ReturnedColumns``).
  public var isReturned = false

  public init(format: Format) { self.format = format }
}

/// When the rejects of a file refuse it as a whole (``DiagnosticCode/gateRejects``).
public struct RejectGate: Sendable, Hashable {
  /// Share of rejected records (accepted + rejected + duplicate = all) that must not be exceeded.
  public var maximumRate: Double = 1
  public var maximumCount: Int = .max
  public init() {}

  /// The fatal diagnostic, if the accounts breach the gate.
  public func breach(_ accounts: RowAccounts) -> Diagnostic? {
    let records = accounts.read - accounts.blank
    guard accounts.rejected > 0, records > 0 else { return nil }
    let rate = Double(accounts.rejected) / Double(records)
    guard rate > maximumRate || accounts.rejected > maximumCount else { return nil }
    return Diagnostic(
      .gateRejects, at: .file,
      "\(accounts.rejected) of \(records) records rejected; the pipeline allows \(allowance)",
      zh: "\(records) 条记录中有 \(accounts.rejected) 条被拒收，超过允许的上限（\(allowance)）")
  }

  private var allowance: String {
    var parts: [String] = []
    if maximumRate < 1 { parts.append("\(maximumRate * 100)%") }
    if maximumCount < .max { parts.append("\(maximumCount)") }
    return parts.joined(separator: " / ")
  }
}

/// One line of `explain`.
public struct PlanSetting: Sendable, Hashable {
  /// `match.file`, `fields.category.path` …
  public var path: String
  /// What holds.
  public var resolved: String
  /// What is written, where it differs from what holds.
  public var written: String?
  /// Line in the YAML; nil: default.
  public var line: Int?
}
