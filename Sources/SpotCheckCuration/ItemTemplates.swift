import SpotCheckModel

/// Everything that an item brings into the tables. It follows from the item's cells alone, so that a second item with
/// the very same cells need not be read, judged or coded again.
struct ItemTemplate: Sendable {
  /// As many as there are columns (``ItemText``, ``ItemDecimal``).
  typealias Codes = InlineArray<14, UInt32>
  typealias Decimals = InlineArray<4, ExactDecimal?>

  var draft: ItemDraft
  var hashes: Curator.ItemHashes
  /// Codes in the text columns of the open tables.
  var text = Codes(repeating: 0)
  var decimals = Decimals(repeating: nil)
  var flags: UInt32 = 0
  var outcome = ItemTally.Outcome.unjudged
}

/// The items of the open tables: those that may come again, by the bytes of their cells, and the item rows that are not
/// in the columns yet. Rows are written a chunk at a time, column by column.
struct ItemTemplates: Sendable {
  /// No more are kept; a file whose items never repeat must not fill the memory with them.
  static let mostKept = 1 << 16
  /// After so many questions it is seen whether they are worth asking.
  private static let trial = 4096

  /// The cells of an item that stand beside each other in the text, separators and all …
  private var inPlace = KeySpace()
  /// … and of those that do not: copies with their lengths.
  private var copied = KeySpace()
  private var kept: [ItemTemplate] = []
  /// Those that are not kept, until they are written.
  private var single: [ItemTemplate] = []
  /// Numbers of the item rows that are to be written: below zero those of `single`.
  private var pending: [Int32] = []
  private var asked = 0
  private(set) var found = 0
  var isWorthAsking = true

  /// Byte strings, the template of each, and how its cells are cut out of it: two cuts of one text are two items. Places
  /// of the cut count from `cuts`, one more than there are templates.
  private struct KeySpace: Sendable {
    var keys = ByteDictionary()
    var templates: [Int32] = [-1]
    var lengths: [UInt32] = []
    var columns: [UInt32] = []
    var cuts: [Int] = [0, 0]
  }

  /// The kept item with these cells, or -1.
  /// - Parameter cells: the cells of the item, of which `key` holds the text.
  mutating func find(_ key: Span<UInt8>, isCopied: Bool, _ cells: Span<Cell>) -> Int32 {
    asked &+= 1
    if asked % ItemTemplates.trial == 0, found < asked / 4 { isWorthAsking = false }
    var number: Int32
    if isCopied {
      number = ItemTemplates.find(key, cells, &copied)
    } else {
      number = ItemTemplates.find(key, cells, &inPlace)
    }
    if number >= 0 { found &+= 1 }
    return number
  }

  /// Inout for speed: nothing is changed, and nothing copied.
  private static func find(_ key: Span<UInt8>, _ cells: Span<Cell>, _ space: inout KeySpace) -> Int32 {
    guard let code = space.keys.find(key), code > 0 else { return -1 }
    let base = space.cuts[Int(code)]
    guard space.cuts[Int(code) &+ 1] &- base == cells.count else { return -1 }
    for index in 0..<cells.count {
      if space.lengths[base &+ index] != cells[index].length || space.columns[base &+ index] != cells[index].column {
        return -1
      }
    }
    return space.templates[Int(code)]
  }

  subscript(_ number: Int32) -> ItemTemplate { number >= 0 ? kept[Int(number)] : single[Int(-1 - number)] }

  /// Keeps an item for those to come, if there is room; -1 if there is none.
  mutating func keep(_ template: ItemTemplate, _ key: Span<UInt8>, isCopied: Bool, _ cells: Span<Cell>) -> Int32 {
    guard kept.count < ItemTemplates.mostKept, !key.isEmpty, key.count <= 1024 else { return -1 }
    let number = Int32(kept.count)
    func add(_ space: inout KeySpace) -> Bool {
      let code = space.keys.intern(key)
      guard Int(code) == space.templates.count else { return false }
      space.templates.append(number)
      for index in 0..<cells.count {
        space.lengths.append(cells[index].length)
        space.columns.append(cells[index].column)
      }
      space.cuts.append(space.lengths.count)
      return true
    }
    guard isCopied ? add(&copied) : add(&inPlace) else { return -1 }
    kept.append(template)
    return number
  }

  /// A number for an item that is written once.
  mutating func once(_ template: ItemTemplate) -> Int32 {
    single.append(template)
    return -Int32(single.count)
  }

  /// One more item row with the columns of this template.
  mutating func append(_ number: Int32) { pending.append(number) }

  /// Writes the columns of the item rows that were appended since the last call.
  mutating func write(into items: inout ItemTable) {
    if pending.isEmpty { return }
    let count = pending.count
    for column in 0..<ItemTemplate.Codes.count {
      items.text[column].codes.append(addingCapacity: count) { output in
        for number in pending { output.append(self[number].text[column]) }
      }
    }
    for column in 0..<ItemTemplate.Decimals.count {
      items.decimals[column].mantissas.append(addingCapacity: count) { output in
        for number in pending { output.append(self[number].decimals[column]?.mantissa ?? 0) }
      }
      items.decimals[column].scales.append(addingCapacity: count) { output in
        for number in pending { output.append(self[number].decimals[column]?.scale ?? DecimalColumn.missing) }
      }
    }
    items.flags.append(addingCapacity: count) { output in
      for number in pending { output.append(self[number].flags) }
    }
    pending.removeAll(keepingCapacity: true)
    single.removeAll(keepingCapacity: true)
  }

  /// The columns have become others: no cells of before are those of an item to come.
  mutating func forgetCells() {
    inPlace = KeySpace()
    copied = KeySpace()
  }

  /// The codes of the open tables have become worthless.
  mutating func forget() { self = ItemTemplates() }
}
