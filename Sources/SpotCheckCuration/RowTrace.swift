public import SpotCheckModel

/// What the rows of a file were taken for, and which of them belong together: for who reads a file again to give some of
/// its rows back, or to show them. Kept only if ``Curator/trace`` is set.
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
  /// Records whose text is to be kept, by the byte offset of their first row.
  public var wanted: Set<Int> = []
  /// Their texts, masked, each with the rows below that have its number.
  public private(set) var texts: [Int: RecordText] = [:]
  /// The record whose text rows of a group are added to.
  private var owners: [Int: Int] = [:]
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

  /// The wanted record that the record last traced is, or belongs to.
  mutating func owner(ofRecordAt byteOffset: Int) -> Int? {
    if wanted.contains(byteOffset) { owners[last] = byteOffset }
    return owners[last]
  }

  mutating func keep(_ text: String, of owner: Int) { texts[owner, default: RecordText()].append(text) }
}

extension Curator {
  /// To be called after a row that was no skipped one.
  mutating func traceRecord(_ chunk: RecordChunk, _ row: RawRow) {
    guard trace != nil else { return }
    let slot = FieldTarget.samplingNumber.slot
    var number = ""
    if !row.isDamaged {
      if !isMissing(slot, scan.codes[slot]) {
        number = interpreter.text(FieldTarget.samplingNumber.slot, scan.codes[FieldTarget.samplingNumber.slot])
      }
    } else if framing.isBound {
      // A damaged row was not looked at, but what can be read of it may tell whose it is.
      let before = scan
      readField(slot, chunk.bytes.span, chunk.cells.span, row)
      if !isMissing(slot, scan.codes[slot]) {
        number = interpreter.text(FieldTarget.samplingNumber.slot, scan.codes[FieldTarget.samplingNumber.slot])
      }
      scan = before
    }
    let continues = plan.continuation
    trace?.record(number, continues: continues)
    keepText([row], chunk)
  }

  /// Keeps what was delivered in the rows of one record, if it is wanted.
  private mutating func keepText(_ rows: ArraySlice<RawRow>, _ chunk: RecordChunk) {
    guard trace?.wanted.isEmpty == false, let head = rows.first,
      let owner = trace?.owner(ofRecordAt: head.byteOffset)
    else { return }
    for row in rows where trace?.texts[owner]?.isCut != true {
      let text = shownText(of: row, chunk)
      trace?.keep(text, of: owner)
    }
  }

  mutating func traceGroup(_ rows: ArraySlice<RawRow>, _ chunk: RecordChunk) {
    guard trace != nil, let head = rows.first else { return }
    let slot = FieldTarget.samplingNumber.slot
    let isRead = head.kind == .record && !isMissing(slot, scan.codes[slot])
    let number =
      isRead ? interpreter.text(FieldTarget.samplingNumber.slot, scan.codes[FieldTarget.samplingNumber.slot]) : ""
    trace?.record(number, continues: false, rowCount: rows.count)
    keepText(rows, chunk)
  }
}
