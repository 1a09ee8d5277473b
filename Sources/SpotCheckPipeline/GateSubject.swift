public import SpotCheckModel

/// What a quality gate is asked about: one file, read and curated whole, of which nothing is visible yet.
public struct GateSubject: Sendable {
  public var bureau: String
  public var pipeline: String
  public var layout: String
  public var accounts = RowAccounts()
  /// How often each diagnostic was found.
  public var counts: [DiagnosticCode: Int] = [:]
  /// How many values stood in no table, by code table.
  public var unmapped: [String: Int] = [:]

  public init(bureau: String, pipeline: String, layout: String) {
    self.bureau = bureau
    self.pipeline = pipeline
    self.layout = layout
  }

  /// Rows that carry a record.
  public var records: Int { max(0, accounts.read - accounts.blank) }
}
