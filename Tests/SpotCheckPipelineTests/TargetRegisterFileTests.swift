import SpotCheck
import Testing

/// What a register says, and that every mistake in one has a place and a remedy.
struct TargetRegisterFileTests {
  @Test func everyKeyIsRead() throws {
    let text = TargetFixture.register.replacing(
      "    value: 90\n",
      with: """
            value: 90
            row: 7
            owners_in_plan: [市市场监管局, 市商务局]
            owner_is_inferred: true
            stable: true
            period: rolling_4_quarters
            period_by: reported
            alpha: 0.025
            min_n: 59
            due: 2020
            valid_from: 2016-01-01
            valid_to: 2021-01-01
            notes: 说明

        """, maxReplacements: 1)
    let file = TargetFixture.read(text)
    #expect(file.problems.isEmpty, "\(file.problems.map(\.description).joined(separator: "\n"))")
    let target = try #require(file.register.targets.first)
    let plan = TargetDocument(
      key: "plan", number: "宁政办〔2015〕127号", title: "方案", issuer: "西宁市",
      issued: CalendarDay(year: 2015, month: 8, day: 21))
    let expected = QualityTarget(
      id: "goods", name: "工业产品合格率", row: 7, ring: 0, kind: .passRate, document: plan, section: "三(一)",
      quotes: ["达到90%以上"],
      owners: [TargetOwner(code: "scjgj", name: "西宁市市场监督管理局"), TargetOwner(name: "西宁市商务局")],
      ownerIsInferred: true, ownersInPlan: ["市市场监管局", "市商务局"],
      goal: TargetGoal(.atLeast, ExactDecimal(mantissa: 90, scale: 0), .percent), isLive: true,
      population: "category = 20", purposes: [.selective], numerator: "合格批次数", denominator: "检验批次数",
      period: .rollingFourQuarters, periodBy: .reported, due: 2020, alpha: ExactDecimal(mantissa: 25, scale: 3),
      minimumCount: 59, isStable: true, validFrom: try #require(CalendarDay(iso: "2016-01-01")),
      validTo: CalendarDay(iso: "2021-01-01"), notes: "说明")
    #expect(target == expected)
  }

  @Test func whatIsNotSaidHasItsDefault() throws {
    let register = TargetFixture.read(TargetFixture.register).register
    #expect(register.ids == ["goods", "toys", "pests"])
    let toys = register.targets[1]
    #expect(toys.validFrom == CalendarDay(iso: "2015-08-21") && toys.validTo == nil)
    #expect(toys.alpha == ExactDecimal(mantissa: 5, scale: 2) && toys.minimumCount == 30)
    #expect(toys.period == .year && toys.periodBy == .sampled && !toys.isLive && toys.goal == nil)
    // An owner's other spelling is its code and full name; several quotes stay several.
    #expect(toys.owners == [TargetOwner(code: "scjgj", name: "西宁市市场监督管理局")])
    #expect(toys.quotes == ["达到90%以上", "玩具"] && toys.partOf == "goods")
    #expect(register.targets[2].goal?.description == "≤5.5‰")
  }

  @Test func theRevisionIsThatOfTheBytes() throws {
    let text = TargetFixture.register
    let revision = TargetFixture.read(text).register.revision
    #expect(revision == ContentHasher.digest(of: Array(text.utf8)).hex.prefix(12))
    #expect(TargetFixture.read(text + "# later\n").register.revision != revision)
    #expect(TargetFixture.read("ring: 2", "ring: 7").register == .empty)
  }

  @Test func versionsThatFollowEachOtherAreFine() throws {
    let next = """
        - id: pests
          ring: 2
          name: 成灾率
          kind: ratio
          document: plan
          section: 三(四)
          quote: 控制在4‰以下
          owners: 西宁市林业和草原局
          numerator: 成灾面积
          denominator: 林地面积
          valid_from: 2021-01-01

      """
    let file = TargetFixture.read(TargetFixture.register + next)
    #expect(file.problems.isEmpty, "\(file.problems)")
    let last = try #require(CalendarDay(iso: "2020-12-31"))
    let first = try #require(CalendarDay(iso: "2021-01-01"))
    #expect(file.register.target("pests", on: last)?.goal != nil)
    #expect(file.register.target("pests", on: first)?.quotes == ["控制在4‰以下"])
  }

  @Test func aRegisterCanBeReadWithoutBureausAndFilters() {
    let bytes = Array(TargetFixture.register.replacing("category = 20", with: "no filter").utf8)
    let file = TargetRegisterFile(bytes, file: "t.yaml", bureaus: nil, filterCheck: nil)
    #expect(file.problems.isEmpty && file.register.targets.first?.owners.first == TargetOwner(name: "scjgj"))
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var old: String
    var new: String
    /// `line:column: severity: beginning of the message`
    var expected: String
    var mentions = ""
    var testDescription: String { expected }
  }

  static let cases: [Case] = [
    // Keys and types: the schema's
    Case(
      old: "direction: at_least", new: "diretcion: at_least",
      expected: "16:5: error: unknown key 'diretcion' in 'targets[]'; did you mean 'direction'?"),
    Case(old: "documents:", new: "docs:", expected: "1:1: error: missing key 'documents'"),
    Case(old: "    issuer: 西宁市\n", new: "", expected: "3:5: error: missing key 'issuer' in 'documents.plan'"),
    Case(old: "    quote: 达到90%以上\n", new: "", expected: "8:5: error: missing key 'quote' in 'targets[]'"),
    Case(
      old: "value: 90", new: "value: ninety",
      expected: "17:12: error: 'targets[].value' must be a number in plain digits (90 or 5.5), found 'ninety'"),
    Case(old: "value: 90", new: "value: 9e1", expected: "17:12: error: 'targets[].value' must be a number in plain"),
    Case(
      old: "value: 90", new: "value: 99999999999999999999",
      expected: "17:12: error: 'targets[].value' must be a number in plain"),
    Case(
      old: "issued: 2015-08-21", new: "issued: 2015-08-32",
      expected: "6:13: error: 'documents.plan.issued' must be a day (2024-03-05), found '2015-08-32'"),
    Case(old: "ring: 2", new: "ring: 4", expected: "36:11: error: 'targets[].ring' must lie in 0 … 3, found 4"),
    Case(
      old: "live: true", new: "live: yes", expected: "19:11: error: 'targets[].live' must be true or false, found 'yes'"
    ),
    // Words
    Case(
      old: "kind: pass_rate", new: "kind: passrate",
      expected: "11:11: error: unknown word 'passrate' for 'targets[].kind'; did you mean 'pass_rate'?"),
    Case(
      old: "at_least", new: "atleast",
      expected: "16:16: error: unknown word 'atleast' for 'targets[].direction'; did you mean 'at_least'?"),
    Case(
      old: "[selective]", new: "[selectiv]",
      expected: "21:16: error: unknown word 'selectiv' for 'targets[].purposes'; did you mean 'selective'?"),
    Case(
      old: "unit: percent", new: "unit: percentage",
      expected: "18:11: error: unknown word 'percentage' for 'targets[].unit'", mentions: "percent"),
    // Names
    Case(
      old: "id: goods", new: "id: Goods_1",
      expected: "8:9: error: the id 'Goods_1' must be lower-case words (a-z, 0-9) joined by '-'"),
    Case(
      old: "document: plan", new: "document: plna",
      expected: "12:15: error: there is no document 'plna'; did you mean 'plan'?"),
    Case(
      old: "document: plan", new: "document: elsewhere",
      expected: "12:15: error: there is no document 'elsewhere'; there are: plan"),
    Case(
      old: "[scjgj, ", new: "[scjg, ", expected: "15:14: error: unknown bureau 'scjg'; did you mean 'scjgj'?"),
    Case(
      old: "[scjgj, ", new: "[nmj, ",
      expected: "15:14: warning: the bureau 'nmj' ended on 2019-01-01; after it came 'nyncj'"),
    Case(
      old: "[scjgj, ", new: "[西宁市农牧局, ", expected: "15:14: warning: the bureau '西宁市农牧局' ended on 2019-01-01"),
    Case(old: "[scjgj, 西宁市商务局]", new: "[]", expected: "15:13: error: 'owners' names nobody"),
    // Numbers
    Case(
      old: "value: 90", new: "value: 100.5",
      expected: "17:12: error: 'value' is 100.5 percent; a share is at most 100 percent"),
    Case(
      old: "value: 5.5", new: "value: 1001",
      expected: "44:12: error: 'value' is 1001 permille; a share is at most 1000 permille"),
    Case(old: "value: 90", new: "value: -90", expected: "17:12: error: 'value' must not be negative"),
    Case(
      old: "value: 90", new: "value: 90.0000000000000000000",
      expected: "17:12: error: 'targets[].value' must be a number in plain digits"),
    Case(old: "value: 90", new: "value: 9.00000000000000000", expected: "17:12: error: 'value' has too many digits"),
    Case(
      old: "value: 90", new: "alpha: 0.6\n    value: 90",
      expected: "17:12: error: 'alpha' must be above 0 and at most 0.5, found 0.6"),
    Case(
      old: "value: 90", new: "alpha: 0\n    value: 90",
      expected: "17:12: error: 'alpha' must be above 0 and at most 0.5, found 0"),
    Case(
      old: "value: 90", new: "min_n: 0\n    value: 90",
      expected: "17:12: error: 'targets[].min_n' must lie in 1 … 1000000, found 0"),
    // What belongs together
    Case(
      old: "    direction: at_least\n", new: "",
      expected: "16:5: error: 'value' needs 'direction' beside it"),
    Case(
      old: "    value: 90\n    unit: percent\n", new: "",
      expected: "16:5: error: 'direction' needs 'value' and 'unit' beside it"),
    Case(
      old: "    direction: at_least\n    value: 90\n    unit: percent\n", new: "",
      expected: "8:5: error: a live target needs 'value'"),
    Case(
      old: "    population: category = 20\n", new: "", expected: "8:5: error: a live target needs 'population'"),
    Case(old: "    purposes: [selective]\n", new: "", expected: "8:5: error: a live target needs 'purposes'"),
    Case(
      old: "[selective]", new: "[]", expected: "21:15: error: a live target needs at least one purpose that counts"),
    Case(old: "    denominator: 林地面积\n", new: "", expected: "35:5: error: a ratio needs 'denominator'"),
    Case(
      old: "valid_to: 2021", new: "live: true\n    valid_to: 2021",
      expected: "48:11: error: only a pass_rate can be live: a ratio is not computed from samples"),
    Case(
      old: "valid_to: 2021", new: "stable: true\n    valid_to: 2021",
      expected: "48:13: error: 'stable' is for the kind pass_rate only"),
    Case(old: "quote: [达到90%以上, 玩具]", new: "quote: []", expected: "31:12: error: 'quote' quotes nothing"),
    Case(
      old: "[selective]", new: "[selective, screening]", expected: "21:27: error: 'screening' never enters a pass rate"),
    Case(
      old: "[selective]", new: "[selective, selective]",
      expected: "21:27: error: the purpose 'selective' is named twice"),
    // Populations: the caret stands inside the filter
    Case(
      old: "category = 20", new: "category = 20 and categry = 3",
      expected: "20:35: error: 'population' is no filter: unknown column 'categry'. Did you mean 'category'?"),
    Case(
      old: "category = 20", new: "\"category = 20 or (level = municipal\"",
      expected: "20:35: error: 'population' is no filter: '(' is not closed"),
    Case(
      old: "category = 20", new: ">-\n      category = 20\n      and",
      expected: "20:17: error: 'population' is no filter: expected a column name"),
    Case(
      old: "category = 20", new: "category = 20 and analyte = lead",
      expected: "20:45: error: 'population' is no filter: a condition on items"),
    // Time
    Case(
      old: "valid_to: 2021-01-01", new: "valid_to: 2015-08-21",
      expected: "48:15: error: valid_to (2015-08-21) must be later than valid_from (2015-08-21)"),
    Case(
      old: "valid_to: 2021-01-01", new: "valid_to: 2021-01",
      expected: "48:15: error: 'targets[].valid_to' must be a day"),
    Case(
      old: "    issued: 2015-08-21\n", new: "",
      expected: "7:5: error: a target needs 'valid_from' where its document has no day of issue"),
    // Between targets
    Case(
      old: "id: toys", new: "id: goods",
      expected: "24:9: error: duplicate target 'goods' (first on line 8): both hold on 2015-08-21",
      mentions: "the version that ended needs 'valid_to'"),
    Case(
      old: "id: goods", new: "id: pests\n    valid_from: 2020-12-31",
      expected: "36:9: error: duplicate target 'pests' (first on line 8): both hold on 2020-12-31"),
    Case(
      old: "part_of: goods", new: "part_of: good",
      expected: "26:14: error: there is no target 'good'; did you mean 'goods'?"),
    Case(old: "part_of: goods", new: "part_of: toys", expected: "26:14: error: 'toys' cannot be a part of itself"),
    Case(
      old: "    value: 90\n", new: "    value: 90\n    part_of: toys\n",
      expected: "18:14: error: 'goods' is a part of 'toys', which is a part of 'goods'"),
  ]

  @Test(arguments: cases) func everyMistakeIsReported(_ one: Case) {
    let file = TargetFixture.read(one.old, one.new)
    let headlines = file.problems.map { String($0.headline.dropFirst("targets.yaml:".count)) }
    let matches = headlines.filter { $0.hasPrefix(one.expected) }
    #expect(
      matches.contains { one.mentions.isEmpty || $0.contains(one.mentions) },
      "found: \(headlines), not: \(one.expected)")
    #expect(file.hasErrors == one.expected.contains(" error: "))
    #expect(file.register.targets.isEmpty == file.hasErrors)
    for problem in file.problems { #expect(problem.description.contains("^"), "no caret: \(problem.headline)") }
  }

  @Test func aMistakeIsReportedOnce() {
    for (old, new) in [("[selective]", "[selektive]"), ("value: 90", "value: x"), ("kind: pass_rate", "kind: rate")] {
      #expect(TargetFixture.read(old, new).problems.count == 1, "\(TargetFixture.read(old, new).problems)")
    }
  }

  /// A long chain is walked, not recursed; a register far too long is refused before anything is compared.
  @Test func longRegistersAreWalkedOrRefused() {
    func entry(_ index: Int) -> String {
      "  - { id: t\(index), part_of: t\(index + 1), ring: 0, name: n, kind: mechanism, document: plan, section: s, "
        + "quote: q, owners: 某局 }\n"
    }
    func register(_ count: Int) -> String {
      let head = "documents:\n  plan: { number: n, title: t, issuer: i, issued: 2015-08-21 }\ntargets:\n"
      return head + (0..<count).map(entry).joined()
    }
    let chain = TargetFixture.read(register(1000))
    #expect(chain.problems.map(\.message) == ["there is no target 't1000'; did you mean 't100'?"])
    let long = TargetFixture.read(register(1001))
    #expect(long.problems.map(\.headline) == ["targets.yaml:1004:5: error: more than 1000 targets"])
  }

  @Test func oddBytesAreProblems() {
    for bytes in [
      [], [0xFF], [0x0A], Array("targets: \u{0}".utf8), [0xEF, 0xBB, 0xBF], Array("- a".utf8), Array("targets:".utf8),
      Array("targets: [~, 3, [], {}]\ndocuments: {}".utf8), Array("documents: {a: [], b: ~}\ntargets: {}".utf8),
      Array("documents: &a {}\ntargets: *a\n".utf8),
    ] {
      let file = TargetRegisterFile(
        bytes, file: "t.yaml", bureaus: TargetFixture.bureaus, filterCheck: Filter.fault(ofSampleFilter:))
      #expect(file.hasErrors && file.register == .empty)
    }
    // No targets at all is a register, if an empty one.
    #expect(TargetFixture.read("documents: {}\ntargets: []\n").problems.isEmpty)
  }

  /// Thousands of damaged registers: problems or a register, never a trap.
  @Test func mutationsNeverTrap() {
    var random = HostileTablesTests.Random(state: 127)
    let original = Array(TargetFixture.register.utf8)
    let spices = Array(":-[]{}\"'#&*!|>%@`\n ,?~90.".utf8) + [0, 0xFF, 0x80]
    var registers = 0
    for _ in 0..<1500 {
      var bytes = original
      for _ in 0...random.below(4) {
        let place = random.below(bytes.count)
        switch random.below(4) {
        case 0: bytes[place] = spices[random.below(spices.count)]
        case 1: bytes.insert(spices[random.below(spices.count)], at: place)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(20)))
        default:
          bytes.insert(
            contentsOf: bytes[place..<min(bytes.count, place + random.below(60))], at: random.below(bytes.count))
        }
        if bytes.isEmpty { bytes = [0x0A] }
      }
      let file = TargetRegisterFile(
        bytes, file: "t.yaml", bureaus: TargetFixture.bureaus, filterCheck: Filter.fault(ofSampleFilter:))
      if !file.register.targets.isEmpty { registers += 1 }
      #expect(!file.hasErrors || file.register == .empty)
      for problem in file.problems { #expect(!problem.description.isEmpty) }
    }
    #expect(registers > 0)
  }
}
