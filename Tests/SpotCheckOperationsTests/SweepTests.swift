import Foundation
import SpotCheck
import SpotCheckOperations
import SpotCheckTestSupport
import Testing

/// ING-07, REL-01, REL-02, in one process: a pass over several files is killed, or told of an error, at every call that
/// changes something on the disk. `make torture` does the same from outside.
@Suite("A pass that is cut short anywhere")
struct SweepTests {
  /// A file with a refused row, one that is refused whole, a duplicate of an earlier day, one with done file and manifest.
  private static let template = Result {
    let inbox = try InboxStore()
    inbox.settings.stability = 0
    try inbox.drop("old.csv", SmallDelivery.csv(1, 2))
    _ = try inbox.pass()
    try inbox.drop("mixed.csv", SmallDelivery.withRefusedRow(20))
    try inbox.drop("refused.csv.gz", try bytes(of: Repository.path("samples/hostile/GZ_TRUNCATED.csv.gz")))
    try inbox.drop("again.csv", SmallDelivery.csv(1, 2))
    try inbox.drop("done.csv", SmallDelivery.csv(30), in: "other")
    try inbox.drop("done.csv.done", "{\"rows\": 1}", in: "other")
    try inbox.drop("MANIFEST.json", "{\"files\": [{\"name\": \"done.csv\", \"rows\": 1}]}", in: "other")
    return inbox
  }

  /// A copy of the template, a day later.
  private func prepared() throws -> InboxStore {
    let inbox = try InboxStore(copying: try SweepTests.template.get())
    inbox.settings.stability = 0
    inbox.clock.advance(by: 86_400)
    return inbox
  }

  /// Every byte that was dropped is somewhere.
  private func expectNothingLost(_ inbox: InboxStore, _ dropped: Set<[UInt8]>, _ what: String) throws {
    var found: Set<[UInt8]> = []
    for path in try inbox.files("inbox", "processing", "archive", "quarantine") {
      found.insert(try inbox.contents(path))
    }
    #expect(dropped.isSubset(of: found), "\(what)")
  }

  private func dropped(_ inbox: InboxStore) throws -> Set<[UInt8]> {
    Set(try inbox.files("inbox").map { try inbox.contents($0) })
  }

  private func undisturbed() throws -> (tree: FinalTree, mutations: Int) {
    let inbox = try prepared()
    let plan = FaultPlan([])
    let outcome = try FaultPlan.with(plan) { try inbox.pass() }
    #expect(outcome.isBalanced && outcome.seen == 6)
    #expect(outcome.count(.imported) == 2 && outcome.count(.duplicate) == 1 && outcome.count(.quarantined) == 1)
    #expect(try inbox.files("inbox", "processing").isEmpty)
    return (try FinalTree(inbox), plan.mutations)
  }

  /// The calls to disturb: all of them, or a part for each of several tests that run side by side.
  static let parts = 4
  /// Every so-and-so-many-th call of a part; all of them with SPOTCHECK_EXHAUSTIVE=1.
  static let step = ProcessInfo.processInfo.environment["SPOTCHECK_EXHAUSTIVE"] == nil ? 3 : 1

  @Test(arguments: 0..<parts) func aKillAtEveryCallIsHealedByTheNextPass(_ part: Int) throws {
    let (tree, mutations) = try undisturbed()
    #expect(mutations > 100)
    for call in stride(from: 1 + part, through: mutations, by: SweepTests.parts * SweepTests.step) {
      let inbox = try prepared()
      let before = try dropped(inbox)
      let plan = FaultPlan(mutation: call, .die)
      // What is tidied up last is tidied up if it can be: then nothing is thrown.
      _ = try? FaultPlan.with(plan) { try inbox.pass() }
      #expect(plan.hasDied, "call \(call)")
      try expectNothingLost(inbox, before, "call \(call)")
      let outcome = try inbox.pass()
      #expect(outcome.isBalanced)
      let after = try FinalTree(inbox)
      if after != tree { Issue.record("call \(call):\n\(tree.difference(after))") }
    }
  }

  @Test(arguments: [ENOSPC, EIO], [false, true])
  func anErrorAtAnyCallLosesNothing(_ code: Int32, _ persists: Bool) throws {
    let (tree, mutations) = try undisturbed()
    // Coprime steps: each combination meets other calls, all of them most.
    for call in stride(from: persists ? 1 : 2, through: mutations, by: 7 * SweepTests.step) {
      let inbox = try prepared()
      let before = try dropped(inbox)
      let effect = persists ? FaultPlan.Effect.failAlways(code) : .fail(code)
      let outcome = try? FaultPlan.with(FaultPlan(mutation: call, effect)) { try inbox.pass() }
      if let outcome { #expect(outcome.isBalanced) }
      try expectNothingLost(inbox, before, "call \(call)")
      inbox.clock.advance(by: 3600)
      let next = try inbox.pass()
      #expect(next.isBalanced)
      #expect(try inbox.files("inbox", "processing").isEmpty, "call \(call)")
      let after = try FinalTree(inbox)
      #expect(after.batches.count == tree.batches.count && after.answer == tree.answer, "call \(call)")
    }
  }
}
