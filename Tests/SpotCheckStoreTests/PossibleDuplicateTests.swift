import SpotCheckModel
import Testing

@testable import SpotCheckStore

@Suite struct PossibleDuplicateTests {
  /// What the finder looks at, as texts.
  struct Sample: Hashable {
    var number: String
    var level = "provincial"
    var producer = "某厂"
    var code = ""
    var product = "酱油"
    var lot = "2024-01-02"
    var specification = "500ml/瓶"

    func isSameLot(as other: Sample) -> Bool {
      let known = ["national", "provincial", "municipal", "county"]
      let isSame =
        code.isEmpty || other.code.isEmpty ? !producer.isEmpty && producer == other.producer : code == other.code
      return isSame && number != other.number && level != other.level && known.contains(level)
        && known.contains(other.level) && !lot.isEmpty && lot == other.lot && !product.isEmpty
        && product == other.product && specification == other.specification
    }
  }

  private func segment(_ samples: [Sample], in scratch: Scratch, seed: UInt64 = 1) throws -> Segment {
    var tables = TestTables.random(seed: seed, samples: samples.count, items: 0)
    func put(_ column: SampleText, _ value: (Sample) -> String) {
      var texts = TextColumn()
      for sample in samples { texts.append(texts.dictionary.intern(value(sample))) }
      tables.samples.text[column.rawValue] = texts
    }
    put(.bureau) { _ in "scjgj" }
    put(.level, \.level)
    put(.producerName, \.producer)
    put(.producerCode, \.code)
    put(.product, \.product)
    put(.lot, \.lot)
    put(.specification, \.specification)
    var numbers = PlainTextColumn()
    for sample in samples { numbers.append(Array(sample.number.utf8).span) }
    tables.samples.plainText[SamplePlainText.samplingNumber.rawValue] = numbers
    return try Segment(try SegmentWriter.write(tables, into: scratch.layout), in: scratch.layout)
  }

  private func pairs(_ groups: [[Sample]], closed: [UInt32] = []) throws -> [String] {
    let scratch = try Scratch()
    let segments = try groups.enumerated().map { index, samples in
      let segment = try segment(samples, in: scratch, seed: UInt64(index) + 1)
      return CountingSegment(closed: index == 0 ? closed : []) { segment }
    }
    return try PossibleDuplicates.pairs(in: segments).map { "\($0.first.samplingNumber)=\($0.second.samplingNumber)" }
  }

  @Test func twoLevelsAndOneLotAreAPair() throws {
    let mine = Sample(number: "B1", level: "municipal")
    #expect(try pairs([[Sample(number: "A1")], [mine]]) == ["A1=B1"])
    #expect(try pairs([[mine, Sample(number: "A1")]]) == ["A1=B1"])
    // Width, case and white space distinguish nothing.
    #expect(try pairs([[Sample(number: "A1", specification: "500ML／瓶")], [mine]]) == ["A1=B1"])
    #expect(try pairs([[Sample(number: "A1", producer: "某 厂", specification: "５００ml/瓶")], [mine]]) == ["A1=B1"])
    // A superseded row counts no more.
    #expect(try pairs([[Sample(number: "A1")], [mine]], closed: [0]).isEmpty)
  }

  @Test(arguments: [
    Sample(number: "A1", level: "municipal"), Sample(number: "A1", level: "unknown"), Sample(number: "A1", lot: ""),
    Sample(number: "A1", lot: "2024-01-03"), Sample(number: "A1", producer: ""), Sample(number: "A1", product: "食醋"),
    Sample(number: "A1", specification: ""), Sample(number: "B1"), Sample(number: "A1", product: ""),
  ])
  func anythingElseIsNoClaim(_ other: Sample) throws {
    #expect(try pairs([[other], [Sample(number: "B1", level: "municipal")]]).isEmpty)
  }

  /// A credit code tells producers apart where both have one, and names do where one has none.
  @Test func theProducerIsTheCreditCodeElseTheName() throws {
    let coded = Sample(number: "B1", level: "municipal", producer: "某厂（西宁）", code: "91630100710000000X")
    #expect(try pairs([[Sample(number: "A1", code: coded.code)], [coded]]) == ["A1=B1"])
    let other = Sample(number: "A1", producer: coded.producer, code: "91630100720000000X")
    #expect(try pairs([[other], [coded]]).isEmpty)
    #expect(try pairs([[Sample(number: "A1", producer: coded.producer)], [coded]]) == ["A1=B1"])
    #expect(try pairs([[Sample(number: "A1")], [coded]]).isEmpty)
  }

  /// Against the obvious: every pair is one, everything that has a counterpart is in a pair, order does not matter.
  @Test(arguments: [1, 2, 3, 4] as [UInt64]) func randomStoresAgreeWithTheNaiveComparison(_ seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let levels = ["national", "provincial", "municipal", "county", "unknown"]
    let samples = (0..<160).map { index in
      let producer = random.below(4)
      return Sample(
        number: "S\(1000 + index)", level: levels[random.below(5)], producer: "厂\(producer)",
        code: random.below(2) == 0 ? "" : "code\(producer)", product: "品\(random.below(3))",
        lot: random.below(5) == 0 ? "" : "批\(random.below(4))", specification: "规\(random.below(2))")
    }
    let byNumber = Dictionary(uniqueKeysWithValues: samples.map { ($0.number, $0) })
    var answers: Set<[String]> = []
    for cuts in [1, 3, 7] {
      var shuffled = samples
      shuffled.shuffle(using: &random)
      let size = (samples.count + cuts - 1) / cuts
      let groups = stride(from: 0, to: samples.count, by: size).map {
        Array(shuffled[$0..<min($0 + size, samples.count)])
      }
      answers.insert(try pairs(groups))
    }
    let answer = try #require(answers.first)
    #expect(answers.count == 1)
    #expect(answer == answer.sorted())
    var covered: Set<String> = []
    for pair in answer {
      let numbers = pair.split(separator: "=").map(String.init)
      let (one, two) = (try #require(byNumber[numbers[0]]), try #require(byNumber[numbers[1]]))
      #expect(one.isSameLot(as: two) && one.number < two.number)
      covered.formUnion(numbers)
    }
    let expected = samples.filter { sample in samples.contains { $0.isSameLot(as: sample) } }
    #expect(covered == Set(expected.map(\.number)))

    // The same while samples arrive: each with something that was there before it, if there is any.
    let scratch = try Scratch()
    var arrived: [Sample] = []
    var earlier: [CountingSegment] = []
    for (index, group) in [samples[..<50], samples[50..<51], samples[51...]].enumerated() {
      let segment = try segment(Array(group), in: scratch, seed: UInt64(index) + 1)
      let fresh = CountingSegment(closed: []) { segment }
      var found: [String: String] = [:]
      try PossibleDuplicates.forEachPartner(inFile: [fresh], among: { _ in earlier }) { pair in
        let pair = try pair()
        #expect(found.updateValue(pair.first.samplingNumber, forKey: pair.second.samplingNumber) == nil)
        #expect(pair.second.segment == segment.description.id && pair.second.line == pair.second.row + 2)
      }
      for sample in group {
        let partner = found[sample.number].flatMap { byNumber[$0] }
        #expect((partner != nil) == arrived.contains { $0.isSameLot(as: sample) }, "\(sample)")
        if let partner { #expect(arrived.contains(partner) && partner.isSameLot(as: sample)) }
        arrived.append(sample)
      }
      earlier.append(fresh)
    }
  }

  /// The segments of a file, compared at once, tell the same pairs as each alone with all before it; and so they do where too
  /// many keys would have to be held.
  @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64]) func aFileOfManySegmentsIsManyOfOne(_ seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let levels = ["national", "provincial", "municipal", "county", "unknown"]
    let scratch = try Scratch()
    let segments = try (0..<9).map { part in
      let samples = (0..<(part == 4 ? 1 : 25)).map { _ in
        let producer = random.below(9)
        return Sample(
          // Some numbers come again, in another segment or their own: these are no partners.
          number: "S\(100 + random.below(150))", level: seed == 6 ? "county" : levels[random.below(5)],
          producer: "厂\(producer)", code: random.below(2) == 0 ? "" : "code\(producer)", product: "品\(random.below(3))",
          lot: random.below(5) == 0 ? "" : "批\(random.below(4))", specification: "规\(random.below(2))")
      }
      return try segment(samples, in: scratch, seed: 100 * seed + UInt64(part))
    }
    let counting = segments.enumerated().map { index, segment in
      CountingSegment(closed: index % 3 == 1 ? [0, 7].filter { Int($0) < segment.sampleCount } : []) { segment }
    }
    for stored in [0, 2, 5] {
      let (old, new) = (Array(counting[..<stored]), Array(counting[stored...]))
      var expected: [PossibleDuplicate] = []
      for index in new.indices {
        try PossibleDuplicates.forEachPartner(inFile: [new[index]], among: { _ in old + new[..<index] }) {
          expected.append(try $0())
        }
      }
      for most in [0, 3, 20, 1 << 19] {
        var found: [PossibleDuplicate] = []
        try PossibleDuplicates.forEachPartner(inFile: new, mostKeys: most, among: { _ in old }) {
          found.append(try $0())
        }
        #expect(found == expected)
      }
      #expect(expected.isEmpty == (seed == 6))
    }
  }

  /// A hostile file in which everything is one lot costs no more than another.
  @Test func manySamplesOfOneLotArePairedOnce() throws {
    let samples = (0..<3000).map { Sample(number: "S\(10_000 + $0)", level: $0 % 2 == 0 ? "provincial" : "municipal") }
    let found = try pairs([samples])
    #expect(found.count == 2999)
  }

  @Test func namesAreHashedAsTheyAreNormalised() {
    var texts = [
      "", " ", "\u{3000}", "某厂", "某 厂", "ＡＢＣ", "abc", "A\u{A0}B", "αΒΓ", "É", "㎎", "【甲】", "〔甲〕", "[甲]", "😀厂", "İ", "ｶ",
      "！", "\u{FEFF}x", "ⅣⅤ", "\u{200B}乙",
    ]
    var random = SplitMix(state: 9)
    let alphabet = Array("某厂ABab１２（）() \u{3000}\u{A0}αΩéß【】㎎㈠ｱ😀/-".unicodeScalars)
    for _ in 0..<2000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<random.below(9) { text.append(alphabet[random.below(alphabet.count)]) }
      texts.append(String(text))
    }
    var hash = NameHash()
    for text in texts {
      let bytes = Array(text.utf8)
      let normalised = Array(CodeTable.normalise(text).utf8)
      #expect(hash.hash(bytes.span) == hash.hash(normalised.span), "\(text)")
      #expect((hash.hash(bytes.span) == 0) == normalised.isEmpty, "\(text)")
    }
  }
}
