/// One cell of a raw record: where its text lies in the chunk and where it lay in the delivered payload.
@frozen
public struct Cell: Sendable, Equatable {
  /// Start of the cell's text in ``RecordChunk/bytes``.
  public var offset: UInt32
  /// Length of the text in bytes of UTF-8.
  public var length: UInt32
  /// Payload byte offset of the cell, counted from ``RecordChunk/payloadStart``.
  public var source: UInt32
  /// CSV: the field's index from 0. XML: an index into the reader's path table.
  public var column: UInt32

  @inlinable
  public init(offset: UInt32, length: UInt32, source: UInt32, column: UInt32) {
    self.offset = offset
    self.length = length
    self.source = source
    self.column = column
  }
}

/// What one row of a chunk is.
@frozen
public enum RowKind: UInt8, Sendable {
  /// A CSV line (or a record of any flat format).
  case flat = 0
  /// The record-level fields of an XML record; its items follow as ``item`` rows.
  case record = 1
  /// The fields of one repeated item of the nearest ``record`` row above.
  case item = 2
}

/// One raw record: a run of cells, with its position.
@frozen
public struct RawRow: Sendable, Equatable {
  /// Index of the row's first cell in ``RecordChunk/cells``.
  public var firstCell: UInt32
  /// How many cells the row has.
  public var cellCount: UInt32
  /// The row's text as delivered (decoded to UTF-8): start in ``RecordChunk/bytes``; length 0 if not kept (XML).
  public var rawOffset: UInt32
  public var rawLength: UInt32
  /// Line of the row's first byte, from 1.
  public var line: Int
  /// Offset of the row's first byte in the payload (decompressed, as delivered, before decoding), from 0.
  public var byteOffset: Int
  public var kind: RowKind
  /// The reader has reported an error inside this row: it must be rejected, whatever its cells say.
  public var isDamaged: Bool
  /// How many of its first cells the row surely has in common with the row before it in the chunk: byte for byte, and cut in
  /// the same way (see ``RecordChunk/noteRepeats()``).
  public var repeatedCells: UInt16 = 0

  @inlinable
  public init(
    firstCell: UInt32, cellCount: UInt32, rawOffset: UInt32, rawLength: UInt32, line: Int, byteOffset: Int,
    kind: RowKind, isDamaged: Bool
  ) {
    self.firstCell = firstCell
    self.cellCount = cellCount
    self.rawOffset = rawOffset
    self.rawLength = rawLength
    self.line = line
    self.byteOffset = byteOffset
    self.kind = kind
    self.isDamaged = isDamaged
  }
}

/// Raw records on their way from Reading to Curation: text, cells and rows of one stretch of a file.
///
///     bytes  "A-1,城东区,合格\nA-2,…"
///     cells    └A-1┘└城东区┘└合格┘ └A-2┘ …
///     rows     └────── row 0 ─────┘ └──── row 1 …
///
/// A chunk is recycled: `removeAll()` keeps the storage. A row never spans two chunks; the rows of an XML
/// record (one ``RowKind/record`` and its ``RowKind/item`` rows) never do either.
public struct RecordChunk: Sendable {
  /// UTF-8 text that the cells point into: delivered text, and un-escaped copies where quoting required one.
  public var bytes: [UInt8] = []
  public var cells: [Cell] = []
  public var rows: [RawRow] = []
  /// Line of each cell's start tag, beside ``cells`` (XML); empty if cells stand on the line of their row (CSV).
  public var cellLines: [UInt32] = []
  /// Payload offset from which ``Cell/source`` counts.
  public var payloadStart: Int = 0

  public init() {}

  public var isEmpty: Bool { rows.isEmpty }

  /// Empties the chunk and keeps its storage.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    cells.removeAll(keepingCapacity: true)
    rows.removeAll(keepingCapacity: true)
    cellLines.removeAll(keepingCapacity: true)
    payloadStart = 0
  }

  /// The line that a cell of a row stands on.
  public func line(ofCell index: Int, of row: RawRow) -> Int {
    cellLines.indices.contains(index) ? Int(cellLines[index]) : row.line
  }

  /// The text of a cell, for diagnostics and tests: allocates.
  public func text(of cell: Cell) -> String {
    String(decoding: bytes[Int(cell.offset)..<Int(cell.offset) + Int(cell.length)], as: UTF8.self)
  }

  /// The cells of a row.
  public func cells(of row: RawRow) -> ArraySlice<Cell> {
    cells[Int(row.firstCell)..<Int(row.firstCell) + Int(row.cellCount)]
  }

  /// The row's delivered text, or nil where the reader does not keep it.
  public func rawText(of row: RawRow) -> String? {
    guard row.rawLength > 0 else { return nil }
    return String(decoding: bytes[Int(row.rawOffset)..<Int(row.rawOffset) + Int(row.rawLength)], as: UTF8.self)
  }
}
