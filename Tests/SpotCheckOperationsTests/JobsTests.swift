import Foundation
import SpotCheck
import SpotCheckOperations
import SpotCheckTestSupport
import Testing

/// Reading ahead changes nothing but the time.
@Suite("Any number of jobs")
struct JobsTests {
  /// Deliveries whose order decides: corrections of one another, the same bytes and the same payload under other names,
  /// files that are refused, and one that is refused when the next has the same bytes.
  private func fill(_ inbox: InboxStore) throws {
    inbox.settings.stability = 0
    let packed = try bytes(of: Repository.path("samples/deliveries/lcj-2023Q1.csv.gz"))
    var again = packed
    again[4] ^= 0x55
    try inbox.drop("q1.csv.gz", packed, in: "lcj")
    try inbox.drop("q1-again.csv.gz", again, in: "lcj")
    try inbox.drop("q1-copy.csv.gz", packed, in: "lcj")
    let stories = RandomDeliveries(seed: 4, count: 9)
    for (name, text) in stories.files { try inbox.drop(name, text) }
    let broken = try bytes(of: Repository.path("samples/hostile/GZ_TRUNCATED.csv.gz"))
    for name in ["x.csv.gz", "y.csv.gz"] { try inbox.drop(name, broken) }
    try inbox.drop("rubbish", "rubbish")
  }

  /// Files of the agriculture bureau with overlapping samples.
  private struct RandomDeliveries {
    var files: [(name: String, text: String)] = []

    init(seed: UInt64, count: Int) {
      var random = SeededNumbers(state: seed)
      for file in 0..<count {
        let numbers = (0..<20).map { _ in Int.random(in: 1...40, using: &random) }
        files.append(("f\(file).csv", SmallDelivery.csv(Array(Set(numbers)).sorted())))
      }
    }
  }

  @Test("of a pass: the same tree, batches, receipts, answers and digest", arguments: [2, 3, 7])
  func ofAPass(_ jobs: Int) throws {
    let one = try InboxStore()
    let many = try InboxStore()
    many.jobs = jobs
    for inbox in [one, many] { try fill(inbox) }
    let (first, second) = (try one.pass(), try many.pass())
    #expect(first.isBalanced && second.isBalanced && second.seen == 15)
    #expect(first.deliveries.map(\.name).sorted() == second.deliveries.map(\.name).sorted())
    #expect(second.count(.duplicate) >= 2 && second.count(.quarantined) == 3)
    let (left, right) = (try FinalTree(one), try FinalTree(many))
    if left != right { Issue.record("\(left.difference(right))") }
    #expect(try one.digest() == many.digest())
    #expect(try many.files("inbox", "processing").isEmpty)
  }

  @Test("of an import: outcomes in the order given", arguments: [2, 5])
  func ofAnImport(_ jobs: Int) throws {
    var summaries: [ImportSummary] = []
    var digests: [[String]] = []
    for count in [1, jobs] {
      let inbox = try InboxStore()
      inbox.jobs = count
      var paths: [String] = []
      for (index, (name, text)) in RandomDeliveries(seed: 9, count: 8).files.enumerated() {
        paths.append(try inbox.store.file(name, Array(text.utf8)))
        if index % 3 == 0 { paths.append(paths[0]) }
      }
      paths.append(inbox.store.folder + "/missing.csv")
      let run = try inbox.run()
      summaries.append(try TestClock.with(inbox.clock) { try DirectImport(run: run).run(paths) })
      digests.append(try inbox.digest())
      #expect(summaries.last?.files.map(\.path) == paths)
      #expect(try inbox.files("processing").isEmpty)
    }
    #expect(summaries[0].files.map(\.state) == summaries[1].files.map(\.state))
    #expect(summaries[0].files.map(\.accounts) == summaries[1].files.map(\.accounts))
    #expect(digests[0] == digests[1])
  }

  /// Big enough to be read ahead, in many segments.
  private func bigImport(_ inbox: InboxStore, _ jobs: Int) throws -> ImportSummary {
    inbox.jobs = jobs
    inbox.segmentRows = 300
    let path = try inbox.store.file("big.csv", Array(SmallDelivery.csv(Array(1...3000)).utf8))
    let run = try inbox.run()
    return try TestClock.with(inbox.clock) { try DirectImport(run: run).run([path]) }
  }

  @Test("of one big file: the same segments, whoever writes them")
  func ofOneFile() throws {
    let (one, two) = (try InboxStore(), try InboxStore())
    let (first, second) = (try bigImport(one, 1), try bigImport(two, 2))
    #expect(first.files.map(\.state) == [.accepted] && second.files.map(\.state) == [.accepted])
    #expect(first.files[0].samples == 3000 && second.files[0].samples == 3000)
    let segments = try two.files("segments")
    #expect(segments.count > 4)
    #expect(try one.files("segments") == segments)
    #expect(try one.digest() == two.digest())
  }

  @Test("a segment that cannot be written by another thread fails the file, and those before it do not stay")
  func failingSegment() throws {
    let counting = FaultPlan([])
    let whole = try InboxStore()
    _ = try FaultPlan.with(counting) { try bigImport(whole, 2) }
    let syncs = counting.calls(of: .sync)
    #expect(syncs > 8)
    for call in [syncs / 3, syncs / 2] {
      let inbox = try InboxStore()
      #expect(throws: (any Error).self) {
        try FaultPlan.with(FaultPlan(.sync, call: call, .fail(28))) { try bigImport(inbox, 2) }
      }
      // At worst the two files of the very one, which the next import sweeps up or takes.
      #expect(try inbox.files("segments").count <= 2, "after sync \(call)")
      #expect(try bigImport(inbox, 2).files.map(\.state) == [.accepted])
      #expect(try inbox.digest() == whole.digest())
    }
  }

  @Test("a stop while several are read puts all of them back")
  func stop() throws {
    let inbox = try InboxStore()
    inbox.jobs = 3
    inbox.settings.stability = 0
    for number in 1...5 { try inbox.drop("\(number).csv", SmallDelivery.csv(number)) }
    var claimed = 0
    let outcome = try inbox.pass { event in
      if case .claimed = event { claimed += 1 }
    } stop: {
      claimed == 3
    }
    #expect(outcome.isBalanced && outcome.count(.returned) == 3 && outcome.deferred == ["stopped": 2])
    #expect(try inbox.files("inbox").count == 5 && inbox.files("processing", "segments", "receipts").isEmpty)
    #expect(try inbox.pass().deliveries.map(\.attempt) == [1, 1, 1, 1, 1])
  }

  /// Which of several files killed the program is not known: none of them is tried beside another again.
  @Test("files that were read together when the program died are tried one at a time")
  func suspects() throws {
    let inbox = try InboxStore()
    inbox.jobs = 3
    inbox.settings.stability = 0
    for number in 1...3 { try inbox.drop("\(number).csv", SmallDelivery.csv(number)) }
    let plan = FaultPlan([])
    _ = try? FaultPlan.with(plan) {
      try inbox.pass { event in
        if case .claimed(_, _, "3.csv", _) = event { plan.arm(nil, .die) }
      }
    }
    #expect(try inbox.files("processing").count == 3)
    var (open, most) = (0, 0)
    let outcome = try inbox.pass { event in
      switch event {
      case .claimed:
        open += 1
        most = max(most, open)
      case .finished: open -= 1
      default: break
      }
    }
    #expect(most == 1 && outcome.count(.imported) == 3)
    #expect(outcome.deliveries.map(\.attempt) == [2, 2, 2])
  }

  @Test("a failing machine ends the pass: nothing that was read ahead counts as tried")
  func failure() throws {
    let inbox = try InboxStore()
    inbox.jobs = 3
    inbox.settings.stability = 0
    for number in 1...4 { try inbox.drop("\(number).csv", SmallDelivery.csv(number)) }
    let plan = FaultPlan([])
    #expect(throws: (any Error).self) {
      try FaultPlan.with(plan) {
        try inbox.pass { event in
          if case .claimed(_, _, "3.csv", _) = event { plan.arm(.checkpoint, .fail(28)) }
        }
      }
    }
    #expect(try inbox.files("segments").isEmpty)
    let outcome = try inbox.pass()
    #expect(outcome.count(.imported) == 4 && outcome.deliveries.map(\.attempt) == [1, 1, 1, 1])
    #expect(try inbox.files("inbox", "processing").isEmpty)
  }
}
