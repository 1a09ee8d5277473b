/// The codes of a stretch of rows, in bytes where the segment has them in bytes: a loop over bytes needs no question
/// whether a code lies in its table, if the table has 256 places.
public struct CodeBlock: Sendable {
  /// The codes of the rows, if ``isNarrow``; else something else.
  public private(set) var narrow: [UInt8] = []
  /// The codes of the rows, if not ``isNarrow``; else something else.
  public private(set) var wide: [UInt32] = []
  public private(set) var isNarrow = true

  /// - Parameter capacity: the most rows that are read at once.
  public init(capacity: Int) { self.capacity = capacity }

  public let capacity: Int

  /// Takes the codes of `rows` of a column that has them in bytes.
  public mutating func take(_ codes: Span<UInt8>, _ rows: Range<Int>) {
    isNarrow = true
    if narrow.count < capacity { narrow = [UInt8](repeating: 0, count: capacity) }
    let source = codes.extracting(rows)
    var target = narrow.mutableSpan
    precondition(source.count <= target.count, "the block is too short")
    for index in 0..<source.count { target[index] = source[index] }
  }

  /// Lets somebody fill in codes of four bytes.
  public mutating func fillWide(_ body: (inout [UInt32]) throws -> Void) rethrows {
    isNarrow = false
    if wide.count < capacity { wide = [UInt32](repeating: 0, count: capacity) }
    try body(&wide)
  }

  /// Makes bytes of the codes, each of which must fit in one, or become one that is in no dictionary of fewer entries.
  mutating func narrow(_ count: Int) {
    if isNarrow { return }
    isNarrow = true
    if narrow.count < capacity { narrow = [UInt8](repeating: 0, count: capacity) }
    for index in 0..<count { narrow[index] = UInt8(clamping: wide[index]) }
  }

  subscript(_ row: Int) -> Int { isNarrow ? Int(narrow[row]) : Int(wide[row]) }
}
