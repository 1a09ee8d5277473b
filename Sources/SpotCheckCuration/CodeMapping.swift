import SpotCheckModel

/// The coded fields of a plan (category, districts, park) and what their texts became, each text and day once.
struct CodeMapping: Sendable {
  private struct Key: Hashable {
    var slotAndCode: UInt64
    var era: Int32
  }

  /// First days of the times between which no entry of any table begins or ends to hold: within one of them every
  /// text means the same on every day.
  private let eras: [Int32]

  private let categories: CodeMapper?
  private let unitDistricts: DistrictResolver?
  private let producerDistricts: DistrictResolver?
  private let parks: CodeMapper?
  private let parkHost: DistrictResolver?
  private var cache: [Key: Int32] = [:]
  private var outcomes: [CodeOutcome] = []
  /// By slot and code: the outcome asked for last, and in which era.
  private struct Recent {
    var era: Int32 = 0
    var index: Int32 = -1
  }
  private var recent: [[Recent]] = Array(repeating: [], count: FieldTarget.sampleSlotCount)

  init(plan: CurationPlan, fields: [FieldPlan]) {
    func table(_ target: FieldTarget) -> CodeTable? { fields[target.slot].table.flatMap { plan.tables[$0] } }
    categories = table(.category).map { CodeMapper(table: $0) }
    let parkTable = table(.park) ?? plan.tables["parks"]
    unitDistricts = table(.unitDistrict).map { DistrictResolver(districts: $0, parks: parkTable) }
    producerDistricts = table(.producerDistrict).map { DistrictResolver(districts: $0, parks: parkTable) }
    parks = table(.park).map { CodeMapper(table: $0) }
    let districts = table(.unitDistrict) ?? plan.tables["districts"] ?? CodeTable(name: "districts", entries: [])
    parkHost = table(.park).map { DistrictResolver(districts: districts, parks: $0) }
    let used = [table(.category), table(.unitDistrict), table(.producerDistrict), parkTable, districts]
    let bounds = used.compactMap { $0 }.flatMap(\.entries).flatMap { [$0.validFrom, $0.validTo] }
    eras = Set(bounds.compactMap { $0?.daysSinceEpoch }).sorted()
  }

  /// How many of the eras have begun on a day; -1 without a day.
  private func era(_ day: CalendarDay?) -> Int32 {
    guard let day else { return -1 }
    var (low, high) = (0, eras.count)
    while low < high {
      let middle = (low + high) / 2
      if eras[middle] <= day.daysSinceEpoch { low = middle + 1 } else { high = middle }
    }
    return Int32(low)
  }

  mutating func forget() {
    cache.removeAll()
    outcomes.removeAll()
    recent = Array(repeating: [], count: FieldTarget.sampleSlotCount)
  }

  /// The outcome of a text and day that was asked for before.
  func known(_ slot: Int, _ code: UInt32, on day: CalendarDay?) -> CodeOutcome? {
    let entries = recent[slot].count
    guard Int(code) < entries else { return nil }
    let last = recent[slot][Int(code)]
    return last.index >= 0 && last.era == era(day) ? outcomes[Int(last.index)] : nil
  }

  /// What the text of a coded field means on a day. A field without a table is its own code.
  mutating func outcome(
    _ target: FieldTarget, _ code: UInt32, on day: CalendarDay?, _ interpreter: Interpreter
  ) -> CodeOutcome {
    let key = Key(slotAndCode: UInt64(target.slot) << 32 | UInt64(code), era: era(day))
    var index = cache[key] ?? -1
    if index < 0 {
      index = Int32(outcomes.count)
      outcomes.append(resolve(target, code, day, interpreter))
      cache[key] = index
    }
    let missing = Int(code) + 1 - recent[target.slot].count
    if missing > 0 { recent[target.slot].append(contentsOf: repeatElement(Recent(), count: missing)) }
    recent[target.slot][Int(code)] = Recent(era: key.era, index: index)
    return outcomes[Int(index)]
  }

  private func resolve(
    _ target: FieldTarget, _ code: UInt32, _ day: CalendarDay?, _ interpreter: Interpreter
  ) -> CodeOutcome {
    let text = interpreter.text(target.slot, code)
    switch target {
    case .category:
      guard let categories else { return CodeOutcome(code: text) }
      guard interpreter.fields[target.slot].isPath else { return categories.map(text, on: day) }
      let delivered = interpreter.memos[target.slot].dictionary.string(code)
      let levels = delivered.split(separator: Interpreter.pathSeparator, omittingEmptySubsequences: false)
      return categories.map(path: levels.map { TextFolding.trimmed(String($0)) }, on: day)
    case .unitDistrict: return unitDistricts?.resolve(text, on: day) ?? CodeOutcome(code: text)
    case .producerDistrict: return producerDistricts?.resolve(text, on: day) ?? CodeOutcome(code: text)
    case .park:
      guard parks != nil else { return CodeOutcome(code: "", park: text) }
      return parkHost?.park(text, on: day) ?? .unknown
    default: return .unknown
    }
  }
}
