import SpotCheckModel

/// Everything about an item that follows from value, limit, units and detection limit: made once for each combination.
struct JudgedItem: Sendable {
  var value: ExactDecimal?
  var detectionLimit: ExactDecimal?
  var limitLow: ExactDecimal?
  var limitHigh: ExactDecimal?
  /// Codes in the open item table.
  var qualifier: UInt32 = 0
  var unit: UInt32 = 0
  var limitOperator: UInt32 = 0
  var derived: Verdict?
  var flags: ItemFlags = []
  /// There was a limit and a result, but no proof either way.
  var isUnproven = false
  /// Index of notes beyond those of the single fields, or -1.
  var notes: Int32 = -1
}

/// The judged combinations of the open tables.
struct Judging: Sendable {
  struct Key: Equatable, Sendable {
    var value: UInt64
    var detection: UInt64
    var limit: UInt64
    var bounds: UInt64
    var comparison: UInt32

    /// Codes number texts by first appearance, so nobody outside chooses them; mixing is enough.
    var mixed: UInt64 {
      var state = Curator.mix(value ^ ByteDictionary.processSeed)
      state = Curator.mix(state ^ limit)
      state = Curator.mix(state ^ detection)
      return Curator.mix(state ^ bounds) ^ UInt64(comparison)
    }
  }
  /// Open addressing over `keys`: 0 = free, else index + 1.
  private var slots = [Int32](repeating: 0, count: 256)
  private var keys: [Key] = []
  private(set) var items: [JudgedItem] = []

  /// The judged item of a combination, or nil and the slot where it belongs.
  func find(_ key: Key) -> (index: Int, slot: Int) {
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: key.mixed) & mask
    while slots[slot] != 0 {
      let index = Int(slots[slot]) &- 1
      if keys[index] == key { return (index, slot) }
      slot = (slot &+ 1) & mask
    }
    return (-1, slot)
  }

  mutating func add(_ judged: JudgedItem, _ key: Key, slot: Int) {
    items.append(judged)
    keys.append(key)
    slots[slot] = Int32(items.count)
    guard items.count * 2 > slots.count else { return }
    slots = Array(repeating: 0, count: slots.count * 4)
    for (index, key) in keys.enumerated() { slots[find(key).slot] = Int32(index + 1) }
  }

  /// Forgets all that holds for the open tables and keeps the memory.
  mutating func removeAll() {
    if items.count * 16 < slots.count {
      slots = Array(repeating: 0, count: 256)
    } else {
      for slot in slots.indices { slots[slot] = 0 }
    }
    keys.forget()
    items.forget()
    boundTexts = [:]
    for index in verdicts.indices { verdicts[index] = FieldMemo.unset }
    for index in comparisons.indices { comparisons[index] = FieldMemo.unset }
    label = FieldMemo.unset
    analytes.forget()
    hazards.forget()
  }

  /// Texts of limits in two columns, by the codes of both.
  var boundTexts: [UInt64: UInt32] = [:]
  /// Codes of words in the open tables, made when first needed (`FieldMemo.unset` before).
  private var verdicts = [UInt32](repeating: FieldMemo.unset, count: 12)
  private var comparisons = [UInt32](repeating: FieldMemo.unset, count: 2)
  private var label = FieldMemo.unset
  private var analytes: [UInt32] = []
  private var hazards: [UInt32] = []

  /// `place` 0, 1, 2 are the three verdict columns.
  mutating func verdictCode(_ verdict: Verdict?, _ place: Int, _ column: ItemText, _ items: inout ItemTable) -> UInt32 {
    guard let verdict else { return 0 }
    let index = place * 4 + Verdict.number(verdict)
    if verdicts[index] == FieldMemo.unset {
      verdicts[index] = items.text[column.rawValue].dictionary.intern(verdict.rawValue)
    }
    return verdicts[index]
  }

  mutating func comparisonCode(_ rule: ComparisonRule, _ items: inout ItemTable) -> UInt32 {
    let index = rule == .roundedValue ? 1 : 0
    if comparisons[index] == FieldMemo.unset {
      comparisons[index] = items.text[ItemText.comparison.rawValue].dictionary.intern(rule.rawValue)
    }
    return comparisons[index]
  }

  mutating func labelCode(_ items: inout ItemTable) -> UInt32 {
    if label == FieldMemo.unset {
      label = items.text[ItemText.hazard.rawValue].dictionary.intern(HazardClass.label.rawValue)
    }
    return label
  }

  mutating func analyteCode(_ index: Int, _ store: [AnalyteMeaning], _ items: inout ItemTable) -> UInt32 {
    while analytes.count <= index {
      let name = store[analytes.count].name
      analytes.append(items.text[ItemText.analyte.rawValue].dictionary.intern(name))
    }
    return analytes[index]
  }

  mutating func hazardCode(_ index: Int, _ store: [AnalyteMeaning], _ items: inout ItemTable) -> UInt32 {
    while hazards.count <= index {
      let hazard = store[hazards.count].hazard
      hazards.append(items.text[ItemText.hazard.rawValue].dictionary.intern(hazard))
    }
    return hazards[index]
  }

  static func key(_ draft: ItemDraft, comparison: ComparisonRule) -> Key {
    Key(
      value: UInt64(draft.value) << 32 | UInt64(draft.valueUnit),
      detection: UInt64(draft.detectionLimit) << 32 | UInt64(draft.detectionCondition),
      limit: UInt64(draft.limit) << 32 | UInt64(draft.limitUnit),
      bounds: UInt64(draft.limitLow) << 32 | UInt64(draft.limitHigh), comparison: comparison == .roundedValue ? 1 : 0)
  }
}

extension Interpreter {
  /// Judges one combination of value and limit.
  mutating func judge(_ draft: ItemDraft, comparison: ComparisonRule, _ items: inout ItemTable) -> JudgedItem {
    var notes: [Note] = []
    var result = reading(FieldTarget.value.slot, draft.value)
    if result.qualifier == .none { result = reading(FieldTarget.detectionCondition.slot, draft.detectionCondition) }
    var limit = limit(draft)
    var valueUnit = unit(FieldTarget.valueUnit.slot, draft.valueUnit)
    if !result.unit.isEmpty {
      let glued = units.read(result.unit)
      if glued.entry == nil { notes.append(Interpreter.unknownUnit(glued.text)) }
      valueUnit = glued
    }
    var limitUnit = unit(FieldTarget.limitUnit.slot, draft.limitUnit)
    if !limit.unit.isEmpty {
      let glued = units.read(limit.unit)
      if glued.entry == nil, limit.unit != result.unit { notes.append(Interpreter.unknownUnit(glued.text)) }
      limitUnit = glued
    }
    var detection = result.detectionLimit
    if detection == nil {
      let own = reading(FieldTarget.detectionLimit.slot, draft.detectionLimit)
      detection = own.value
      if let value = own.value, !own.unit.isEmpty,
        case .power(let power) = UnitConversion.step(from: units.read(own.unit), to: valueUnit)
      {
        detection = value.scaledByPowerOfTen(power)
      }
    }
    let step = UnitConversion.step(from: valueUnit, to: limitUnit)
    var judged = JudgedItem()
    judged.value = result.value
    judged.detectionLimit = detection
    judged.flags = result.flags.union(limit.flags)
    if plan.verdictRules.derivesItems {
      let outcome = ItemJudge.judge(
        result, limit, step: step, detectionLimit: detection, comparison: comparison,
        values: values(result, limit.plan, draft), rules: plan.verdictRules)
      judged.derived = outcome.verdict
      judged.flags.formUnion(outcome.flags)
      judged.isUnproven = outcome.verdict == .undetermined && limit.kind != .none && result.qualifier != .none
    }
    if judged.flags.contains(.unitMismatch) {
      notes.append(
        Note(
          .cellUnit, "\(valueUnit.text) and \(limitUnit.text) cannot be converted into each other",
          zh: "结果单位与标准值单位无法换算"))
    }
    if limit.kind == .plan { (limit.low, limit.high) = (limit.plan?.m, limit.plan?.upper ?? limit.plan?.m) }
    (judged.limitLow, judged.limitHigh) = (limit.low, limit.high)
    judged.qualifier = items.text[ItemText.qualifier.rawValue].dictionary.intern(result.qualifier.rawValue)
    judged.unit = items.text[ItemText.unit.rawValue].dictionary.intern(valueUnit.text)
    judged.limitOperator = items.text[ItemText.limitOperator.rawValue].dictionary.intern(limit.kind.rawValue)
    if !notes.isEmpty {
      judged.notes = Int32(noteLists.count)
      noteLists.append(notes)
    }
    return judged
  }

  private func reading(_ slot: Int, _ code: UInt32) -> ResultReading {
    let meaning = memos[slot].entries[Int(code)].meaning
    return meaning >= 0 ? resultStore[Int(meaning)] : ResultReading()
  }

  private func unit(_ slot: Int, _ code: UInt32) -> UnitReading {
    let meaning = memos[slot].entries[Int(code)].meaning
    return meaning >= 0 ? unitStore[Int(meaning)] : UnitReading()
  }

  private func limit(_ slot: Int, _ code: UInt32) -> LimitReading {
    let meaning = memos[slot].entries[Int(code)].meaning
    return meaning >= 0 ? limitStore[Int(meaning)] : LimitReading()
  }

  /// The limit of an item, from one column or from a lower and an upper one; 0 and 0 mean 不得检出.
  private func limit(_ draft: ItemDraft) -> LimitReading {
    let whole = limit(FieldTarget.limit.slot, draft.limit)
    if whole.kind != .none { return whole }
    var low = limit(FieldTarget.limitLow.slot, draft.limitLow)
    let high = limit(FieldTarget.limitHigh.slot, draft.limitHigh)
    if low.kind == .none { return high }
    if high.kind == .none { return low }
    if low.flags.contains(.unreadLimit) || high.flags.contains(.unreadLimit) {
      low.kind = .text
      low.flags.formUnion(high.flags)
      return low
    }
    guard let least = low.low ?? low.high, let most = high.high ?? high.low else {
      return low.kind == .mustNotBeDetected ? low : high
    }
    if least.mantissa == 0, most.mantissa == 0 {
      low.kind = .mustNotBeDetected
      (low.low, low.high) = (nil, nil)
      return low
    }
    low.kind = .between
    (low.low, low.high) = (least, most)
    low.flags.formUnion(high.flags)
    if low.unit.isEmpty { low.unit = high.unit }
    return low
  }

  /// The n values of a microbiological result; a text that may be one number or a list is what the plan's n says.
  private func values(_ result: ResultReading, _ microbes: MicrobialPlan?, _ draft: ItemDraft) -> [MeasuredValue] {
    guard let microbes else { return [] }
    if !result.list.isEmpty { return result.list }
    let parts = results.values(text(FieldTarget.value.slot, draft.value))
    if parts.count == microbes.n, microbes.n > 1 { return parts }
    return [MeasuredValue(qualifier: result.qualifier, value: result.value)]
  }
}
