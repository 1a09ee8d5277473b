import SpotCheckModel

/// The rows of the samples table that are not in its columns yet: written a chunk at a time, column by column, because
/// going to forty columns for each sample costs more than reading it.
struct SampleRows: Sendable {
  /// What a row has besides its codes.
  struct Place: Sendable {
    var sampled: CalendarDay?
    var received: CalendarDay?
    var reported: CalendarDay?
    var line = 0
    var byteOffset = 0
    var keyHash: UInt64 = 0
  }

  /// What a row holds, as many as there are text columns. It lies in place, so that writing it needs no question who else has
  /// it.
  typealias Codes = InlineArray<29, UInt32>
  private static let width = Codes.count

  /// By row, as many as there are text columns.
  private var codes: [UInt32] = []
  private var places: [Place] = []

  var count: Int { places.count }

  /// - Parameter codes: one for each ``SampleText``.
  mutating func append(_ rowCodes: borrowing Codes, _ place: Place) {
    let row = rowCodes.span
    codes.append(addingCapacity: row.count) { output in
      for index in 0..<row.count { output.append(row[index]) }
    }
    places.append(place)
  }

  /// Says something else about a row; where it stands remains.
  mutating func replace(_ row: Int, _ rowCodes: borrowing Codes, _ place: Place) {
    for column in 0..<SampleRows.width where column != SampleText.batch.rawValue {
      codes[row * SampleRows.width + column] = rowCodes[column]
    }
    (places[row].sampled, places[row].received, places[row].reported) = (place.sampled, place.received, place.reported)
  }

  /// Puts the rows at the end of the columns, those that are known only when a sample is closed as zeros.
  mutating func write(into samples: inout SampleTable) {
    if places.isEmpty { return }
    copyColumns(into: &samples)
    removeAll()
  }

  private func copyColumns(into samples: inout SampleTable) {
    let count = places.count
    let (codes, places) = (codes.span, places.span)
    for column in 0..<SampleRows.width {
      samples.text[column].codes.append(addingCapacity: count) { output in
        var index = column
        for _ in 0..<count {
          output.append(codes[index])
          index &+= SampleRows.width
        }
      }
    }
    func days(_ column: SampleDay, _ day: (Place) -> CalendarDay?) {
      samples.days[column.rawValue].days.append(addingCapacity: count) { output in
        for index in 0..<count { output.append(day(places[index])?.daysSinceEpoch ?? DayColumn.missing) }
      }
    }
    days(.sampled) { $0.sampled }
    days(.received) { $0.received }
    days(.reported) { $0.reported }
    for index in 0..<count {
      samples.line.append(Int64(places[index].line))
      samples.byteOffset.append(Int64(places[index].byteOffset))
      samples.keyHash.append(places[index].keyHash)
    }
    samples.flags.append(contentsOf: repeatElement(0, count: count))
    samples.firstItem.append(contentsOf: repeatElement(0, count: count))
    samples.itemCount.append(contentsOf: repeatElement(0, count: count))
    samples.deliveredRows.append(contentsOf: repeatElement(0, count: count))
    samples.contentHashLow.append(contentsOf: repeatElement(0, count: count))
    samples.contentHashHigh.append(contentsOf: repeatElement(0, count: count))
  }

  mutating func removeAll() {
    codes.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
  }
}
