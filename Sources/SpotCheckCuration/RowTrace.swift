import SpotCheckModel

/// What the rows of a file were taken for, and which of them belong together: for who reads a file again to give some of
/// its rows back. Kept only if ``Curator/trace`` is set.
public struct RowTrace: Sendable {
  public enum Fate: Sendable, Hashable {
    case record
    /// Sets a field for the rows below.
    case section
    case header
    /// The limits of a wide table.
    case limits
    /// Blank, title, footer: carries nothing.
    case other
  }

  public struct Row: Sendable, Hashable {
    public var fate: Fate
    /// Records with one number belong together, a continuation to the record above; -1 for what is no record.
    public var group: Int
  }

  /// The rows of the chunk that was curated last, in order. Groups are numbered through the file.
  public internal(set) var rows: [Row] = []
  private var groups: [String: Int] = [:]
  private var count = 0
  private var last = -1

  public init() {}

  mutating func skip(_ kind: String) {
    let fate: Fate =
      switch kind {
      case "section": .section
      case "header": .header
      case "limits": .limits
      default: .other
      }
    rows.append(Row(fate: fate, group: -1))
  }

  /// - Parameters:
  ///   - number: the record's number; empty: it has none, and is alone unless it continues the one above.
  ///   - rowCount: how many rows it has (XML: with its items).
  mutating func record(_ number: String, continues: Bool, rowCount: Int = 1) {
    if !number.isEmpty, let known = groups[number] {
      last = known
    } else if !(number.isEmpty && continues && last >= 0) {
      last = count
      count += 1
      if !number.isEmpty { groups[number] = last }
    }
    for _ in 0..<rowCount { rows.append(Row(fate: .record, group: last)) }
  }
}

extension Curator {
  /// To be called after a row that was no skipped one.
  mutating func traceRecord(_ chunk: RecordChunk, _ row: RawRow) {
    guard trace != nil else { return }
    let slot = FieldTarget.samplingNumber.slot
    var number = ""
    if !row.isDamaged {
      if !isMissing(slot, scan.codes[slot]) { number = String(decoding: bytes(.samplingNumber), as: UTF8.self) }
    } else if framing.isBound {
      // A damaged row was not looked at, but what can be read of it may tell whose it is.
      let before = scan
      readField(slot, chunk.bytes.span, chunk.cells.span, row)
      if !isMissing(slot, scan.codes[slot]) { number = String(decoding: bytes(.samplingNumber), as: UTF8.self) }
      scan = before
    }
    let continues = plan.continuation
    trace?.record(number, continues: continues)
  }

  mutating func traceGroup(_ head: RawRow, rowCount: Int) {
    let slot = FieldTarget.samplingNumber.slot
    let isRead = head.kind == .record && !isMissing(slot, scan.codes[slot])
    let number = isRead ? String(decoding: bytes(.samplingNumber), as: UTF8.self) : ""
    trace?.record(number, continues: false, rowCount: rowCount)
  }
}
