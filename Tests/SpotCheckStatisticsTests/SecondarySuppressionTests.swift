import SpotCheckStatistics
import Testing

@Suite struct SecondarySuppressionTests {
  /// Withheld cells that the printed totals determine, by linear algebra: cell c is known if its unit vector is a combination
  /// of the lines' equations. The slow twin of the graph's cycles.
  static func known(_ withheld: [[Bool]], rows: Bool, columns: Bool) -> [(Int, Int)] {
    let cells = withheld.indices.flatMap { row in withheld[row].indices.map { (row, $0) } }.filter {
      withheld[$0.0][$0.1]
    }
    var equations: [[Double]] = []
    if rows { equations += withheld.indices.map { row in cells.map { $0.0 == row ? 1 : 0 } } }
    if columns, let first = withheld.first {
      equations += first.indices.map { column in cells.map { $0.1 == column ? 1 : 0 } }
    }
    // Reduced row echelon form: a row with a single entry gives that cell away.
    var pivotRow = 0
    for column in cells.indices {
      guard let pivot = (pivotRow..<max(pivotRow, equations.count)).first(where: { abs(equations[$0][column]) > 1e-9 })
      else { continue }
      equations.swapAt(pivotRow, pivot)
      let lead = equations[pivotRow][column]
      for k in cells.indices { equations[pivotRow][k] /= lead }
      for row in equations.indices where row != pivotRow {
        let factor = equations[row][column]
        if factor != 0 { for k in cells.indices { equations[row][k] -= factor * equations[pivotRow][k] } }
      }
      pivotRow += 1
    }
    return equations.compactMap { row in
      let entries = row.indices.filter { abs(row[$0]) > 1e-9 }
      return entries.count == 1 ? cells[entries[0]] : nil
    }
  }

  @Test func aWithheldCellTakesTheSmallestNeighbourWithIt() throws {
    // One list with its total: the smallest other cell that has samples.
    let list = try #require(
      SecondarySuppression.withheld(
        samples: [[40, 3, 0, 12, 9]], primary: [[false, true, false, false, false]], printsColumnTotals: false))
    #expect(list == [[false, true, false, false, true]])
    // A table: a rectangle, the one that hides the fewest samples (8 + 9 + 90).
    let table = try #require(
      SecondarySuppression.withheld(
        samples: [[40, 3, 90], [35, 50, 60], [70, 8, 9]],
        primary: [[false, true, false], [false, false, false], [false, false, false]]))
    #expect(table == [[false, true, true], [false, false, false], [false, true, true]])
    #expect(Self.known(table, rows: true, columns: true).isEmpty)
    // What is withheld for one cell protects the next for nothing: (1, 1) is in both rectangles.
    let shared = try #require(
      SecondarySuppression.withheld(
        samples: [[1, 5, 20], [5, 5, 18], [20, 18, 1]],
        primary: [[true, false, false], [false, false, false], [false, false, true]]))
    #expect(shared == [[true, true, false], [true, true, true], [false, true, true]])
    // Empty cells only if there is nothing else.
    let last = try #require(
      SecondarySuppression.withheld(samples: [[4, 0]], primary: [[true, false]], printsColumnTotals: false))
    #expect(last == [[true, true]])
  }

  /// Two in each line are not enough: two rectangles joined by one cell, which the totals give away.
  @Test func aBridgeIsNotProtection() throws {
    var primary = [[Bool]](repeating: [Bool](repeating: false, count: 5), count: 5)
    for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 2), (2, 3), (3, 2), (3, 3)] {
      primary[row][column] = true
    }
    let known = Self.known(primary, rows: true, columns: true)
    #expect(known.count == 1 && known[0] == (1, 2))
    let samples = (0..<5).map { row in (0..<5).map { 10 + 7 * row + $0 } }
    let withheld = try #require(SecondarySuppression.withheld(samples: samples, primary: primary))
    #expect(Self.known(withheld, rows: true, columns: true).isEmpty)
  }

  @Test func noWithheldCellIsEverKnown() throws {
    var random = PropertyTests.Seeded(state: 630_100)
    for round in 0..<150 {
      let (rows, columns) = (Int.random(in: 2...6, using: &random), Int.random(in: 2...7, using: &random))
      let samples = (0..<rows).map { _ in (0..<columns).map { _ in Int.random(in: 0...60, using: &random) } }
      let primary = (0..<rows).map { _ in (0..<columns).map { _ in Int.random(in: 0..<8, using: &random) == 0 } }
      for (byRow, byColumn) in [(true, true), (true, false), (false, true), (false, false)] {
        let withheld = try #require(
          SecondarySuppression.withheld(
            samples: samples, primary: primary, printsRowTotals: byRow, printsColumnTotals: byColumn))
        #expect(Self.known(withheld, rows: byRow, columns: byColumn).isEmpty, "round \(round)")
        for row in 0..<rows {
          for column in 0..<columns where primary[row][column] { #expect(withheld[row][column]) }
        }
        // Nothing is withheld without need.
        if !byRow && !byColumn || !primary.joined().contains(true) { #expect(withheld == primary) }
      }
    }
  }

  @Test func whatCannotBeProtectedGivesNil() {
    #expect(SecondarySuppression.withheld(samples: [[5]], primary: [[true]]) == nil)
    #expect(SecondarySuppression.withheld(samples: [[5], [7]], primary: [[true], [false]]) == nil)
    #expect(SecondarySuppression.withheld(samples: [[5, 6], [7]], primary: [[true, false], [false]]) == nil)
    #expect(SecondarySuppression.withheld(samples: [[5, -6]], primary: [[true, false]]) == nil)
    #expect(SecondarySuppression.withheld(samples: [[5, 6]], primary: []) == nil)
    #expect(SecondarySuppression.withheld(samples: [], primary: []) == [])
    #expect(SecondarySuppression.withheld(samples: [[]], primary: [[]]) == [[]])
    let huge = [[Int.max, Int.max], [Int.max, Int.max]]
    #expect(
      SecondarySuppression.withheld(samples: huge, primary: [[true, false], [false, false]])
        == [[true, true], [true, true]])
    let long = [[Int](repeating: 1, count: 3_000)]
    #expect(SecondarySuppression.withheld(samples: long, primary: [[Bool](repeating: false, count: 3_000)]) == nil)
  }
}
