/// Delivered columns that hold what belongs to persons: known, not imported, and masked wherever raw text is shown.
/// Names are normalised as header names; an XML name stands for its element or `@attribute` wherever it is, and for all
/// below it.
public struct PersonalColumns: Sendable, Hashable {
  /// Names of persons.
  public var names: Set<String> = []
  /// Telephone and fax numbers, electronic mail.
  public var phones: Set<String> = []
  public var identities: Set<String> = []

  public init() {}

  public var all: Set<String> { names.union(phones).union(identities) }
  public var isEmpty: Bool { names.isEmpty && phones.isEmpty && identities.isEmpty }
}

/// How the cells of a column are masked.
enum PersonalKind: Sendable {
  case name
  case number
  /// A person or an organisation: by what the text looks like.
  case perhapsPerson
}
