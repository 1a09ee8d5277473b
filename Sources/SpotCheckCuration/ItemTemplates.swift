import SpotCheckModel

/// What an item adds to its sample: all that is asked of most items.
struct ItemGist: Sendable {
  var hashes: Curator.ItemHashes
  var outcome: ItemTally.Outcome

  static let none = ItemGist(hashes: Curator.ItemHashes(identity: 0, low: 0, high: 0), outcome: .unjudged)
}

/// What an item row holds in the columns of the open tables.
struct ItemColumns: Sendable {
  /// As many as there are columns (``ItemText``, ``ItemDecimal``).
  typealias Codes = InlineArray<14, UInt32>
  typealias Mantissas = InlineArray<4, Int64>
  typealias Scales = InlineArray<4, Int8>

  var text = Codes(repeating: 0)
  /// As in ``DecimalColumn``.
  var mantissas = Mantissas(repeating: 0)
  var scales = Scales(repeating: DecimalColumn.missing)
  var flags: UInt32 = 0

  func decimal(_ column: Int) -> ExactDecimal? {
    scales[column] == DecimalColumn.missing ? nil : ExactDecimal(mantissa: mantissas[column], scale: scales[column])
  }

  mutating func put(_ column: ItemDecimal, _ value: ExactDecimal?) {
    guard let value else { return }
    mantissas[column.rawValue] = value.mantissa
    scales[column.rawValue] = value.scale
  }
}

/// What a record's item adds to its sample, before its number is put in.
struct NestedGist: Sendable {
  var sums = Curator.ItemSums()
  /// A number that is one of the cells by which the item is known, or given without any cell.
  var number = Curator.NumberHashes()
  var outcome: ItemTally.Outcome
}

/// Everything that an item brings into the tables. It follows from the item's cells alone, so that a second item with
/// the very same cells need not be read, judged or coded again.
struct ItemTemplate: Sendable {
  var draft: ItemDraft
  var gist: ItemGist
  var columns = ItemColumns()
}

/// The items of the open tables: those that may come again, by the bytes of their cells, and the item rows that are not
/// in the columns yet (``ItemRows``).
struct ItemTemplates: Sendable {
  /// No more are kept; a file whose items never repeat must not fill the memory with them.
  static let mostKept = 1 << 16
  /// After so many questions it is seen whether they are worth asking.
  private static let trial = 4096

  /// How the cells of an item stand in its key.
  enum Keying {
    /// Beside each other in the text, with a separator between each two: the key itself says how it is cut, because a cell
    /// that holds a separator is quoted. A sum of the lengths is compared all the same.
    case between
    /// Copied one after the other, because some are quoted or stand elsewhere.
    case copied
  }

  /// Those of rows of a table in the text …
  private var inPlace = KeySpace()
  /// … and all others: of which cells the key is made must be compared too.
  private var cut = KeySpace()
  /// What was kept, beside what rows ask for.
  private var drafts: [ItemDraft] = []
  /// Of items of records, beside the columns and in place of the other two; and their keys: code 1 is the template
  /// `firstNested`. How a key is cut stands in the key, so that one look-up goes to two places and no more.
  private var nested: [NestedGist] = []
  private var nestedKeys = ByteDictionary()
  private var firstNested: Int32 = 0
  /// What was kept and what was not, as columns, and which rows are to be written.
  var rows = ItemRows()
  private var asked = 0
  private(set) var found = 0
  var isWorthAsking = true

  /// Byte strings, the template of each, and how its cells are cut out of it: two cuts of one text are two items.
  private struct KeySpace: Sendable {
    /// All that is asked of most items, in one place: apart, its parts would be waited for one after the other.
    struct Entry: Sendable {
      /// Of cells between separators: ``ItemTemplates/cutSum(_:)``; else where they begin in `cuts`.
      var cut: UInt64
      var gist: ItemGist
      var template: Int32
      var cellCount: Int32

      /// Of the text that nothing is kept under.
      static let none = Entry(cut: 0, gist: .none, template: -1, cellCount: -1)
    }
    var keys = ByteDictionary()
    var entries: [Entry] = [.none]
    /// Length and column of each cell.
    var cuts: [UInt64] = []

    mutating func removeAll() {
      keys.removeAll()
      entries.forget()
      entries.append(.none)
      cuts.forget()
    }
  }

  /// The kept item with these cells, or -1.
  /// - Parameter cells: the cells of the item, of which `key` holds the text.
  mutating func find(_ key: Span<UInt8>, _ keying: Keying, _ cells: Span<Cell>) -> Int32 {
    noteQuestion()
    var number: Int32
    if keying == .between {
      number = ItemTemplates.find(key, cells, &inPlace, &foundGist, isCutCompared: false)
    } else {
      number = ItemTemplates.find(key, cells, &cut, &foundGist, isCutCompared: true)
    }
    if number >= 0 { found &+= 1 }
    return number
  }

  /// What a row of the item that was found last adds to its sample.
  private(set) var foundGist = ItemGist.none

  @inline(__always)
  private mutating func noteQuestion() {
    asked &+= 1
    if asked % ItemTemplates.trial == 0, found < asked / 4 { isWorthAsking = false }
  }

  /// Inout for speed: nothing is changed, and nothing copied.
  @inline(__always)
  private static func find(
    _ key: Span<UInt8>, _ cells: Span<Cell>, _ space: inout KeySpace, _ gist: inout ItemGist, isCutCompared: Bool
  ) -> Int32 {
    guard let code = space.keys.find(key) else { return -1 }
    let entry = space.entries[Int(code)]
    guard Int(entry.cellCount) == cells.count else { return -1 }
    if isCutCompared {
      for index in 0..<cells.count {
        if space.cuts[Int(truncatingIfNeeded: entry.cut) &+ index] != cut(cells[index]) { return -1 }
      }
    } else if entry.cut != cutSum(cells) {
      return -1
    }
    gist = entry.gist
    return entry.template
  }

  @inline(__always)
  private static func cut(_ cell: Cell) -> UInt64 { UInt64(cell.length) << 32 | UInt64(cell.column) }

  @inline(__always)
  private static func cutSum(_ cells: Span<Cell>) -> UInt64 {
    var sum: UInt64 = 0
    for index in 0..<cells.count { sum = (sum &+ UInt64(cells[index].length)) &* 0x9E37_79B9_7F4A_7C15 }
    return sum
  }

  /// What an item of a record that is this kept one adds to its sample, but for its number.
  func nestedGist(_ number: Int32) -> NestedGist { nested[Int(number)] }

  /// The codes that a kept item was made of.
  func draft(_ number: Int32) -> ItemDraft { drafts[Int(number)] }

  /// The kept item of a record with this text and these cells, or -1.
  mutating func findNested(_ text: Span<UInt8>, _ cells: Span<Cell>) -> Int32 {
    noteQuestion()
    let hash = ItemTemplates.nestedHash(text, cells)
    guard let code = nestedKeys.find(hash: hash, where: { ItemTemplates.isNestedKey($0, text, cells) }) else {
      return -1
    }
    found &+= 1
    return firstNested &+ Int32(truncatingIfNeeded: code) &- 1
  }

  /// A hash of an item's text and of how it is cut. It begins with what nobody outside knows.
  static func nestedHash(_ text: Span<UInt8>, _ cells: Span<Cell>) -> UInt64 {
    var state = ByteDictionary.tableHash(text, seed: ByteDictionary.processSeed)
    for index in 0..<cells.count { state = Curator.mix(state ^ cut(cells[index])) }
    return state
  }

  /// Whether a key is that of this text and these cells: the text, then length and column of each cell in two bytes each.
  @inline(__always)
  private static func isNestedKey(_ key: Span<UInt8>, _ text: Span<UInt8>, _ cells: Span<Cell>) -> Bool {
    guard key.count == text.count &+ 4 &* cells.count,
      ByteDictionary.equal(key.extracting(0..<text.count), text)
    else { return false }
    var at = text.count
    for index in 0..<cells.count {
      let length = UInt32(key[at]) | UInt32(key[at &+ 1]) << 8
      let column = UInt32(key[at &+ 2]) | UInt32(key[at &+ 3]) << 8
      if cells[index].length != length || cells[index].column != column { return false }
      at &+= 4
    }
    return true
  }

  /// The same for an item of a record. A file has items of records, or others.
  /// - Parameters:
  ///   - key: the text of the item and how it is cut.
  ///   - hash: of both, see ``nestedHash(_:_:)``.
  mutating func keepNested(_ template: ItemTemplate, _ gist: NestedGist, _ key: Span<UInt8>, hash: UInt64) -> Int32 {
    let number = Int32(rows.kept.count)
    guard rows.kept.count < ItemTemplates.mostKept, !key.isEmpty, key.count <= 1024,
      Int32(truncatingIfNeeded: nestedKeys.intern(key, hash: hash)) == number - firstNested + 1
    else { return -1 }
    nested.append(gist)
    rows.kept.append(template.columns)
    return number
  }

  /// Keeps an item for those to come, if there is room; -1 if there is none.
  mutating func keep(_ template: ItemTemplate, _ key: Span<UInt8>, _ keying: Keying, _ cells: Span<Cell>) -> Int32 {
    guard drafts.count < ItemTemplates.mostKept, !key.isEmpty, key.count <= 1024 else { return -1 }
    let number = Int32(drafts.count)
    func add(_ space: inout KeySpace) -> Bool {
      let code = space.keys.intern(key)
      guard Int(code) == space.entries.count else { return false }
      let cut = keying == .between ? ItemTemplates.cutSum(cells) : UInt64(space.cuts.count)
      space.entries.append(
        KeySpace.Entry(cut: cut, gist: template.gist, template: number, cellCount: Int32(cells.count)))
      if keying == .between { return true }
      for index in 0..<cells.count { space.cuts.append(ItemTemplates.cut(cells[index])) }
      return true
    }
    guard keying == .between ? add(&inPlace) : add(&cut) else { return -1 }
    rows.kept.append(template.columns)
    drafts.append(template.draft)
    return number
  }

  /// A number for an item that is written once.
  mutating func once(_ template: ItemTemplate) -> Int32 {
    rows.single.append(template.columns)
    return -Int32(rows.single.count)
  }

  /// One more item row with the columns of this template.
  mutating func append(_ number: Int32) { rows.pending.append(number) }

  /// The columns have become others: no cells of before are those of an item to come.
  mutating func forgetCells() {
    inPlace.removeAll()
    cut.removeAll()
    nestedKeys.removeAll()
    firstNested = Int32(rows.kept.count)
  }

  /// The codes of the open tables have become worthless. The memory is kept.
  mutating func forget() {
    rows.removeAll()
    drafts.forget()
    nested.forget()
    forgetCells()
    (asked, found, isWorthAsking) = (0, 0, true)
  }
}
