import SpotCheckModel
import SpotCheckStore

/// Where ``DenseScan`` counts the samples of a question: cells in an order of its own, so that what is looked up for a row in
/// columns of one byte fits in 16 bits.
///
/// A cell is (wide part × classes + class) × ``narrowCells`` + narrow part. The narrow part is made of up to three dimensions
/// whose codes are bytes, the wide part of all others; both are numbers of mixed radix, their first dimension the most
/// significant.
struct DenseLayout {
  /// Classes that a verdict alone makes: passed, failed, undetermined, not tested.
  static let classes = 4

  let cardinalities: [Int]
  /// Dimensions of the narrow part and of the wide one.
  let narrow: [Int]
  let wide: [Int]
  /// Cells of the narrow part.
  let narrowCells: Int
  /// All cells.
  let cells: Int

  /// Nil where a cell for each would be too many, or a key comes from items.
  init?(_ readers: [KeyReader?], _ cardinalities: [Int], _ counter: GroupCounter) {
    guard counter.isDense else { return nil }
    var narrow: [Int] = []
    var narrowCells = 1
    // The smallest first: most of them fit.
    for dimension in cardinalities.indices.sorted(by: { cardinalities[$0] < cardinalities[$1] }) {
      guard case .codes = readers[dimension], narrow.count < CodeCounting.columns - 1,
        narrowCells * cardinalities[dimension] * DenseLayout.classes < Int(CodeCounting.never)
      else { continue }
      narrow.append(dimension)
      narrowCells *= cardinalities[dimension]
    }
    guard readers.allSatisfy({ $0 != nil }) else { return nil }
    self.cardinalities = cardinalities
    self.narrow = narrow
    wide = cardinalities.indices.filter { !narrow.contains($0) }
    self.narrowCells = narrowCells
    cells = counter.groupCount * DenseLayout.classes
  }

  /// What a step of a dimension is worth in a cell.
  func worth(_ dimension: Int) -> Int {
    if let place = narrow.firstIndex(of: dimension) {
      return narrow[(place + 1)...].reduce(1) { $0 * cardinalities[$1] }
    }
    guard let place = wide.firstIndex(of: dimension) else { return 0 }
    return wide[(place + 1)...].reduce(narrowCells * DenseLayout.classes) { $0 * cardinalities[$1] }
  }

  /// The group and the class of a cell.
  func meaning(of cell: Int) -> (key: Int, place: UInt8) {
    var numbers = [Int](repeating: 0, count: cardinalities.count)
    func take(_ number: Int, _ dimensions: [Int]) {
      var rest = number
      for dimension in dimensions.reversed() {
        numbers[dimension] = rest % cardinalities[dimension]
        rest /= cardinalities[dimension]
      }
    }
    take(cell % narrowCells, narrow)
    take(cell / narrowCells / DenseLayout.classes, wide)
    let key = zip(numbers, cardinalities).reduce(0) { $0 * $1.1 + $1.0 }
    return (key, UInt8(cell / narrowCells % DenseLayout.classes))
  }

  /// What a verdict is worth in a cell, by its bits; nil: one that is in no dictionary.
  func worth(verdict bits: UInt8?) -> UInt16 {
    let sampleClass = SampleClassifier.tables.classes[Int(bits ?? SampleClassifier.unknownVerdict)]
    return UInt16(truncatingIfNeeded: Int(sampleClass) * narrowCells)
  }
}
