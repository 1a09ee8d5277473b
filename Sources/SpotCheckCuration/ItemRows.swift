public import SpotCheckModel

/// Item rows of the open tables that are not in the columns yet: for each the number of what it holds.
///
/// They are written a chunk at a time; or, where another thread writes the segment, all at once and by that thread
/// (``Curator/leavesItemColumns``).
public struct ItemRows: Sendable {
  /// More that were not kept are not left to another thread: each needs as much memory as its place in the columns.
  static let mostSingle = 1 << 14
  /// Rows that are copied at once: what they hold (96 bytes each) is then found in the first cache, column after column.
  private static let stretch = 256

  /// What items hold that may come again, by their number.
  var kept: [ItemColumns] = []
  /// Those that are not kept, until they are written.
  var single: [ItemColumns] = []
  /// Numbers of the rows that are to be written: below zero those of `single`.
  var pending: [Int32] = []

  public init() {}

  public var isEmpty: Bool { pending.isEmpty }

  /// What a row that is to be written holds.
  func columns(_ row: Int) -> ItemColumns {
    let number = Int(pending[row])
    return number >= 0 ? kept[number] : single[-1 - number]
  }

  /// Puts the rows at the end of the columns.
  public mutating func write(into items: inout ItemTable) {
    if pending.isEmpty { return }
    var start = 0
    while start < pending.count {
      let end = min(start + ItemRows.stretch, pending.count)
      copyColumns(start..<end, into: &items)
      start = end
    }
    pending.removeAll(keepingCapacity: true)
    single.removeAll(keepingCapacity: true)
  }

  /// Forgets everything and keeps the memory.
  public mutating func removeAll() {
    kept.forget()
    single.forget()
    pending.forget()
  }

  private func copyColumns(_ rows: Range<Int>, into items: inout ItemTable) {
    let count = rows.count
    let (pending, kept, single) = (pending.span.extracting(rows), kept.span, single.span)
    for column in 0..<ItemColumns.Codes.count {
      items.text[column].codes.append(addingCapacity: count) { output in
        for index in 0..<count {
          let number = Int(pending[index])
          output.append(number >= 0 ? kept[number].text[column] : single[-1 &- number].text[column])
        }
      }
    }
    for column in 0..<ItemColumns.Mantissas.count {
      items.decimals[column].mantissas.append(addingCapacity: count) { output in
        for index in 0..<count {
          let number = Int(pending[index])
          output.append(number >= 0 ? kept[number].mantissas[column] : single[-1 &- number].mantissas[column])
        }
      }
      items.decimals[column].scales.append(addingCapacity: count) { output in
        for index in 0..<count {
          let number = Int(pending[index])
          output.append(number >= 0 ? kept[number].scales[column] : single[-1 &- number].scales[column])
        }
      }
    }
    items.flags.append(addingCapacity: count) { output in
      for index in 0..<count {
        let number = Int(pending[index])
        output.append(number >= 0 ? kept[number].flags : single[-1 &- number].flags)
      }
    }
  }
}
