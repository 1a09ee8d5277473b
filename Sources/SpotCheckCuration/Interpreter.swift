import SpotCheckModel

/// An analyte's name: normalised, and its class of hazard.
struct AnalyteMeaning: Sendable {
  var name: String
  /// Code of the table `hazards`; empty if the table does not say.
  var hazard: String
  /// Stable hash of the name.
  var hash: UInt64
}

/// The codes of one item's fields in the memos: what an item is before it is judged.
struct ItemDraft: Sendable, Equatable {
  var number: UInt32 = 0
  var analyte: UInt32 = 0
  var value: UInt32 = 0
  var valueUnit: UInt32 = 0
  var detectionLimit: UInt32 = 0
  var detectionCondition: UInt32 = 0
  var limit: UInt32 = 0
  var limitLow: UInt32 = 0
  var limitHigh: UInt32 = 0
  var limitUnit: UInt32 = 0
  var method: UInt32 = 0
  var basis: UInt32 = 0
  var comparison: UInt32 = 0
  var hazard: UInt32 = 0
  var verdict: UInt32 = 0
  /// Verdict that the plan gives to items of such cells, if the item brings none; number of a ``Verdict`` + 1.
  var implied: UInt8 = 0
  /// The cell that the item was read from, if it was not read from columns of its own; else -1.
  var cell = -1

  /// Takes from another draft what this one does not say.
  mutating func fillBlanks(from other: ItemDraft) {
    if number == 0 { number = other.number }
    if analyte == 0 { analyte = other.analyte }
    if value == 0 { value = other.value }
    if valueUnit == 0 { valueUnit = other.valueUnit }
    if detectionLimit == 0 { detectionLimit = other.detectionLimit }
    if detectionCondition == 0 { detectionCondition = other.detectionCondition }
    if limit == 0 { limit = other.limit }
    if limitLow == 0 { limitLow = other.limitLow }
    if limitHigh == 0 { limitHigh = other.limitHigh }
    if limitUnit == 0 { limitUnit = other.limitUnit }
    if method == 0 { method = other.method }
    if basis == 0 { basis = other.basis }
    if comparison == 0 { comparison = other.comparison }
    if hazard == 0 { hazard = other.hazard }
    if verdict == 0 { verdict = other.verdict }
  }

  mutating func set(_ target: FieldTarget, _ code: UInt32) {
    switch target {
    case .itemNumber: number = code
    case .analyte: analyte = code
    case .value: value = code
    case .valueUnit: valueUnit = code
    case .detectionLimit: detectionLimit = code
    case .detectionCondition: detectionCondition = code
    case .limit: limit = code
    case .limitLow: limitLow = code
    case .limitHigh: limitHigh = code
    case .limitUnit: limitUnit = code
    case .method: method = code
    case .basis: basis = code
    case .comparison: comparison = code
    case .hazard: hazard = code
    case .itemVerdict: verdict = code
    default: break
    }
  }
}

/// Turns delivered texts into meanings, each distinct text once.
///
/// Per row only bytes are hashed and compared; strings are made when a text is seen for the first time.
struct Interpreter: Sendable {
  let plan: CurationPlan
  let fields: [FieldPlan]
  let units: UnitConversion
  let words: WordReader
  let results: ResultReader
  let limits: LimitReader
  let combinedReader: CombinedReader
  let longestPlaceholder: Int
  /// First characters of placeholders: a text that begins otherwise is none.
  let placeholderBeginnings: [UInt32]
  let patterns: [[GlobPattern]]
  let seeds: [(low: UInt64, high: UInt64)]
  /// Normalised names of all columns that the plan knows.
  let headerWords: Set<String>

  /// By slot.
  let quickReadings: [QuickReading]

  var memos: [FieldMemo] = []
  var texts: [String] = []
  var noteLists: [[Note]] = []
  var resultStore: [ResultReading] = []
  var limitStore: [LimitReading] = []
  var unitStore: [UnitReading] = []
  var analyteStore: [AnalyteMeaning] = []
  var combinedStore: [[ItemDraft]] = []
  var remarkStore: [[RemarkWord]] = []

  /// Between the levels of a category that came in several columns; no delivered text can hold it by chance.
  static let pathSeparator: Character = "\u{1F}"

  /// Fixed seeds: content hashes are stored and compared between runs.
  static let seedLow: UInt64 = 0x5350_4F54_4348_4B31
  static let seedHigh: UInt64 = 0xA076_1D64_78BD_642F

  init(plan: CurationPlan, headerWords: Set<String>) {
    self.plan = plan
    self.headerWords = headerWords
    var fields: [FieldPlan] = FieldTarget.allCases.map { FieldPlan($0) }
    for target in FieldTarget.allCases { fields[target.slot] = FieldPlan(target) }
    // Analytes also come from wide columns and combined cells, which no field of the plan describes.
    fields[FieldTarget.analyte.slot].table = "analytes"
    for field in plan.fields {
      if !fields[field.target.slot].sources.isEmpty {
        fields[field.target.slot].sources.append(contentsOf: field.sources)
      } else {
        fields[field.target.slot] = field
      }
    }
    self.fields = fields
    units = UnitConversion(plan.tables.units)
    words = WordReader(tables: plan.tables)
    results = ResultReader(units: units)
    limits = LimitReader(units: units)
    combinedReader = CombinedReader(plan: plan.combined ?? CombinedPlan(), placeholders: plan.placeholders)
    longestPlaceholder = (plan.placeholders.map(\.utf8.count).max() ?? 0) * 3
    placeholderBeginnings = Set(plan.placeholders.compactMap { $0.unicodeScalars.first?.value }).sorted()
    patterns = fields.map { $0.patterns.map { GlobPattern($0) } }
    seeds = fields.map { field in
      let name = Array(field.target.rawValue.utf8)
      return (
        ByteDictionary.stableHash(name.span, seed: Interpreter.seedLow),
        ByteDictionary.stableHash(name.span, seed: Interpreter.seedHigh)
      )
    }
    quickReadings = fields.map { QuickReading($0) }
    memos = fields.map { _ in FieldMemo() }
  }

  /// Forgets every text: codes of the open tables have become worthless, and memory must not grow with the file.
  mutating func forget() {
    for slot in memos.indices { memos[slot].removeAll() }
    texts.forget()
    noteLists.forget()
    resultStore.forget()
    limitStore.forget()
    unitStore.forget()
    analyteStore.forget()
    combinedStore.forget()
    remarkStore.forget()
  }

  /// The code of a delivered text, trimmed; interpreted if it is new.
  @inline(__always)
  mutating func code(_ slot: Int, _ text: Span<UInt8>) -> UInt32 {
    let code = memos[slot].dictionary.intern(text)
    if Int(code) == memos[slot].entries.count { learn(slot, text) }
    return code
  }

  mutating func code(_ slot: Int, _ text: String) -> UInt32 {
    let bytes = Array(TextFolding.trimmed(text).utf8)
    return code(slot, bytes.span)
  }

  /// The text of a code as it is to be stored.
  func text(_ slot: Int, _ code: UInt32) -> String {
    let entry = memos[slot].entries[Int(code)]
    return entry.text >= 0 ? texts[Int(entry.text)] : memos[slot].dictionary.string(code)
  }

  /// The code of a field's text in its text column of the open tables.
  @inline(__always)
  mutating func tableCode(_ slot: Int, _ code: UInt32, _ column: inout TextColumn) -> UInt32 {
    let entry = memos[slot].entries[Int(code)]
    if entry.tableCode != FieldMemo.unset { return entry.tableCode }
    let result = entry.state.contains(.missing) && entry.text < 0 ? 0 : column.dictionary.intern(text(slot, code))
    memos[slot].entries[Int(code)].tableCode = result
    return result
  }
}

extension Verdict {
  /// Place in `allCases`, for the memos.
  static func number(_ verdict: Verdict) -> Int {
    switch verdict {
    case .pass: 0
    case .fail: 1
    case .undetermined: 2
    case .notTested: 3
    }
  }
}
