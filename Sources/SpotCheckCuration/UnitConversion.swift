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

  init(_ table: UnitTable) { self.table = table.entries.isEmpty ? UnitConversion.standard : table }

  /// Looks a unit up; brackets around it and the sign of the micro do not matter.
  func read(_ text: String) -> UnitReading {
    var name = TextFolding.fold(text)
    if name.hasPrefix("("), name.hasSuffix(")") { name = String(name.dropFirst().dropLast()) }
    if name.isEmpty { return UnitReading() }
    if let entry = find(name) { return UnitReading(text: entry.unit, entry: entry) }
    return UnitReading(text: TextFolding.trimmed(text), entry: nil)
  }

  func find(_ name: String) -> UnitTable.Entry? {
    if let entry = table.find(name) { return entry }
    // U+00B5 and U+03BC look the same, and `u` stands for them where a keyboard has neither.
    for (from, to) in [("\u{3BC}", "\u{B5}"), ("\u{3BC}", "u"), ("\u{B5}", "\u{3BC}")] where name.contains(from) {
      if let entry = table.find(name.split(separator: from, omittingEmptySubsequences: false).joined(separator: to)) {
        return entry
      }
    }
    return nil
  }

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

  /// Units that laboratories use, for plans without a table of their own.
  static let standard: UnitTable = {
    func entry(_ unit: String, _ dimension: String, _ exponent: Int, _ aliases: String...) -> UnitTable.Entry {
      UnitTable.Entry(unit: unit, dimension: dimension, exponent: exponent, aliases: aliases)
    }
    return UnitTable(entries: [
      entry("%", "mass fraction", -2, "％", "g/100g", "百分比"), entry("‰", "mass fraction", -3),
      entry("g/kg", "mass fraction", -3, "mg/g", "克/千克"), entry("mg/100g", "mass fraction", -5),
      entry("mg/kg", "mass fraction", -6, "毫克/千克", "μg/g", "ug/g", "ppm"),
      entry("μg/kg", "mass fraction", -9, "ug/kg", "微克/千克", "ng/g", "ppb"), entry("ng/kg", "mass fraction", -12),
      entry("g/L", "mass concentration", 0, "mg/mL"), entry("g/100mL", "mass concentration", 1),
      entry("mg/L", "mass concentration", -3, "毫克/升", "μg/mL", "ug/mL"),
      entry("μg/L", "mass concentration", -6, "ug/L", "微克/升", "ng/mL"),
      entry("CFU/g", "cfu per mass", 0, "个/g"), entry("CFU/mL", "cfu per volume", 0, "个/mL"),
      entry("CFU/25g", "cfu per 25 g", 0, "/25g"), entry("MPN/g", "mpn per mass", 0),
      entry("MPN/100g", "mpn per mass", -2), entry("MPN/100mL", "mpn per volume", -2),
      entry("MPN/mL", "mpn per volume", 0), entry("Bq/kg", "activity per mass", 0), entry("℃", "temperature", 0, "°C"),
      entry("g", "mass", -3, "克"), entry("kg", "mass", 0, "千克"), entry("mg", "mass", -6, "毫克"),
      entry("mL", "volume", -3, "毫升"), entry("L", "volume", 0, "升"), entry("mm", "length", -3, "毫米"),
      entry("cm", "length", -2, "厘米"), entry("m", "length", 0, "米"), entry("MPa", "pressure", 6),
      entry("kPa", "pressure", 3),
    ])
  }()
}
