import SpotCheckModel

/// Brings the items of each sample together, in order of delivery, and tells each sample where its items are.
enum ItemOrder {
  /// Afterwards `items.sample` rises, and sample `s` has the items `firstItem[s] ..< firstItem[s] + itemCount[s]`.
  ///
  /// A stable counting sort; where the items already stand in order, no column is touched.
  static func arrange(_ tables: inout TablePair) {
    let sampleRows = tables.samples.rowCount
    var counts = [UInt32](repeating: 0, count: sampleRows)
    var isOrdered = true
    var last: UInt32 = 0
    for sample in tables.items.sample {
      precondition(Int(sample) < sampleRows, "an item points at a sample that is not in the table")
      counts[Int(sample)] += 1
      if sample < last { isOrdered = false }
      last = sample
    }
    var starts = [UInt32](repeating: 0, count: sampleRows)
    var next: UInt32 = 0
    for sample in 0..<sampleRows {
      starts[sample] = next
      next += counts[sample]
    }
    tables.samples.firstItem = starts
    tables.samples.itemCount = counts
    if isOrdered { return }

    var order = [Int](repeating: 0, count: tables.items.rowCount)
    for (row, sample) in tables.items.sample.enumerated() {
      order[Int(starts[Int(sample)])] = row
      starts[Int(sample)] += 1
    }
    func arranged<T>(_ values: [T]) -> [T] { order.map { values[$0] } }
    tables.items.sample = arranged(tables.items.sample)
    tables.items.flags = arranged(tables.items.flags)
    tables.items.line = arranged(tables.items.line)
    tables.items.byteOffset = arranged(tables.items.byteOffset)
    for column in tables.items.text.indices {
      tables.items.text[column].codes = arranged(tables.items.text[column].codes)
    }
    for column in tables.items.decimals.indices {
      tables.items.decimals[column].mantissas = arranged(tables.items.decimals[column].mantissas)
      tables.items.decimals[column].scales = arranged(tables.items.decimals[column].scales)
    }
  }
}
