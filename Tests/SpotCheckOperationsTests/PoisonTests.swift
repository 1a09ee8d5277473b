import Glibc
import SpotCheck
import SpotCheckOperations
import SpotCheckTestSupport
import Testing

/// ING-09.
@Suite("Files that are tried again, and not for ever")
struct PoisonTests {
  /// A pass in which the process dies as soon as a file of that name is claimed.
  private func dyingPass(_ inbox: InboxStore, at name: String) throws -> Bool {
    var hasMet = false
    let plan = FaultPlan([])
    do {
      _ = try FaultPlan.with(plan) {
        try inbox.pass { event in
          guard case .claimed(_, _, name, _) = event else { return }
          hasMet = true
          plan.arm(nil, .die)
        }
      }
    } catch let error as SystemError where error.code == SystemError.killedCode {}
    return hasMet
  }

  @Test("a file that kills the program three times is put aside, and keeps nobody from being imported")
  func killer() throws {
    let inbox = try InboxStore()
    try inbox.drop("a-killer.csv", SmallDelivery.csv(1))
    for number in 2...3 { try inbox.drop("\(number).csv", SmallDelivery.csv(number)) }
    #expect(try dyingPass(inbox, at: "a-killer.csv"))
    #expect(try inbox.batches().isEmpty)
    // From now on the others come first.
    #expect(try dyingPass(inbox, at: "a-killer.csv"))
    #expect(try inbox.batches().map(\.record.name) == ["2.csv", "3.csv"])
    try inbox.drop("4.csv", SmallDelivery.csv(4))
    #expect(try dyingPass(inbox, at: "a-killer.csv"))
    #expect(try inbox.batches().count == 3)
    let outcome = try inbox.pass()
    #expect(outcome.deliveries.map(\.state) == [.quarantined])
    #expect(outcome.deliveries.map(\.attempt) == [4])
    #expect(outcome.deliveries.first?.file?.refusal?.code == .filePoison)
    let place = try #require(outcome.deliveries.first?.file?.place)
    #expect(place.hasPrefix("quarantine/POISON/2026-01-01/"))
    #expect(try inbox.contents(place) == Array(SmallDelivery.csv(1).utf8))
    #expect(try inbox.files("inbox", "processing").isEmpty)
    #expect(try inbox.files("receipts").filter { $0.contains("a-killer") }.count == 3)
  }

  @Test("a file that cannot be read is tried again after a pause, counted, and put aside in the end")
  func unreadable() throws {
    let inbox = try InboxStore()
    try inbox.drop("a.csv", SmallDelivery.csv(1))
    let good = try inbox.drop("b.csv", SmallDelivery.csv(2))
    _ = try inbox.look()
    inbox.clock.advance(by: 10)
    var attempts: [Int] = []
    for pause in [60.0, 240, 960] {
      let plan = FaultPlan([])
      let outcome = try FaultPlan.with(plan) {
        try inbox.look { event in
          if case .claimed(_, _, "a.csv", _) = event { plan.arm(.read, .fail(EIO)) }
        }
      }
      #expect(outcome.count(.returned) == 1 && outcome.isBalanced)
      #expect(outcome.notes.map(\.code) == [.fileUnreadable])
      attempts += outcome.deliveries.filter { $0.state == .returned }.map(\.attempt)
      #expect(try !FileSystem.exists(good))
      inbox.clock.advance(by: pause - 1)
      #expect(try inbox.look().waiting == 1)
      inbox.clock.advance(by: 1)
    }
    #expect(attempts == [1, 2, 3])
    #expect(try inbox.look().deliveries.first?.file?.refusal?.code == .filePoison)
  }

  /// Space, quota, descriptors …: the file had no part in it.
  @Test(arguments: [ENOSPC, EMFILE, EROFS, EDQUOT]) func theMachinesFailuresAreNotCounted(_ code: Int32) throws {
    let inbox = try InboxStore()
    try inbox.drop("a.csv", SmallDelivery.csv(1))
    for _ in 0..<5 {
      #expect(throws: SystemError.self) {
        let plan = FaultPlan([])
        _ = try FaultPlan.with(plan) {
          try inbox.pass { event in
            if case .claimed = event { plan.arm(.open, .fail(code)) }
          }
        }
      }
    }
    let outcome = try inbox.pass()
    #expect(outcome.count(.imported) == 1)
    #expect(outcome.deliveries.first?.attempt == 1)
  }
}
