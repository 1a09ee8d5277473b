import SpotCheckModel

/// The units that filters know: those of the site, as the snapshot keeps them, and the usual ones.
///
/// The tables count from bases of their own, so two units are compared in one table: the site's, by which its items were judged,
/// if it knows both.
struct UnitLookup: Sendable {
  private let tables: [UnitTable]

  /// - Parameter tables: the code tables of a snapshot.
  init(_ tables: StoredCodeTables) {
    let own = tables[UnitTable.keptName].map { UnitTable(kept: $0) }
    self.tables = (own.map { [$0] } ?? []) + [UnitTable.standard]
  }

  func isKnown(_ unit: String) -> Bool { tables.contains { $0.findAnyMicro(unit) != nil } }

  /// How many powers of ten the one unit is above the other; nil: they are not of one kind, or one of them is unknown.
  func power(of unit: String, above other: String) -> Int? {
    for table in tables {
      guard let one = table.findAnyMicro(unit), let other = table.findAnyMicro(other) else { continue }
      return one.dimension == other.dimension ? one.exponent - other.exponent : nil
    }
    return nil
  }

  /// Every spelling.
  var texts: [String] { tables.flatMap(\.texts) }
}
