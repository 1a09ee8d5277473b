import SpotCheckModel
import SpotCheckStore

/// The places of a group's cell in a counter table: the classes of samples, the marks beside them, and one place for
/// rows that nobody counts, so that the loop needs no branch.
enum CountPlace {
  static let passed = UInt8(SampleClass.passed.place)
  static let failed = UInt8(SampleClass.failed.place)
  static let undetermined = UInt8(SampleClass.undetermined.place)
  static let notTested = UInt8(SampleClass.notTested.place)
  /// Marks: pending, label only, screening positive.
  static let firstMark = SampleClass.allCases.count
  static let marks = 3
  /// Filtered out or superseded.
  static let ignored = UInt8(firstMark + marks)
  /// Places in a cell.
  static let count = firstMark + marks + 1

  static let pendingMark: UInt8 = 1
  static let labelOnlyMark: UInt8 = 2
  static let positiveMark: UInt8 = 4

  /// A cell as counts.
  static func counts(_ cell: ArraySlice<UInt64>) -> RateCounts {
    func value(_ place: Int) -> Int { Int(truncatingIfNeeded: cell[cell.startIndex + place]) }
    func value(_ sampleClass: SampleClass) -> Int { value(sampleClass.place) }
    return RateCounts(
      passed: value(.passed), failed: value(.failed), undetermined: value(.undetermined),
      notTested: value(.notTested), refused: value(.refused), unlicensed: value(.unlicensed),
      riskMonitoring: value(.riskMonitoring), screening: value(.screening), listed: value(.listed),
      pending: value(firstMark),
      labelOnly: value(firstMark + 1), screeningPositive: value(firstMark + 2))
  }
}

/// The rule of ``SampleClass`` as tables: what a sample's verdict, flags and purpose make it, without a call per row.
///
/// A row's signature is a byte: two bits verdict, three bits flags, two bits why it has no verdict that counts, one bit
/// screening.
struct SampleClassifier: Sendable {
  /// Verdict bits by verdict code, and the screening bit by purpose code; empty if no purpose is one.
  let verdicts: [UInt8]
  let screening: [UInt8]

  private static let verdictOrder: [Verdict] = [.pass, .fail, .undetermined, .notTested]
  static let unknownVerdict: UInt8 = 2
  private static let flagOrder: [SampleFlags] = [.labelOnly, .riskMonitoring, .pending]
  /// The one of these that decides; where several are set, the last.
  private static let reasons: [SampleFlags] = [[], .refused, .unlicensed, .listed]
  private static let screeningBit: UInt8 = 0x80

  /// Class and marks by signature.
  static let tables: (classes: [UInt8], marks: [UInt8]) = {
    var classes: [UInt8] = []
    var marks: [UInt8] = []
    for signature in 0..<256 {
      let verdict = verdictOrder[signature & 3]
      var flags = SampleFlags()
      for (bit, flag) in flagOrder.enumerated() where signature & (4 << bit) != 0 { flags.insert(flag) }
      flags.formUnion(reasons[signature >> 5 & 3])
      let isScreening = signature & Int(screeningBit) != 0
      let sampleClass = SampleClass(verdict: verdict, flags: flags, isScreening: isScreening)
      classes.append(UInt8(sampleClass.place))
      var mark: UInt8 = 0
      if flags.contains(.pending) { mark |= CountPlace.pendingMark }
      if sampleClass == .failed, flags.contains(.labelOnly) { mark |= CountPlace.labelOnlyMark }
      if isScreening, verdict == .fail { mark |= CountPlace.positiveMark }
      marks.append(mark)
    }
    return (classes, marks)
  }()

  /// - Throws: what reading the segment's dictionaries throws.
  init(_ segment: any QuerySegment, _ book: CodeBook) throws {
    verdicts = try segment.entries(SampleText.verdict).map(SampleClassifier.verdictBits)
    let isScreening = try segment.entries(SampleText.purpose).map(book.isScreening)
    screening = isScreening.contains(true) ? isScreening.map { $0 ? SampleClassifier.screeningBit : 0 } : []
  }

  /// The classes of a stretch of samples, by place, and their marks; returns whether there is any mark. Buffers hold at least
  /// `rows.count` elements.
  ///
  /// - Throws: what reading the segment throws.
  func classify(
    _ segment: any QuerySegment, _ rows: Range<Int>, codes: inout [UInt32], classes: inout [UInt8], marks: inout [UInt8]
  ) throws -> Bool {
    let count = rows.count
    try segment.readCodes(SampleText.verdict, rows, into: &codes)
    GroupKernels.classify(codes, verdicts, fallback: SampleClassifier.unknownVerdict, into: &classes, count: count)
    try segment.readNumbers(SampleNumber.flags, rows, into: &codes)
    SampleClassifier.addFlags(codes, to: &classes, count: count)
    if !screening.isEmpty {
      try segment.readCodes(SampleText.purpose, rows, into: &codes)
      GroupKernels.classify(codes, screening, fallback: 0, into: &marks, count: count)
      for index in 0..<count { classes[index] |= marks[index] }
    }
    return SampleClassifier.resolve(&classes, marks: &marks, count: count)
  }

  /// A sample without any word of conclusion is undetermined: it is counted and shown, and in no denominator.
  static func verdictBits(_ text: String) -> UInt8 {
    guard let verdict = Verdict(rawValue: text), let place = verdictOrder.firstIndex(of: verdict) else {
      return unknownVerdict
    }
    return UInt8(place)
  }

  /// Adds the flags that matter to the signatures.
  static func addFlags(_ flags: [UInt32], to signatures: inout [UInt8], count: Int) {
    let source = flags.span.extracting(0..<count)
    var target = signatures.mutableSpan
    for index in 0..<count { target[index] |= bits(ofFlags: source[index]) }
  }

  /// Flags without which a sample's class follows from its verdict and purpose.
  static let decidingFlags: UInt32 = {
    var flags = SampleFlags()
    for flag in flagOrder + reasons { flags.formUnion(flag) }
    return flags.rawValue
  }()

  /// The part of a signature that flags make.
  @inline(__always)
  static func bits(ofFlags bits: UInt32) -> UInt8 {
    // labelOnly is bit 1; riskMonitoring and pending are 6 and 7; refused, unlicensed and listed are 12, 13 and 15.
    let packed = (bits >> 1 & 1) | (bits >> 6 & 3) << 1
    let (refused, unlicensed, listed) = (bits >> 12 & 1, bits >> 13 & 1, bits >> 15 & 1)
    let reason = (unlicensed << 1 | (refused & ~unlicensed)) | (listed * 3)
    return UInt8(truncatingIfNeeded: packed << 2 | reason << 5)
  }

  /// Turns signatures into classes; fills marks and says whether there is any.
  static func resolve(_ signatures: inout [UInt8], marks: inout [UInt8], count: Int) -> Bool {
    let (classes, markTable) = tables
    var any: UInt8 = 0
    for index in 0..<count {
      let signature = Int(signatures[index])
      signatures[index] = classes[signature]
      marks[index] = markTable[signature]
      any |= marks[index]
    }
    return any != 0
  }
}
