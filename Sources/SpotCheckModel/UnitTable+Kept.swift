/// A table of units as a code table, so that a store keeps it with the others and every snapshot knows the units that its items
/// were read by: the unit is the code, its dimension the name, and the exponent the level.
extension UnitTable {
  /// The name of the code table.
  public static let keptName = "units"
  /// Exponents beyond it are no units: `pipelines/codes/units.csv` allows 30.
  private static let mostPower = 60

  public var kept: CodeTable {
    CodeTable(
      name: UnitTable.keptName,
      entries: entries.map { CodeEntry(code: $0.unit, name: $0.dimension, level: $0.exponent, aliases: $0.aliases) },
      resolves: false)
  }

  /// - Parameter kept: as ``kept`` makes it.
  public init(kept: CodeTable) {
    self.init(
      entries: kept.entries.filter { $0.level.magnitude <= UnitTable.mostPower.magnitude }.map {
        Entry(unit: $0.code, dimension: $0.name, exponent: $0.level, aliases: $0.aliases)
      })
  }
}
