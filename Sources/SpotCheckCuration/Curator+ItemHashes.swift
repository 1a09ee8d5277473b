import SpotCheckModel

extension Curator {
  /// Who an item is, and what it says: sums of stable hashes, so that the order of columns does not matter.
  struct ItemHashes {
    var identity: UInt64
    var low: UInt64
    var high: UInt64
  }

  /// The stable hashes of an item's number.
  struct NumberHashes: Sendable {
    var low: UInt64 = 0
    var high: UInt64 = 0
    /// Something stands there, be it a placeholder.
    var isGiven = false
  }

  /// What an item is apart from its number, which is put in by ``hashes(_:number:)``: items of different samples may differ in
  /// nothing else.
  struct ItemSums: Sendable {
    var low: UInt64 = 0
    var high: UInt64 = 0
    /// Of the analyte's name; nil: there is none.
    var analyte: UInt64?
    var method: UInt64 = 0
  }

  func hashes(_ draft: ItemDraft) -> ItemHashes { Curator.hashes(sums(draft), number: numberHashes(draft)) }

  func numberHashes(_ draft: ItemDraft) -> NumberHashes {
    let entry = interpreter.memos[FieldTarget.itemNumber.slot].entries[Int(draft.number)]
    return NumberHashes(low: entry.hashLow, high: entry.hashHigh, isGiven: draft.number != 0)
  }

  func sums(_ draft: ItemDraft) -> ItemSums {
    var low: UInt64 = 0
    var high: UInt64 = 0
    func add(_ target: FieldTarget, _ code: UInt32) {
      guard code != 0 else { return }
      let slot = target.slot
      low &+= interpreter.memos[slot].entries[Int(code)].hashLow
      high &+= interpreter.memos[slot].entries[Int(code)].hashHigh
    }
    add(.analyte, draft.analyte)
    add(.value, draft.value)
    add(.valueUnit, draft.valueUnit)
    add(.detectionLimit, draft.detectionLimit)
    add(.detectionCondition, draft.detectionCondition)
    add(.limit, draft.limit)
    add(.limitLow, draft.limitLow)
    add(.limitHigh, draft.limitHigh)
    add(.limitUnit, draft.limitUnit)
    add(.method, draft.method)
    add(.basis, draft.basis)
    add(.comparison, draft.comparison)
    add(.hazard, draft.hazard)
    add(.itemVerdict, draft.verdict)
    let analyte = interpreter.memos[FieldTarget.analyte.slot].entries[Int(draft.analyte)].meaning
    return ItemSums(
      low: low, high: high, analyte: analyte >= 0 ? interpreter.analyteStore[Int(analyte)].hash : nil,
      method: interpreter.memos[FieldTarget.method.slot].entries[Int(draft.method)].hashLow)
  }

  static func hashes(_ sums: ItemSums, number: NumberHashes) -> ItemHashes {
    let low = mix(sums.low &+ number.low)
    let high = mix(sums.high &+ number.high)
    // Two methods for one analyte are two tests; without an analyte or a number only a repetition is the same.
    guard sums.analyte != nil || number.isGiven else { return ItemHashes(identity: low, low: low, high: high) }
    let identity = mix(mix((sums.analyte ?? 0) &+ number.low) &+ sums.method)
    return ItemHashes(identity: identity, low: low, high: high)
  }
}
