public import SpotCheckModel

extension Segment {
  /// Counts the samples that count, by class, from the segment's own bytes.
  ///
  /// - Parameters:
  ///   - rows: the rows that are counted; nil: all.
  ///   - closed: rows that do not count, in any order; a row named twice or outside the segment changes nothing.
  ///   - isScreening: whether a word of the column `purpose` means screening; asked once a word.
  /// - Throws: ``StoreError`` if a column is damaged.
  public func sampleAccounts(
    of rows: Range<Int>? = nil, leavingOut closed: some Sequence<UInt32>, isScreening: (String) -> Bool
  ) throws -> SampleAccounts {
    let rows = (rows ?? 0..<sampleCount).clamped(to: 0..<sampleCount)
    var isClosed = [Bool](repeating: false, count: rows.count)
    for row in closed where rows.contains(Int(row)) { isClosed[Int(row) - rows.lowerBound] = true }
    // Counted on its own, so that a row in no class would be missed.
    var accounts = SampleAccounts(samples: isClosed.count { !$0 })
    try forEachClass(rows, isScreening) { row, sampleClass in
      if !isClosed[row - rows.lowerBound] { accounts[sampleClass] += 1 }
    }
    return accounts
  }

  /// The class of every sample row, whether it counts or not.
  public func sampleClasses(isScreening: (String) -> Bool) throws -> [SampleClass?] {
    var classes = [SampleClass?](repeating: nil, count: sampleCount)
    try forEachClass(0..<sampleCount, isScreening) { classes[$0] = $1 }
    return classes
  }

  private func forEachClass(
    _ rows: Range<Int>, _ isScreening: (String) -> Bool, _ body: (Int, SampleClass) -> Void
  ) throws {
    let verdicts = try dictionary(of: SampleText.verdict).map { Verdict(rawValue: $0) }
    let screening = try dictionary(of: SampleText.purpose).map(isScreening)
    try withCodes(SampleText.verdict) { verdictCodes in
      try withCodes(SampleText.purpose) { purposeCodes in
        try withNumbers(.flags) { flags in
          for row in rows {
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
