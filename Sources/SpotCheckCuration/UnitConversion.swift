import SpotCheckModel

/// A unit as delivered and what it is.
struct UnitReading: Sendable, Equatable {
  /// As it is stored: the table's spelling, else the delivered text; empty if none.
  var text = ""
  /// Nil if the unit is in no table.
  var entry: UnitTable.Entry?
  var isMissing: Bool { text.isEmpty }
}

/// Units and their exact conversion: only powers of ten, only within one dimension.
struct UnitConversion: Sendable {
  private let table: UnitTable

  init(_ table: UnitTable) { self.table = table.entries.isEmpty ? UnitTable.standard : table }

  /// Looks a unit up; brackets around it and the sign of the micro do not matter.
  func read(_ text: String) -> UnitReading {
    var name = TextFolding.fold(text)
    if name.hasPrefix("("), name.hasSuffix(")") { name = String(name.dropFirst().dropLast()) }
    if name.isEmpty { return UnitReading() }
    if let entry = find(name) { return UnitReading(text: entry.unit, entry: entry) }
    return UnitReading(text: TextFolding.trimmed(text), entry: nil)
  }

  func find(_ name: String) -> UnitTable.Entry? { table.findAnyMicro(name) }

  /// How a value in one unit becomes a value in another.
  enum Step: Sendable, Equatable {
    /// Same unit, or one of the two is not given.
    case same
    /// Times 10 to this power.
    case power(Int)
    /// Not convertible.
    case none
  }

  static func step(from value: UnitReading, to limit: UnitReading) -> Step {
    if value.isMissing || limit.isMissing { return .same }
    if let from = value.entry, let to = limit.entry {
      guard from.dimension == to.dimension else { return .none }
      return from.exponent == to.exponent ? .same : .power(from.exponent - to.exponent)
    }
    return CodeTable.normalise(value.text) == CodeTable.normalise(limit.text) ? .same : .none
  }
}
