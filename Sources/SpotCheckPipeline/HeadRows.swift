import SpotCheckModel
import SpotCheckReading

/// The first chunks of a CSV file, read in one way: each is read once, however many ask for it.
///
/// A class, because there is one reader, and what was read of it belongs to all who ask.
final class HeadRows {
  private var reader: CSVReader
  private var chunks: [RecordChunk] = []
  /// By chunk, and once more for the end: the first fatal diagnostic of it and of all before it.
  private var faults: [Diagnostic?] = []
  private var isComplete = false

  init(_ reader: consuming CSVReader) { self.reader = reader }

  /// A chunk by its number, nil behind the last one. Numbers are asked for in order, by each who asks.
  func chunk(_ number: Int) throws -> RecordChunk? {
    while chunks.count <= number, !isComplete {
      var chunk = RecordChunk()
      if try reader.next(into: &chunk) { chunks.append(chunk) } else { isComplete = true }
      let known = faults.last ?? nil
      faults.append(known ?? reader.takeDiagnostics().first { $0.severity == .fatal })
    }
    return number < chunks.count ? chunks[number] : nil
  }

  /// What was wrong up to a chunk that was asked for.
  func fault(upTo number: Int) -> Diagnostic? { number < faults.count ? faults[number] : nil }
}
