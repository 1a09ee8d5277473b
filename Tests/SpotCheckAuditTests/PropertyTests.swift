import Testing

@testable import SpotCheckAudit

/// A bulletin of whole numbers and percentages with two digits, with a slow twin of what must hold in it.
struct RandomBulletin {
  var total: [Int]  // inspected, failed, rate in hundredths of a percent
  var groups: [[[Int]]]  // groups of rows of the same
  var list: [[Int]]  // count, share
  var listTotal: Int
  var change: [Int]  // from, to, points, in hundredths

  init(_ random: inout TestRandom) {
    func rate(_ part: Int, _ whole: Int) -> Int {
      // Half up or half to even: both are right.
      let (quotient, rest) = (part * 10_000).quotientAndRemainder(dividingBy: whole)
      if 2 * rest == whole { return Bool.random(using: &random) ? quotient + 1 : quotient + quotient % 2 }
      return 2 * rest > whole ? quotient + 1 : quotient
    }
    let size = Int.random(in: 1...4000, using: &random)
    let failed = Int.random(in: 0...size, using: &random)
    total = [size, failed, rate(failed, size)]
    groups = []
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      var rows: [[Int]] = []
      var rest = [size, failed]
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        guard rest[0] > 1 else { break }
        let n = Int.random(in: 1..<rest[0], using: &random)
        let least = max(0, rest[1] - (rest[0] - n))
        let x = Int.random(in: least...min(n, rest[1]), using: &random)
        rows.append([n, x, rate(x, n)])
        rest = [rest[0] - n, rest[1] - x]
      }
      rows.append([rest[0], rest[1], rate(rest[1], rest[0])])
      groups.append(rows)
    }
    var counts = (0..<Int.random(in: 1...5, using: &random)).map { _ in Int.random(in: 0...400, using: &random) }
    counts.append(failed + 1)
    listTotal = counts.reduce(0, +)
    list = []
    for count in counts { list.append([count, rate(count, listTotal)]) }
    let (from, to) = (Int.random(in: 0...10_000, using: &random), Int.random(in: 0...10_000, using: &random))
    change = [from, to, to - from]
  }

  /// The numbers in order, to be changed one digit at a time.
  var numbers: [Int] { total + groups.flatMap { $0.flatMap(\.self) } + list.flatMap(\.self) + [listTotal] + change }

  mutating func set(_ index: Int, _ value: Int) {
    var index = index
    func take(_ array: inout [Int]) -> Bool {
      if index < array.count {
        array[index] = value
        return true
      }
      index -= array.count
      return false
    }
    if take(&total) { return }
    for group in groups.indices { for row in groups[group].indices where take(&groups[group][row]) { return } }
    for row in list.indices where take(&list[row]) { return }
    var single = [listTotal]
    if take(&single) {
      listTotal = single[0]
      return
    }
    _ = take(&change)
  }

  static func percent(_ hundredths: Int) -> String {
    let whole = abs(hundredths) / 100
    let part = abs(hundredths) % 100
    return (hundredths < 0 ? "-" : "") + "\(whole)." + (part < 10 ? "0" : "") + "\(part)"
  }

  var yaml: String {
    func figures(_ row: [Int]) -> String {
      "inspected: \(row[0]), failed: \(row[1]), 不合格率: \(RandomBulletin.percent(row[2]))%"
    }
    var text = "total: {\(figures(total))}\nbreakdowns:\n"
    for (index, group) in groups.enumerated() {
      text += "  - name: 分组\(index)\n    rows:\n"
      for (number, row) in group.enumerated() { text += "      - {name: 行\(number), \(figures(row))}\n" }
    }
    text += "lists:\n  - name: 清单\n    total: \(listTotal)\n    rows:\n"
    for (number, row) in list.enumerated() {
      text += "      - {name: 第\(number)类, count: \(row[0]), share: \(RandomBulletin.percent(row[1]))%}\n"
    }
    text += "changes: [{from: \(RandomBulletin.percent(change[0]))%, to: \(RandomBulletin.percent(change[1]))%, "
    return text + "points: \(RandomBulletin.percent(change[2]))}]\n"
  }

  /// Whether everything printed can be true: the definitions, in the slowest way.
  var isConsistent: Bool {
    func rounds(_ part: Int, _ whole: Int, _ hundredths: Int) -> Bool {
      whole > 0 && abs(2 * (hundredths * whole - part * 10_000)) <= whole
    }
    for row in [total] + groups.flatMap(\.self) {
      guard row[1] <= row[0], rounds(row[1], row[0], row[2]) else { return false }
    }
    for group in groups {
      guard group.reduce(0, { $0 + $1[0] }) == total[0], group.reduce(0, { $0 + $1[1] }) == total[1] else {
        return false
      }
    }
    guard list.reduce(0, { $0 + $1[0] }) == listTotal, listTotal >= total[1] else { return false }
    for row in list where !rounds(row[0], listTotal, row[1]) { return false }
    guard abs(2 * (list.reduce(0) { $0 + $1[1] } - 10_000)) <= list.count else { return false }
    // Two printed rates and a printed change are each within half a hundredth.
    return abs(2 * (change[2] - (change[1] - change[0]))) <= 3
  }
}

@Suite struct PropertyTests {
  /// What is right is silent but for targets that rounding crosses, which is no contradiction.
  func contradictions(_ bulletin: RandomBulletin) throws -> [AuditFinding] {
    try Audit.report(bulletin.yaml).findings.filter { $0.code != .roundingCrossesTarget }
  }

  @Test(arguments: 0..<20) func consistentBulletinsHaveNoFindings(_ seed: Int) throws {
    var random = TestRandom(UInt64(seed))
    for _ in 0..<15 {
      let bulletin = RandomBulletin(&random)
      #expect(bulletin.isConsistent)
      #expect(try contradictions(bulletin) == [], "\(bulletin.yaml)")
    }
  }

  /// One digit changed anywhere is found, unless the changed bulletin is consistent too: then nobody could tell.
  @Test(arguments: 100..<120) func aChangedDigitIsFound(_ seed: Int) throws {
    var random = TestRandom(UInt64(seed))
    var found = 0
    var indistinguishable = 0
    for _ in 0..<25 {
      var bulletin = RandomBulletin(&random)
      let index = Int.random(in: bulletin.numbers.indices, using: &random)
      let before = bulletin.numbers[index]
      var digits = Array(String(abs(before)).utf8)
      let place = Int.random(in: digits.indices, using: &random)
      digits[place] = 0x30 + (digits[place] - 0x30 + UInt8.random(in: 1...9, using: &random)) % 10
      let after = try #require(Int(String(decoding: digits, as: UTF8.self)))
      bulletin.set(index, before < 0 ? -after : after)
      let isFound = try !contradictions(bulletin).isEmpty
      #expect(isFound == !bulletin.isConsistent, "\(before) → \(after)\n\(bulletin.yaml)")
      if isFound { found += 1 } else { indistinguishable += 1 }
    }
    #expect(found > indistinguishable)
  }

  /// The same sentences in running text: right ones are silent, a changed digit in a rate is found.
  @Test(arguments: 200..<210) func sentencesAreCheckedLikeRows(_ seed: Int) throws {
    var random = TestRandom(UInt64(seed))
    for _ in 0..<20 {
      let bulletin = RandomBulletin(&random)
      guard bulletin.total[0] > 0 else { continue }
      let (n, x, rate) = (bulletin.total[0], bulletin.total[1], bulletin.total[2])
      func sentence(_ rate: Int) -> String { "共抽检\(n)批次，不合格\(x)批次，不合格率为\(RandomBulletin.percent(rate))%。" }
      func found(_ rate: Int) throws -> Bool {
        try Audit.report(sentence(rate)).findings.contains { $0.code != .roundingCrossesTarget }
      }
      #expect(try !found(rate))
      #expect(try found(rate + 1) == (2 * ((rate + 1) * n - x * 10_000) > n))
      #expect(try found(rate + 100))
    }
  }
}
