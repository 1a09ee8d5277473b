import SpotCheckModel

/// One value for each field (``FieldTarget/slot``). It lies in place, so that writing it needs no question who else has it.
typealias BySlot<Value> = InlineArray<43, Value>

/// Scratch of the row loop: the codes of the row's fields, and where their cells are.
struct RowScan: Sendable {
  /// Where a text stood in this chunk (length -1: nowhere), and its code.
  struct LastText: Sendable {
    var start = 0
    var length = -1
    var code: UInt32 = 0
    /// The text lets the next column of the field speak.
    var isMissing = false
    var isRefused = false
  }

  /// Codes of this row by slot; of a row that says nothing new they are those of the row above.
  var codes = BySlot<UInt32>(repeating: 0)
  /// Cell that filled the slot: index in the chunk's cells, or -1.
  var cellOf = BySlot<Int>(repeating: -1)
  /// The slot's last text in this chunk.
  var last = BySlot<LastText>(repeating: LastText())
  var constant = BySlot<UInt32>(repeating: 0)
  var fallback = BySlot<UInt32>(repeating: 0)
  /// Last value of fields that fill down, and of those that section rows set.
  var filled = BySlot<UInt32>(repeating: 0)
  var sections = BySlot<UInt32>(repeating: 0)
  /// Sample fields of the last record row, to see whether a row says anything new about its sample.
  var sampleCodes = BySlot<UInt32>(repeating: 0)
  /// What the field plans say, without touching the plans in the row loop.
  var isJoined = BySlot<Bool>(repeating: false)
  /// The column that alone fills the slot from the rows of a table, or -1.
  var onlyColumn = BySlot<Int>(repeating: -1)
  var fillsDown = BySlot<Bool>(repeating: false)
  /// First cell of the record row above in this chunk, if its sample fields still stand in `codes`, else -1; and how
  /// many cells that row has.
  var rowAbove = -1
  var cellsAbove = 0
  /// This row says the very same about its sample as the row above.
  var repeatsAbove = false
  /// The record above is such that a row like it, with another known item, needs no reading.
  var mayRepeat = false
  /// This row's item is a kept template, and its fields were not read.
  var itemsAreUnread = false
  /// Scratch: cells of an item that do not stand beside each other.
  var itemKey: [UInt8] = []
  var itemKeyCells: [Cell] = []
  /// The sample that has taken everything that these sample fields say, or -1.
  var settled = -1
  /// Stable hash of a sampling number, and its code; 0: of none. It is asked for several times a sample.
  var numberHash: UInt64 = 0
  var hashedNumber: UInt32 = 0
  /// A sample field refuses the record.
  var isSampleRefused = false
  /// Some field of this row has a meaning that refuses the record.
  var isRefused = false
  /// XML: first cell of a path in the row, valid if the stamp is the row's.
  struct PathCell: Sendable {
    var cell = -1
    var stamp = -1
  }
  var pathCells: [PathCell] = []
  var stamp = 0
  /// XML: by column, the field that it alone fills, or -1; and the fields that are filled otherwise.
  var loneSlot: [Int32] = []
  var otherSlots: [Int] = []
  /// XML: paths about which nothing remains to be said.
  var pathSeen: [Bool] = []
  /// XML: codes and cells of the item slots of a record's items, in a row.
  var itemCodes: [UInt32] = []
  var itemCells: [Int] = []
  static let itemSlotCount = FieldTarget.slotCount - FieldTarget.sampleSlotCount
  /// For joined columns.
  var joined: [UInt8] = []
  /// First words of rows without a number: 0 nothing, 1 perhaps a header, 2 a footer.
  var openings = ByteDictionary()
  var openingKinds: [UInt16] = [0]

  /// Positions of another chunk mean nothing in this one.
  mutating func startChunk(columnCount: Int) {
    rowAbove = -1
    mayRepeat = false
    for slot in last.indices { (last[slot].length, cellOf[slot]) = (-1, -1) }
    if pathCells.count < columnCount {
      pathCells = Array(repeating: PathCell(), count: columnCount)
      pathSeen += Array(repeating: false, count: columnCount - pathSeen.count)
    }
  }

  /// Puts the codes and cells of the row's item at the end of those of its record.
  mutating func keepItem() {
    let (codes, cellOf) = (codes, cellOf)
    itemCodes.append(addingCapacity: RowScan.itemSlotCount) { output in
      for slot in FieldTarget.sampleSlotCount..<FieldTarget.slotCount { output.append(codes[slot]) }
    }
    itemCells.append(addingCapacity: RowScan.itemSlotCount) { output in
      for slot in FieldTarget.sampleSlotCount..<FieldTarget.slotCount { output.append(cellOf[slot]) }
    }
  }

  mutating func forget() {
    rowAbove = -1
    mayRepeat = false
    hashedNumber = 0
    for slot in codes.indices {
      (codes[slot], sampleCodes[slot], last[slot]) = (0, 0, LastText())
    }
    openings = ByteDictionary()
    openingKinds = [0]
  }
}
