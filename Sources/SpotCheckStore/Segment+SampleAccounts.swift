public import SpotCheckModel

extension Segment {
  /// Counts the samples that count, by class, from the segment's own bytes.
  ///
  /// - Parameters:
  ///   - closed: rows that do not count, in any order; a row named twice or outside the segment changes nothing.
  ///   - isScreening: whether a word of the column `purpose` means screening; asked once a word.
  /// - Throws: ``StoreError`` if a column is damaged.
  public func sampleAccounts(
    leavingOut closed: some Sequence<UInt32>, isScreening: (String) -> Bool
  ) throws -> SampleAccounts {
    let isClosed = marked(closed)
    // Counted on its own, so that a row in no class would be missed.
    var accounts = SampleAccounts(samples: isClosed.count { !$0 })
    try forEachClass(isScreening) { row, sampleClass in
      if !isClosed[row] { accounts[sampleClass] += 1 }
    }
    return accounts
  }

  private func marked(_ rows: some Sequence<UInt32>) -> [Bool] {
    var result = [Bool](repeating: false, count: sampleCount)
    for row in rows where Int(row) < sampleCount { result[Int(row)] = true }
    return result
  }

  private func forEachClass(_ isScreening: (String) -> Bool, _ body: (Int, SampleClass) -> Void) throws {
    let verdicts = try dictionary(of: SampleText.verdict).map { Verdict(rawValue: $0) }
    let screening = try dictionary(of: SampleText.purpose).map(isScreening)
    try withCodes(SampleText.verdict) { verdictCodes in
      try withCodes(SampleText.purpose) { purposeCodes in
        try withNumbers(.flags) { flags in
          for row in 0..<flags.count {
            let (verdict, purpose) = (Int(verdictCodes[row]), Int(purposeCodes[row]))
            body(
              row,
              SampleClass(
                verdict: verdict < verdicts.count ? verdicts[verdict] : nil, flags: SampleFlags(rawValue: flags[row]),
                isScreening: purpose < screening.count && screening[purpose]))
          }
        }
      }
    }
  }
}
