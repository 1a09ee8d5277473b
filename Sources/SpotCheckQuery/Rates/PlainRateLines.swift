import SpotCheckModel
import SpotCheckStatistics

/// Rows of an answer that holds counts and rates and nothing beside them, written as separated text without a ``ReportCell`` in
/// between: an answer by month has forty thousand cells, and as values they cost several times what their digits do.
///
/// Says byte for byte what ``RateResult/report()`` says cell by cell.
struct PlainRateLines: Sendable {
  let rows: [RateRow]
  let dimensions: [Dimension]

  /// Bytes that go to the sink at once.
  private static let block = 1 << 15
  /// The last columns: what the rate is called and how far it carries, closed vocabularies of short words.
  private static let mostWords = 3 * (2 * 64 + SeparatedText.mostAround)
  /// Of counts, rates and words, with what stands behind each.
  private static let mostValues = (RateValues.counts + RateValues.rates) * (NumberText.mostBytes + 1) + mostWords + 3

  /// nil if the answer has more than this can say.
  init?(_ result: RateResult) {
    let query = result.query
    guard result.suppression == nil, query.measures.isEmpty, query.meanOver == nil, !query.yearOnYear,
      query.target == nil
    else { return nil }
    rows = result.rows
    dimensions = result.dimensions
  }

  func write(
    separator: UInt8, ending: [UInt8], _ escape: SeparatedText.Escape, to sink: ([UInt8]) throws -> Void
  ) throws {
    var groups = WrittenGroups(dimensions, separator)
    var out = [UInt8](repeating: 0, count: PlainRateLines.block)
    var place = 0
    // Lent, not copied: a row holds arrays of texts.
    let lent = rows.span
    for index in lent.indices {
      groups.take(lent[index], escape)
      let most = groups.end + PlainRateLines.mostValues + ending.count
      if place + most > out.count {
        try sink(Array(out[..<place]))
        place = 0
        // Texts may be as long as they like.
        if most > out.count { out = [UInt8](repeating: 0, count: most) }
      }
      var span = out.mutableSpan
      PlainRateLines.write(
        lent[index], groups.bytes.span.extracting(..<groups.end), separator, ending.span, escape, &span, &place)
    }
    try sink(Array(out[..<place]))
  }

  /// Every cell has a separator behind it, and the line's end stands where the last one would.
  private static func write(
    _ row: borrowing RateRow, _ groups: Span<UInt8>, _ separator: UInt8, _ ending: Span<UInt8>,
    _ escape: SeparatedText.Escape,
    _ out: inout MutableSpan<UInt8>, _ place: inout Int
  ) {
    for index in groups.indices { out[place + index] = groups[index] }
    var next = place + groups.count
    let values = RateValues(row)
    let counts = values.counts
    for index in counts.indices {
      NumberText.write(counts[index], &out, &next)
      out[next] = separator
      next += 1
    }
    func write(_ rate: Double?) {
      if let rate { NumberText.write(rate, &out, &next) }
      out[next] = separator
      next += 1
    }
    func write(_ text: String?) {
      if let text { escape(text.utf8, &out, &next) }
      out[next] = separator
      next += 1
    }
    write(values.proportion?.rate)
    write(values.interval?.lower)
    write(values.interval?.upper)
    write(values.name)
    write(values.finding?.rate)
    write(values.tier?.code)
    write(values.tier?.nameZh)
    next -= 1
    for index in ending.indices { out[next + index] = ending[index] }
    place = next + ending.count
  }
}

/// Codes and names of one group after the other, escaped, each with a separator behind it. Rows are sorted by them, so
/// most say at first what the row before said.
private struct WrittenGroups {
  /// As many of them as ``end`` says.
  private(set) var bytes = [UInt8](repeating: 0, count: 256)
  private(set) var end = 0
  private let dimensions: [Dimension]
  private let separator: UInt8
  private var codes: [String]
  private var names: [String]
  /// Where each dimension begins, of those that were taken once.
  private var starts: [Int]
  private var hasTaken = false

  init(_ dimensions: [Dimension], _ separator: UInt8) {
    self.dimensions = dimensions
    self.separator = separator
    codes = dimensions.map { _ in "" }
    names = codes
    starts = dimensions.map { _ in 0 }
  }

  mutating func take(_ row: borrowing RateRow, _ escape: SeparatedText.Escape) {
    var index = 0
    if hasTaken {
      while index < codes.count, codes[index] == row.codes[index], names[index] == row.names[index] { index += 1 }
      guard index < codes.count else { return }
      end = starts[index]
    }
    hasTaken = true
    while index < dimensions.count {
      starts[index] = end
      codes[index] = row.codes[index]
      names[index] = row.names[index]
      append(ShownText.of(codes[index], dimensions[index]), escape)
      append(ShownText.of(names[index], dimensions[index]), escape)
      index += 1
    }
  }

  private mutating func append(_ text: String, _ escape: SeparatedText.Escape) {
    let text = text.utf8
    let most = end + 2 * text.count + SeparatedText.mostAround + 1
    if most > bytes.count { bytes += [UInt8](repeating: 0, count: most) }
    var next = end
    var span = bytes.mutableSpan
    escape(text, &span, &next)
    span[next] = separator
    end = next + 1
  }
}
