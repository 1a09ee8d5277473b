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

  /// Number of an outcome, until the tables are sealed.
  typealias Number = Int32

  /// What tells an outcome from most, without a look at its texts.
  struct Kind: OptionSet, Sendable {
    let rawValue: UInt8
    static let unknown = Kind(rawValue: 1)
    static let retired = Kind(rawValue: 2)
    static let park = Kind(rawValue: 4)

    var isWorthSaying: Bool { !isDisjoint(with: [.unknown, .retired]) }
  }

  /// An outcome and its codes in the columns of the open tables.
  private struct Placed {
    var outcome: CodeOutcome
    var kind: Kind
    /// In the column of the field that it was delivered in (of a park: of the district that counts) …
    var own = FieldMemo.unset
    /// … and in the column of the district that counts.
    var district = FieldMemo.unset
  }

  private let categories: CodeMapper?
  private let unitDistricts: DistrictResolver?
  private let producerDistricts: DistrictResolver?
  private let parks: CodeMapper?
  private let parkHost: DistrictResolver?
  private var cache: [Key: Number] = [:]
  private var outcomes: [Placed] = []
  /// By slot and code: the outcome asked for last, and in which era.
  private struct Recent {
    var era: Int32 = 0
    var index: Number = -1
  }
  private var recent: [[Recent]] = Array(repeating: [], count: FieldTarget.sampleSlotCount)

  init(plan: CurationPlan, fields: [FieldPlan]) {
    func name(_ target: FieldTarget) -> String? {
      fields[target.slot].table.flatMap { plan.tables[$0] == nil ? nil : $0 }
    }
    func table(_ target: FieldTarget) -> CodeTable? { name(target).flatMap { plan.tables[$0] } }
    let parkName = name(.park) ?? "parks"
    func resolver(_ target: FieldTarget) -> DistrictResolver? {
      name(target).flatMap { plan.districtResolvers.resolver(districts: $0, parks: parkName) }
    }
    categories = table(.category).map { CodeMapper(table: $0) }
    unitDistricts = resolver(.unitDistrict)
    producerDistricts = resolver(.producerDistrict)
    parks = table(.park).map { CodeMapper(table: $0) }
    let parkTable = plan.tables[parkName]
    let districts = table(.unitDistrict) ?? plan.tables["districts"] ?? CodeTable(name: "districts", entries: [])
    parkHost = table(.park).map { park in
      let shared = plan.districtResolvers.resolver(districts: name(.unitDistrict) ?? "districts", parks: parkName)
      return shared ?? DistrictResolver(districts: districts, parks: park)
    }
    let used = [table(.category), table(.unitDistrict), table(.producerDistrict), parkTable, districts]
    let bounds = used.compactMap { $0 }.flatMap(\.entries).flatMap { [$0.validFrom, $0.validTo] }
    eras = Set(bounds.compactMap { $0?.daysSinceEpoch }).sorted()
    lastEra = CodeMapping.era(0, eras)
  }

  /// The era of the day asked for last; most rows are of one era, and a sample asks for each of its fields.
  private var lastEra: (from: Int32, before: Int32, number: Int32)

  /// How many of the eras have begun on a day; -1 without a day.
  @inline(__always)
  private mutating func era(_ day: CalendarDay?) -> Int32 {
    guard let day = day?.daysSinceEpoch else { return -1 }
    if day < lastEra.from || day >= lastEra.before { lastEra = CodeMapping.era(day, eras) }
    return lastEra.number
  }

  /// The era of a day: from its first day to before the first of the next.
  private static func era(_ day: Int32, _ eras: [Int32]) -> (from: Int32, before: Int32, number: Int32) {
    var (low, high) = (0, eras.count)
    while low < high {
      let middle = (low + high) / 2
      if eras[middle] <= day { low = middle + 1 } else { high = middle }
    }
    return (low > 0 ? eras[low - 1] : .min, low < eras.count ? eras[low] : .max, Int32(low))
  }

  mutating func forget() {
    cache.removeAll()
    outcomes.removeAll()
    recent = Array(repeating: [], count: FieldTarget.sampleSlotCount)
  }

  subscript(_ number: Number) -> CodeOutcome { outcomes[Int(number)].outcome }

  func kind(_ number: Number) -> Kind { outcomes[Int(number)].kind }

  /// The outcome's code in its own column.
  mutating func ownCode(_ number: Number, _ column: inout TextColumn) -> UInt32 {
    let known = outcomes[Int(number)].own
    if known != FieldMemo.unset { return known }
    let code = column.dictionary.intern(outcomes[Int(number)].outcome.code)
    outcomes[Int(number)].own = code
    return code
  }

  /// The outcome's code in the column of the district that counts.
  mutating func districtCode(_ number: Number, _ column: inout TextColumn) -> UInt32 {
    let known = outcomes[Int(number)].district
    if known != FieldMemo.unset { return known }
    let code = column.dictionary.intern(outcomes[Int(number)].outcome.code)
    outcomes[Int(number)].district = code
    return code
  }

  /// The outcome of a text and day that was asked for before. Inout for speed: nothing is changed, and nothing is copied.
  @inline(__always)
  mutating func known(_ slot: Int, _ code: UInt32, on day: CalendarDay?) -> Number? {
    let entries = recent[slot].count
    guard Int(code) < entries else { return nil }
    let last = recent[slot][Int(code)]
    return last.index >= 0 && last.era == era(day) ? last.index : nil
  }

  /// What the text of a coded field means on a day. A field without a table is its own code. The interpreter is not changed.
  mutating func outcome(
    _ target: FieldTarget, _ code: UInt32, on day: CalendarDay?, _ interpreter: inout Interpreter
  ) -> Number {
    let key = Key(slotAndCode: UInt64(target.slot) << 32 | UInt64(code), era: era(day))
    var index = cache[key] ?? -1
    if index < 0 {
      index = Number(outcomes.count)
      let outcome = resolve(target, code, day, interpreter)
      var kind: Kind = []
      if outcome.isUnknown { kind.insert(.unknown) }
      if outcome.isRetired { kind.insert(.retired) }
      if !outcome.park.isEmpty { kind.insert(.park) }
      outcomes.append(Placed(outcome: outcome, kind: kind))
      cache[key] = index
    }
    let missing = Int(code) + 1 - recent[target.slot].count
    if missing > 0 { recent[target.slot].append(contentsOf: repeatElement(Recent(), count: missing)) }
    recent[target.slot][Int(code)] = Recent(era: key.era, index: index)
    return index
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
