// UNSAFE FILE: reads a raw slice below its count.

/// Chooses the delimiter from the first records of a text.
enum CSVDialectDetector {
  /// Decoded bytes looked at.
  static let headBytes = 64 << 10
  /// Complete records looked at.
  static let records = 200

  enum Choice: Equatable {
    case dialect(CSVDialect)
    case ambiguous(CSVDialect, CSVDialect)
  }

  /// What cutting the head with one dialect gives.
  private struct Trial {
    var dialect: CSVDialect
    /// Fields of each record that is not blank; 0 for a record with a stray quote, which fits no column count.
    var widths: [Int]
    /// The most frequent width of at least two, and how many records have it.
    var width = 0
    var fitting = 0
    /// From the first fitting record on, every record fits (titles may stand above a header, nothing between).
    var isClean = false

    init(_ dialect: CSVDialect, _ widths: [Int]) {
      self.dialect = dialect
      self.widths = widths
      var counts: [Int: Int] = [:]
      for width in widths where width >= 2 { counts[width, default: 0] += 1 }
      for (candidate, count) in counts where (count, candidate) > (fitting, width) {
        (fitting, width) = (count, candidate)
      }
      if let first = widths.firstIndex(of: width), fitting > 0 { isClean = widths.count - first == fitting }
    }
  }

  /// - Parameter isWhole: the text ends with `head`, so that its last record is complete.
  static func choose(_ head: UnsafeRawBufferPointer, isWhole: Bool) -> Choice {
    var trials = CSVDialect.candidates.map { dialect -> Trial in
      var strict = dialect
      strict.quotesInsideAreText = false
      return Trial(dialect, widths(head, strict, isWhole: isWhole))
    }
    if trials.allSatisfy({ $0.fitting == 0 }) {
      // Literal quotes inside fields are forgiven where the dialect says so.
      trials = CSVDialect.candidates.filter(\.quotesInsideAreText)
        .map { Trial($0, widths(head, $0, isWhole: isWhole)) }
    }
    // Shares are compared exactly, as fractions.
    func better(_ left: Trial, _ right: Trial) -> Bool {
      left.fitting * max(1, right.widths.count) > right.fitting * max(1, left.widths.count)
    }
    var best = trials[0]
    for trial in trials.dropFirst() where better(trial, best) { best = trial }
    guard best.fitting > 0 else { return .dialect(.comma) }
    for trial in trials where trial.dialect != best.dialect {
      if trial.isClean, best.isClean, !better(best, trial) { return .ambiguous(best.dialect, trial.dialect) }
    }
    return .dialect(best.dialect)
  }

  /// Field counts of the complete records in the head: a small tokenizer of its own, a byte at a time.
  private static func widths(_ head: UnsafeRawBufferPointer, _ dialect: CSVDialect, isWhole: Bool) -> [Int] {
    var widths: [Int] = []
    var fields = 1
    var isBlank = true
    var isStray = false
    var isQuoted = false
    var atFieldStart = true
    var index = 0
    func close() {
      if !isBlank { widths.append(isStray ? 0 : fields) }
      (fields, isBlank, isStray, isQuoted, atFieldStart) = (1, true, false, false, true)
    }
    while index < head.count, widths.count < records {
      let byte = head[index]
      index += 1
      if isQuoted {
        guard byte == dialect.quote else { continue }
        let next = index < head.count ? head[index] : UInt8(ascii: "\n")
        if next == dialect.quote {
          index += 1
        } else {
          isQuoted = false
          if next != dialect.delimiter, next != 0x0A, next != 0x0D { isStray = true }
        }
        continue
      }
      if byte == 0x0A || byte == 0x0D {
        close()
        continue
      }
      isBlank = false
      if byte == dialect.delimiter {
        fields += 1
        atFieldStart = true
        continue
      }
      if byte == dialect.quote {
        if atFieldStart, !isStray { isQuoted = true } else if !dialect.quotesInsideAreText { isStray = true }
      }
      atFieldStart = false
    }
    // The last record counts if it is known to be complete, or if there is no other.
    if !isBlank, widths.count < records, isWhole || widths.isEmpty {
      if isQuoted { isStray = true }
      close()
    }
    return widths
  }
}
