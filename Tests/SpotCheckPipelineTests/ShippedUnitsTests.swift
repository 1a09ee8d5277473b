import SpotCheck
import Testing

/// A store that keeps no units of its own is asked by the usual ones: they are those of the shipped table.
@Suite struct ShippedUnitsTests {
  @Test func filtersKnowEveryUnitOfTheShippedTable() throws {
    let file = try #require(try CodeTableSet.load(folder: ShippedTargetsTests.folder + "/codes").units)
    #expect(file.problems.isEmpty && file.table.entries.count > 50)
    var firsts: [String: (own: UnitTable.Entry, shipped: UnitTable.Entry)] = [:]
    var dimensions: [String: String] = [:]
    for entry in file.table.entries {
      for text in [entry.unit] + entry.aliases {
        guard let own = UnitTable.standard.findAnyMicro(text) else {
          Issue.record("\(text) is not known")
          continue
        }
        // One factor between two spellings, whatever the base.
        let first = firsts[entry.dimension] ?? (own, entry)
        firsts[entry.dimension] = first
        #expect(own.dimension == first.own.dimension, "\(text)")
        #expect(own.exponent - first.own.exponent == entry.exponent - first.shipped.exponent, "\(text)")
        // And two kinds are never one.
        #expect(dimensions[own.dimension, default: entry.dimension] == entry.dimension, "\(text)")
        dimensions[own.dimension] = entry.dimension
      }
    }
  }

  /// As a store keeps them, they are the same.
  @Test func aKeptTableIsTheSameTable() throws {
    let table = try #require(try CodeTableSet.load(folder: ShippedTargetsTests.folder + "/codes").units).table
    let text = CodeTableText.encode(table.kept)
    let kept = try #require(CodeTableText.decode(text, name: UnitTable.keptName))
    #expect(UnitTable(kept: kept).entries == table.entries)
    // What is no unit, because the store is damaged, is none.
    let odd = CodeTable(
      name: "units", entries: [CodeEntry(code: "x", name: "y", level: .min), CodeEntry(code: "z", name: "y")])
    #expect(UnitTable(kept: odd).entries.map(\.unit) == ["z"])
  }

  @Test func noSpellingMeansTwoUnits() {
    var seen: [String: String] = [:]
    for entry in UnitTable.standard.entries {
      for text in Set(([entry.unit] + entry.aliases).map { CodeTable.normalise($0) }) {
        #expect(seen.updateValue(entry.unit, forKey: text) == nil, "\(text)")
      }
    }
  }
}
