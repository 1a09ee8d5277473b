/// Units and their exact conversion: powers of ten within one dimension.
public struct UnitTable: Sendable {
  public struct Entry: Sendable, Hashable {
    /// Canonical spelling: `mg/kg`.
    public var unit: String
    /// Units convert only within a dimension: `mass fraction`, `cfu/g` …
    public var dimension: String
    /// The unit is `10^exponent` of the dimension's base.
    public var exponent: Int
    public var aliases: [String]
    public init(unit: String, dimension: String, exponent: Int, aliases: [String]) {
      self.unit = unit
      self.dimension = dimension
      self.exponent = exponent
      self.aliases = aliases
    }
  }
  public var entries: [Entry]
  private var byText: [String: Int] = [:]

  public init(entries: [Entry]) {
    self.entries = entries
    for (index, entry) in entries.enumerated() {
      for text in [entry.unit] + entry.aliases { byText[CodeTable.normalise(text)] = index }
    }
  }

  /// The unit that is written so, or by an alias.
  public func find(_ text: String) -> Entry? { byText[CodeTable.normalise(text)].map { entries[$0] } }

  /// The same, where the sign of the micro may be another one: U+00B5 and U+03BC look the same, and `u` stands for them
  /// where a keyboard has neither.
  public func findAnyMicro(_ text: String) -> Entry? {
    if let entry = find(text) { return entry }
    for (from, to) in [("\u{3BC}", "\u{B5}"), ("\u{3BC}", "u"), ("\u{B5}", "\u{3BC}")] where text.contains(from) {
      if let entry = find(text.split(separator: from, omittingEmptySubsequences: false).joined(separator: to)) {
        return entry
      }
    }
    return nil
  }

  /// Every spelling that is known, in the order of the table.
  public var texts: [String] { entries.flatMap { [$0.unit] + $0.aliases } }
}
