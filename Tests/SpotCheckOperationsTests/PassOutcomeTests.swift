import SpotCheckOperations
import Testing

@Suite("what a pass did")
struct PassOutcomeTests {
  @Test("every file that was seen is somewhere")
  func sums() {
    var outcome = PassOutcome()
    outcome.deliveries = [DeliveryOutcome(id: "r-1", folder: "a", name: "x", state: .imported)]
    outcome.deferred = ["files": 2, "space": 1]
    outcome.waiting = 3
    outcome.ignored = 4
    outcome.sidecars = 5
    outcome.vanished = 6
    #expect(outcome.accounted == 22)
    outcome.seen = 22
    #expect(outcome.isBalanced)
    outcome.seen = 23
    #expect(!outcome.isBalanced)
  }
}
