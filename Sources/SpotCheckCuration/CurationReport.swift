public import SpotCheckModel

/// A delivered text that is in no table, and how often.
public struct UnmappedText: Sendable, Hashable, Comparable, Codable {
  /// The table: `categories`, `districts` …
  public var table: String
  public var text: String
  public init(table: String, text: String) {
    self.table = table
    self.text = text
  }
  public static func < (left: UnmappedText, right: UnmappedText) -> Bool {
    left.table != right.table ? left.table < right.table : left.text < right.text
  }
}

/// What curation says about a file besides its tables.
public struct CurationReport: Sendable {
  /// At most this many diagnostics of one code are kept whole; all are counted.
  public static let keptPerCode = 1000

  public var accounts = RowAccounts()
  public private(set) var diagnostics: [Diagnostic] = []
  public private(set) var counts: [DiagnosticCode: Int] = [:]
  /// Every refused record. Drained by the importer, so memory does not grow with the file.
  public var rejects: [Reject] = []
  public var unmapped: [UnmappedText: Int] = [:]
  /// Set when the file as a whole must be refused.
  public private(set) var fatal: Diagnostic?

  /// At most this many distinct unmapped texts are listed; further ones are counted under ``otherTexts``.
  public static let keptUnmapped = 10_000
  /// Stands for the unmapped texts that are not listed.
  public static let otherTexts = "…"

  public init() {}

  /// Counts a delivered text that is in no table.
  public mutating func addUnmapped(_ text: UnmappedText) {
    if unmapped[text] == nil, unmapped.count >= CurationReport.keptUnmapped {
      unmapped[UnmappedText(table: text.table, text: CurationReport.otherTexts), default: 0] += 1
    } else {
      unmapped[text, default: 0] += 1
    }
  }

  /// Whether a further diagnostic of this code would be kept whole; if not, counting it is enough.
  public func keeps(_ code: DiagnosticCode) -> Bool { (counts[code] ?? 0) < CurationReport.keptPerCode }

  /// Counts a diagnostic that is not kept and not fatal.
  public mutating func count(_ code: DiagnosticCode) { counts[code, default: 0] += 1 }

  public mutating func add(_ diagnostic: Diagnostic) {
    counts[diagnostic.code, default: 0] += 1
    if (counts[diagnostic.code] ?? 0) <= CurationReport.keptPerCode { diagnostics.append(diagnostic) }
    if diagnostic.severity == .fatal, fatal == nil { fatal = diagnostic }
  }
}
