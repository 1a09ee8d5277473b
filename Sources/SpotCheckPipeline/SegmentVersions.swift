import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckStore

/// What tells one sample from all others: two of one key hash need not be the same.
struct SampleName: Hashable {
  var bureau: String
  var number: String
}

/// What some rows of a segment tell, read column by column: each column is lent, and its file looked at, once for all rows.
extension Segment {
  /// What was delivered about the samples of some rows, one for each row, in their order.
  func contents(_ rows: [Int]) throws -> [SampleContent] {
    let low = try withHashes(.contentLow) { hashes in rows.map { hashes[$0] } }
    return try withHashes(.contentHigh) { hashes in
      rows.indices.map { SampleContent(low: low[$0], high: hashes[rows[$0]]) }
    }
  }

  /// The names of the samples of some rows, one for each row, in their order.
  func sampleNames(_ rows: [Int]) throws -> [SampleName] {
    let bureaus = try dictionary(of: .bureau)
    let codes = try withCodes(.bureau) { codes in rows.map { Int(codes[$0]) } }
    let numbers = try plainTexts(.samplingNumber, rows: rows)
    return rows.indices.map { SampleName(bureau: bureaus[codes[$0]], number: numbers[$0]) }
  }

  /// The versions that some rows tell, one for each row, in their order.
  func versions(_ rows: [Int]) throws -> [SampleVersion] {
    let kinds = try versionKinds()
    let verdicts = try dictionary(of: SampleText.verdict).map { Verdict(rawValue: $0) }
    let contents = try contents(rows)
    let days = try withDays(.reported) { days in rows.map { days[$0] } }
    let flags = try withNumbers(.flags) { flags in rows.map { SampleFlags(rawValue: flags[$0]) } }
    let said = try withCodes(SampleText.verdict) { codes in rows.map { verdicts[Int(codes[$0])] } }
    return try withCodes(.versionKind) { codes in
      rows.indices.map { index in
        var version = SampleVersion(
          kind: kinds[Int(codes[rows[index]])],
          reportedDay: days[index] == DayColumn.missing ? nil : CalendarDay(daysSinceEpoch: days[index]),
          content: contents[index])
        version.isPending = flags[index].contains(.pending)
        version.isListed = flags[index].contains(.listed)
        version.isNotice = version.kind == .objection && said[index] != .pass && said[index] != .fail
        return version
      }
    }
  }

  /// The entries of the dictionary of version kinds, by code.
  func versionKinds() throws -> [VersionKind] {
    try dictionary(of: .versionKind).map { VersionKind(rawValue: $0) ?? .initial }
  }

  /// The text of a dictionary column in one row. For many rows take the codes and the dictionary.
  func text(_ column: SampleText, row: Int) throws -> String {
    let code = try withCodes(column) { $0[row] }
    return try dictionary(of: column)[Int(code)]
  }

  /// How many delivered rows made a sample.
  func deliveredRows(_ row: Int) throws -> Int { try withNumbers(.deliveredRows) { Int($0[row]) } }

  /// Where a sample's record stands in the payload.
  func line(_ row: Int) throws -> (line: Int, byteOffset: Int) {
    (
      Int(try withSamplePositions(.line) { $0[row] }), Int(try withSamplePositions(.byteOffset) { $0[row] })
    )
  }
}
