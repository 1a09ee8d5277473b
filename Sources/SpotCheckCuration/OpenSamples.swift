import SpotCheckModel

/// What is known about one sample of the open tables besides its columns.
struct SampleState: Sendable {
  var tally = ItemTally()
  var reported: Verdict?
  var flags: SampleFlags = []
  var isRiskMonitoring = false
  /// A remark says that there was nothing to test.
  var isNotTested = false
  /// The record tells of an objection: without a conclusion or items it says nothing about the product.
  var isObjection = false
  /// Sums over the fields of what was delivered about the sample itself …
  var hashLow: UInt64 = 0
  var hashHigh: UInt64 = 0
  /// … and about its items, in any order.
  var itemsLow: UInt64 = 0
  var itemsHigh: UInt64 = 0
  var itemCount: UInt32 = 0
  /// Delivered rows that made the sample and were accepted.
  var deliveredRows: UInt32 = 0
  /// Newest item of the sample, the end of a chain; `none` if it has none.
  var lastItem: UInt32 = SampleState.none
  /// The sample before this one with the same number (another version); `none` if there is none.
  var previous: UInt32 = SampleState.none
  /// The number among the open numbers; 0: it has none.
  var key: UInt32 = 0
  /// Stable hash of number, report number and version.
  var identity: UInt64 = 0
  var line = 0
  var byteOffset = 0

  static let none = UInt32.max

  mutating func take(_ item: ItemGist) {
    tally.add(item.outcome)
    itemsLow &+= Curator.mix(item.hashes.low)
    itemsHigh &+= Curator.mix(item.hashes.high)
  }

  /// Puts an item at the end of the sample's chain.
  /// - Returns: the item before it, and how many there are now.
  mutating func chain(_ row: UInt32) -> (previous: UInt32, count: Int) {
    let previous = lastItem
    lastItem = row
    itemCount += 1
    return (previous, Int(itemCount))
  }
}

/// The samples and items since the last seal: finds the sample of a row, and an item given twice.
struct OpenSamples: Sendable {
  /// At most this many versions of one number are compared; more would let a hostile file take quadratic time.
  static let comparedVersions = 256
  /// Samples with more items than this are searched by hash.
  static let scannedItems = 64

  /// Canonical numbers that were delivered otherwise, and their keys by code. Others are told by their codes in the memo of
  /// the field, so that hardly any number is looked up twice.
  private var altered = ByteDictionary()
  private var alteredKeys: [UInt32] = [0]
  /// By number's key: the newest sample of it, `none` if none.
  var newest: [UInt32] = [SampleState.none]
  var states: [SampleState] = []
  /// Memo codes of the sample fields, by sample.
  typealias Fields = InlineArray<27, UInt32>
  var codes: [Fields] = []
  /// Numbers of which a row was refused.
  var incomplete: Set<UInt32> = []

  /// By item: who it is (analyte and number), what it says, and the item of the same sample before it.
  var itemIdentity: [UInt64] = []
  var itemContent: [UInt64] = []
  var itemPrevious: [UInt32] = []
  private var manyItems: [ItemKey: UInt32] = [:]
  /// Items were added to another sample than the newest: they must be put in order before they are sealed.
  var isOutOfOrder = false

  private struct ItemKey: Hashable {
    var sample: UInt32
    var identity: UInt64
  }

  /// Forgets all samples and items and keeps the memory.
  mutating func removeAll() {
    altered = ByteDictionary()
    alteredKeys = [0]
    newest.forget()
    newest.append(SampleState.none)
    states.forget()
    codes.forget()
    incomplete = []
    itemIdentity.forget()
    itemContent.forget()
    itemPrevious.forget()
    manyItems = [:]
    isOutOfOrder = false
  }

  /// The key of a number that no sample has had yet.
  mutating func newKey() -> UInt32 {
    newest.append(SampleState.none)
    return UInt32(newest.count - 1)
  }

  /// Whether some canonical number was delivered otherwise.
  var hasAltered: Bool { alteredKeys.count > 1 }

  /// The key of a number, if it was delivered otherwise before.
  func alteredKey(_ number: Span<UInt8>) -> UInt32? { altered.find(number).map { alteredKeys[Int($0)] } }

  /// Notes the key of a number that was delivered otherwise.
  mutating func noteAltered(_ number: Span<UInt8>, _ key: UInt32) {
    guard Int(altered.intern(number)) == alteredKeys.count else { return }
    alteredKeys.append(key)
  }

  /// Inout for speed: nothing is changed, and the codes are not copied for each of them.
  mutating func add(_ state: SampleState, codes sampleCodes: inout BySlot<UInt32>) -> Int {
    var state = state
    let row = UInt32(states.count)
    state.previous = newest[Int(state.key)]
    newest[Int(state.key)] = row
    states.append(state)
    var fields = Fields(repeating: 0)
    for slot in 0..<FieldTarget.sampleSlotCount { fields[slot] = sampleCodes[slot] }
    codes.append(fields)
    return Int(row)
  }

  /// The item of a sample with this identity, or nil.
  func item(_ sample: Int, _ identity: UInt64) -> Int? {
    if states[sample].itemCount > UInt32(OpenSamples.scannedItems) {
      return manyItems[ItemKey(sample: UInt32(sample), identity: identity)].map { Int($0) }
    }
    var row = states[sample].lastItem
    while row != SampleState.none {
      if itemIdentity[Int(row)] == identity { return Int(row) }
      row = itemPrevious[Int(row)]
    }
    return nil
  }

  /// Adds an item with what it says; its columns stand elsewhere.
  mutating func addItem(_ sample: Int, _ item: ItemGist) {
    states[sample].take(item)
    addItem(sample, identity: item.hashes.identity, content: item.hashes.low)
  }

  /// Adds an item whose sums are in the sample's state already.
  mutating func addItem(_ sample: Int, identity: UInt64, content: UInt64) {
    let row = UInt32(truncatingIfNeeded: itemIdentity.count)
    itemIdentity.append(identity)
    itemContent.append(content)
    let (previous, count) = states[sample].chain(row)
    itemPrevious.append(previous)
    if sample != states.count - 1 { isOutOfOrder = true }
    guard count > OpenSamples.scannedItems else { return }
    if count == OpenSamples.scannedItems + 1 {
      var item = row
      while item != SampleState.none {
        manyItems[ItemKey(sample: UInt32(sample), identity: itemIdentity[Int(item)])] = item
        item = itemPrevious[Int(item)]
      }
    } else {
      manyItems[ItemKey(sample: UInt32(sample), identity: identity)] = row
    }
  }
}
