/// Which further cells of a table must be withheld so that none of the withheld ones follows from the totals.
///
/// A programme's publication class may withhold a cell; with the totals of its row and column in print, the reader would get
/// it back by subtraction. (About secrecy. What a cell is too small to show for is ``PublicationAssessment``.)
public enum SecondarySuppression {
  /// All cells to withhold: those of `primary` and the complementary ones, hiding as few samples as a cheapest path for each
  /// primary cell in turn does.
  ///
  /// Rows and columns with a printed total are the nodes of a graph and withheld cells its edges; lines without a total ask
  /// nothing of the cells and are one node together. The totals determine a withheld cell exactly if its edge lies on no cycle
  /// (D. Gusfield, SIAM J. Comput. 17 (1988) 552–571). So every primary cell is put on one: along the cheapest path between
  /// its row and its column. Empty cells protect nobody and are taken only where there are no others.
  ///
  /// - Parameters:
  ///   - samples: the number of samples in each cell, row by row.
  ///   - primary: the cells that must not be known, in the same shape.
  ///   - printsRowTotals: whether every row's total is published; likewise for columns. For a list, one row and no column totals.
  /// - Returns: nil for ragged or unequal shapes, negative samples, more than ``lineLimit`` rows and columns, and when a cell
  ///   cannot be protected because its line has no other cell: then its total must be withheld too.
  public static func withheld(
    samples: [[Int]], primary: [[Bool]], printsRowTotals: Bool = true, printsColumnTotals: Bool = true
  ) -> [[Bool]]? {
    let width = samples.first?.count ?? 0
    guard samples.count == primary.count, samples.count + width <= lineLimit,
      samples.allSatisfy({ $0.count == width && $0.allSatisfy { $0 >= 0 } }),
      primary.allSatisfy({ $0.count == width })
    else { return nil }
    var withheld = primary
    for row in primary.indices {
      for column in 0..<width where primary[row][column] {
        let graph = LineGraph(
          samples: samples, withheld: withheld, printsRowTotals: printsRowTotals,
          printsColumnTotals: printsColumnTotals)
        guard let path = graph.cheapestPath(around: (row, column)) else { return nil }
        for cell in path { withheld[cell.row][cell.column] = true }
      }
    }
    return withheld
  }

  /// Most rows and columns together: the search takes their square for every primary cell.
  public static let lineLimit = 2_000
}

/// Rows, columns and the cells between them.
private struct LineGraph {
  typealias Cell = (row: Int, column: Int)

  var samples: [[Int]]
  var withheld: [[Bool]]
  var printsRowTotals: Bool
  var printsColumnTotals: Bool

  /// Node 0 stands for all lines without a total.
  private func node(row: Int) -> Int { printsRowTotals ? 1 + row : 0 }
  private func node(column: Int) -> Int { printsColumnTotals ? 1 + samples.count + column : 0 }

  /// What it costs to withhold one cell: nothing again, else its samples; an empty cell more than all others together.
  private func cost(_ cell: Cell) -> Double {
    if withheld[cell.row][cell.column] { return 0 }
    let n = samples[cell.row][cell.column]
    return n > 0 ? Double(n) : 1e30
  }

  /// The cells of the cheapest path from the row to the column of a cell that does not use it (Dijkstra); nil if there is none.
  func cheapestPath(around cell: Cell) -> [Cell]? {
    let width = samples.first?.count ?? 0
    let count = 1 + samples.count + width
    let (start, goal) = (node(row: cell.row), node(column: cell.column))
    var distance = [Double](repeating: .infinity, count: count)
    var done = [Bool](repeating: false, count: count)
    var arrival = [Cell?](repeating: nil, count: count)
    distance[start] = 0
    while let at = (0..<count).filter({ !done[$0] }).min(by: { distance[$0] < distance[$1] }), distance[at] < .infinity
    {
      if at == goal { break }
      done[at] = true
      for other in cells(of: at) where other != cell {
        let ends = (node(row: other.row), node(column: other.column))
        let next = ends.0 == at ? ends.1 : ends.0
        let reached = distance[at] + cost(other)
        if !done[next], reached < distance[next] {
          distance[next] = reached
          arrival[next] = other
        }
      }
    }
    var path: [Cell] = []
    var at = goal
    while at != start {
      guard let step = arrival[at] else { return nil }
      path.append(step)
      at = node(row: step.row) == at ? node(column: step.column) : node(row: step.row)
    }
    return path
  }

  /// The cells that touch a node, in reading order.
  private func cells(of node: Int) -> [Cell] {
    let width = samples.first?.count ?? 0
    if node == 0 { return samples.indices.flatMap { row in (0..<width).map { (row, $0) } } }
    if node <= samples.count { return (0..<width).map { (node - 1, $0) } }
    return samples.indices.map { ($0, node - 1 - samples.count) }
  }
}
