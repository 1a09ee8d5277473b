/// Where every row of a file went. `read == accepted + rejected + duplicate + blank`, always.
public struct RowAccounts: Sendable, Hashable, Codable {
  public var read = 0
  public var accepted = 0
  public var rejected = 0
  /// Rows that repeat what the file (or the store) already says.
  public var duplicate = 0
  /// Rows that carry no record: blank, title, header, section, footer rows and rows excluded by rule.
  public var blank = 0
  /// How `blank` divides: `blank`, `title`, `header`, `section`, `footer`, `other` …
  public var blankByKind: [String: Int] = [:]

  public init(
    read: Int = 0, accepted: Int = 0, rejected: Int = 0, duplicate: Int = 0, blank: Int = 0,
    blankByKind: [String: Int] = [:]
  ) {
    self.read = read
    self.accepted = accepted
    self.rejected = rejected
    self.duplicate = duplicate
    self.blank = blank
    self.blankByKind = blankByKind
  }

  public var isBalanced: Bool {
    read == accepted + rejected + duplicate + blank && blank == blankByKind.values.reduce(0, +)
  }

  public mutating func add(_ other: RowAccounts) {
    read += other.read
    accepted += other.accepted
    rejected += other.rejected
    duplicate += other.duplicate
    blank += other.blank
    blankByKind.merge(other.blankByKind, uniquingKeysWith: +)
  }
}
