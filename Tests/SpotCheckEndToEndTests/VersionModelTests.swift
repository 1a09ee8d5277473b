import SpotCheck
import SpotCheckTestSupport
import Testing

/// Random stories of several samples against a model that is obvious: sort what has arrived, take the last.
@Suite struct VersionModelTests {
  struct Telling: Hashable {
    enum Kind: String, CaseIterable {
      case initial = "初检"
      case openObjection = "异议"
      case closedObjection = "异议不认可"
      case correction = "更正"
      case retest = "复检"
      case withdrawal = "撤回"
    }
    var number: String
    var kind: Kind
    var day: Int
    /// nil: the record has no conclusion (objections only).
    var passed: Bool?

    var line: String {
      VersionTests.line(
        number, report: "R-\(kind.rawValue)-\(day)", day: "2023-04-\(day < 10 ? "0" : "")\(day)", kind.rawValue,
        passed.map { $0 ? "合格" : "不合格" } ?? "")
    }
    var isObjection: Bool { kind == .openObjection || kind == .closedObjection }
    /// First reports, then objections, then what settles them; then the day; an objection is settled after it was raised.
    var standing: (Int, Int, Int) {
      (kind == .initial ? 0 : isObjection ? 1 : 2, day, kind == .closedObjection ? 1 : 0)
    }
  }

  /// What counts, from all that has arrived, in order of arrival. The same words again are no news.
  static func model(_ arrived: [Telling]) -> (counts: RateCounts, pending: [String]) {
    var counts = RateCounts()
    var pending: [String] = []
    for number in Set(arrived.map(\.number)) {
      var story: [Telling] = []
      for telling in arrived where telling.number == number && !story.contains(telling) { story.append(telling) }
      func last(_ list: [Telling]) -> Telling? {
        var best = list.first
        for telling in list.dropFirst() { if let held = best, telling.standing >= held.standing { best = telling } }
        return best
      }
      let report = last(story.filter { !$0.isObjection || $0.passed != nil })
      let notice = last(story.filter { $0.isObjection && $0.passed == nil })
      if report?.kind == .withdrawal { continue }
      guard let counting = report ?? notice else { continue }
      switch counting.passed {
      case true: counts.passed += 1
      case false: counts.failed += 1
      case nil: counts.undetermined += 1
      }
      var isOpen = counting.kind == .openObjection
      if let report, let notice, notice.standing >= report.standing { isOpen = notice.kind == .openObjection }
      if isOpen { pending.append(number) }
    }
    return (counts, pending.sorted())
  }

  @Test(arguments: Array(1...12) as [UInt64]) func anyArrivalAgreesWithTheModel(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var tellings: [Telling] = []
    for sample in 1...8 {
      for _ in 0..<Int.random(in: 1...7, using: &random) {
        let kind = Telling.Kind.allCases[Int.random(in: 0..<6, using: &random)]
        // Days on a small range, so that they are often equal.
        var telling = Telling(
          number: "L\(sample)", kind: kind, day: Int.random(in: 1...6, using: &random),
          passed: Bool.random(using: &random))
        if telling.isObjection, Int.random(in: 0..<3, using: &random) > 0 { telling.passed = nil }
        tellings.append(telling)
        // Sent again, sooner or later.
        if Int.random(in: 0..<4, using: &random) == 0 { tellings.append(telling) }
      }
    }
    tellings.shuffle(using: &random)
    let store = try ScratchStore()
    var expected: [(counts: RateCounts, pending: [String])] = []
    var arrived = 0
    while arrived < tellings.count {
      let size = Int.random(in: 1...6, using: &random)
      let next = tellings[arrived..<min(arrived + size, tellings.count)]
      arrived += next.count
      // The serial number makes every file another one.
      let text = VersionTests.header + next.map(\.line).joined() + "合计\(arrived),,,,,,,,,,,\n"
      let path = try store.file("\(arrived).csv", Array(text.utf8))
      let outcome = try #require(
        try store.importFiles([path]) { $0.segmentRows = seed % 3 == 0 ? 2 : 1_000 }.files.first)
      #expect(outcome.state == .accepted, "\(String(describing: outcome.refusal))")
      #expect(outcome.accounts.isBalanced)
      expected.append(VersionModelTests.model(Array(tellings[..<arrived])))
    }
    for (index, state) in expected.enumerated() {
      let source = try store.open(asOf: "v\(index + 1)")
      let found = try RateQuery(by: try Dimension.parse(list: "category")).run(on: source)
      var counts = state.counts
      counts.pending = state.pending.count
      #expect(found.total.counts == counts, "seed \(seed), snapshot \(index + 1)")
      #expect(try source.pendingNumbers() == state.pending, "seed \(seed), snapshot \(index + 1)")
    }
    let open = try OpenStore(store.root)
    var verifier = StoreVerifier(layout: open.layout, catalogue: open.catalogue)
    let outcome = try verifier.verify()
    #expect(outcome.isSound, "\(outcome.findings)")
  }
}
