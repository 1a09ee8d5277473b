import SpotCheckModel

/// Whose files are made.
public enum GeneratedBureau: String, CaseIterable, Sendable {
  case market
  case agriculture
  case forestry

  /// The bureau's code in `pipelines/codes/bureaus.csv`.
  public var code: String {
    switch self {
    case .market: "scjgj"
    case .agriculture: "nyncj"
    case .forestry: "lcj"
    }
  }

  var kinds: [ProductKind] {
    switch self {
    case .market: World.market
    case .agriculture: World.agriculture
    case .forestry: World.forestry
    }
  }

  var prefix: String {
    switch self {
    case .market: "XBJ"
    case .agriculture: "NCP"
    case .forestry: "LCP"
    }
  }
}

/// One tested item of a made-up sample.
struct GeneratedItem: Sendable {
  var test: TestKind
  /// The result as it will be written.
  var result: String
  var fails: Bool
}

/// One made-up sample, from which every layout is written; the same for the same seed, bureau and number.
struct GeneratedSample: Sendable {
  var number: Int
  var samplingNumber: String
  var reportNumber: String
  var kind: ProductKind
  var product: String
  var brand: String
  var specification: String
  var lot: String
  var producer: String
  var producerCode: String
  var producerAddress: String
  var unit: String
  var unitCode: String
  var district: DistrictName
  var inPark: Bool
  var lab: String
  var person: String
  var phone: String
  var purpose: Purpose
  var level: TaskLevel
  var stage: Stage
  var sampled: CalendarDay
  var received: CalendarDay
  var reported: CalendarDay
  var items: [GeneratedItem]
  var verdict: Verdict
  /// Spelling variant used where a layout knows several.
  var variant: Int

  init(bureau: GeneratedBureau, number: Int, seed: UInt64, from first: CalendarDay, days: Int) {
    var random = SeededRandom(
      seed: seed ^ UInt64(bureau.code.utf8.reduce(0) { $0 &* 31 &+ Int($1) }), stream: UInt64(number))
    self.number = number
    kind = random.pick(bureau.kinds)
    product = random.pick(kind.products)
    sampled = CalendarDay(daysSinceEpoch: first.daysSinceEpoch + Int32(random.below(days)))
    received = CalendarDay(daysSinceEpoch: sampled.daysSinceEpoch + Int32(1 + random.below(3)))
    reported = CalendarDay(daysSinceEpoch: received.daysSinceEpoch + Int32(8 + random.below(20)))
    let year = sampled.civil.year
    samplingNumber = bureau.prefix + String(year % 100) + "630100" + GeneratedSample.padded(number, 7)
    reportNumber = "QH" + String(year) + "-" + GeneratedSample.padded(number, 6)
    district = random.pick(World.districts)
    inPark = district.park != nil && random.chance(1, in: 8)
    let maker = random.below(180)
    producer =
      "青海" + World.surnames[maker % World.surnames.count] + World.trades[maker % World.trades.count] + "有限公司"
    producerCode = GeneratedSample.creditCode(number: maker)
    let makerDistrict = World.districts[maker % World.districts.count]
    producerAddress = "青海省西宁市" + makerDistrict.name + "工业路" + String(1 + maker % 99) + "号"
    let shop = random.below(320)
    unit = "西宁" + district.name + World.surnames[shop % World.surnames.count] + "商店" + String(shop)
    unitCode = GeneratedSample.creditCode(number: 1000 + shop)
    brand = random.pick(World.brands)
    specification = random.pick(World.specifications)
    let made = CalendarDay(daysSinceEpoch: sampled.daysSinceEpoch - Int32(5 + random.below(90)))
    lot = made.description.filter { $0 != "-" } + String(random.below(9))
    lab = random.pick(World.labs)
    person = random.pick(World.people)
    phone = "139" + GeneratedSample.padded(random.below(100_000_000), 8)
    switch bureau {
    case .market: purpose = random.chance(1, in: 4) ? .objective : .selective
    case .agriculture: purpose = random.chance(2, in: 3) ? .objective : .selective
    case .forestry: purpose = .selective
    }
    level = random.pick([.provincial, .municipal, .municipal, .county, .national])
    stage =
      bureau == .market
      ? random.pick([.production, .distribution, .distribution, .catering])
      : random.pick([.farming, .wholesale, .distribution])
    variant = random.below(1000)

    let fails = random.below(1000) < kind.failuresPerThousand
    let failing = fails ? random.below(kind.tests.count) : -1
    items = kind.tests.enumerated().map { index, test in
      GeneratedSample.item(test, fails: index == failing, random: &random)
    }
    let silent = random.below(1000)
    if silent < 4 {
      verdict = .undetermined
    } else if silent < 8 {
      verdict = .notTested
      items = []
    } else {
      verdict = fails ? .fail : .pass
    }
  }

  private static func item(_ test: TestKind, fails: Bool, random: inout SeededRandom) -> GeneratedItem {
    guard let limit = test.limit else {
      let value = ExactDecimal(mantissa: Int64(2 + random.below(80)), scale: 1)
      return GeneratedItem(test: test, result: fails ? value.description : "未检出", fails: fails)
    }
    // Two digits finer than the limit, as instruments print.
    let fine = Int64(limit) * 100
    let value: Int64
    if fails {
      value = fine + 1 + Int64(random.below(Int(fine) + 50))
    } else if random.chance(2, in: 5) {
      return GeneratedItem(
        test: test,
        result: random.pick([
          "未检出", "未检出", "ND", "＜" + below(limit, test.scale), "未检出(<" + below(limit, test.scale) + ")",
        ]),
        fails: false)
    } else if random.chance(1, in: 40) {
      value = fine  // exactly at the limit: passes
    } else {
      value = Int64(random.below(Int(fine)))
      if value == 0 { return GeneratedItem(test: test, result: "未检出", fails: false) }
    }
    return GeneratedItem(
      test: test, result: ExactDecimal(mantissa: value, scale: Int8(test.scale + 2)).description, fails: fails)
  }

  /// A detection limit a tenth of the limit.
  private static func below(_ limit: Int, _ scale: Int) -> String {
    ExactDecimal(mantissa: Int64(limit), scale: Int8(scale + 1)).description
  }

  static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// A unified social credit code with a right check character (GB 32100-2015).
  static func creditCode(number: Int) -> String {
    let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
    let weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
    let body = Array("91630100" + padded(710_000_000 + number * 7919 % 90_000_000, 9))
    let sum = zip(body, weights).reduce(0) { $0 + (alphabet.firstIndex(of: $1.0) ?? 0) * $1.1 }
    return String(body) + String(alphabet[(31 - sum % 31) % 31])
  }
}
