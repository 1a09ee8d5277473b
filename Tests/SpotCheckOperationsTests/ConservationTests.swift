import Foundation
import SpotCheck
import SpotCheckOperations
import SpotCheckTestSupport
import Testing

/// ING-15.
@Suite("Every file and every byte is accounted for")
struct ConservationTests {
  @Test("every sample and every hostile file ends somewhere, with a receipt, and the sums agree")
  func everything() throws {
    let inbox = try InboxStore()
    inbox.settings.stability = 0
    var dropped: Set<String> = []
    for folder in ["samples/deliveries", "samples/hostile"] {
      for name in try FileSystem.names(in: Repository.path(folder)) where !name.hasSuffix(".json") {
        let bytes = try InputFile.contents(of: Repository.path(folder + "/" + name))
        // What takes longest shows nothing new.
        if bytes.count > 200_000 { continue }
        let bureau = String(name.prefix { $0 != "-" })
        let path = try inbox.drop(name, bytes, in: ["lcj", "nyncj", "scjgj"].contains(bureau) ? bureau : "any")
        dropped.insert(try FileDigest(of: path).digest.hex)
      }
    }
    let count = try inbox.files("inbox").count
    let outcome = try inbox.pass()
    #expect(count > 80 && outcome.seen == count && outcome.isBalanced)
    #expect(outcome.deliveries.count == count)
    #expect(outcome.deliveries.allSatisfy { $0.state != .returned && $0.file?.accounts.isBalanced == true })
    for delivery in outcome.deliveries {
      #expect(try FileSystem.exists(inbox.layout.path(of: delivery.receipt)), "\(delivery.name)")
      let place = delivery.file?.place ?? ""
      #expect(place.hasPrefix(delivery.state == .quarantined ? "quarantine/" : "archive/"))
    }
    let kept = try inbox.files("archive", "quarantine").filter { !$0.hasSuffix(StoreLayout.reasonSuffix) }
    #expect(Set(try kept.map { try FileDigest(of: inbox.layout.path(of: $0)).digest.hex }) == dropped)
    #expect(try inbox.files("inbox", "processing").isEmpty)
    let catalogue = try Catalogue.open(path: inbox.layout.catalogue, access: .readOnly)
    var verifier = StoreVerifier(layout: inbox.layout, catalogue: catalogue)
    try verifier.verifyKeptFiles()
    #expect(try verifier.verify().findings == [])
  }

  /// Passes and interruptions in any order: what was dropped is never gone, and what is recorded is recorded once.
  @Test(arguments: 0..<8) func whateverHappensNoByteIsGone(_ seed: UInt64) throws {
    var random = SeededNumbers(state: seed)
    let inbox = try InboxStore()
    inbox.settings.stability = 10
    var dropped: Set<[UInt8]> = []
    for step in 0..<12 {
      switch Int.random(in: 0..<6, using: &random) {
      case 0, 1:
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          let number = Int.random(in: 1..<12, using: &random)
          let text = random.chance(20) ? "rubbish \(number)" : SmallDelivery.csv(number, number + 100)
          let name = random.pick(["a.csv", "b.csv", "c.csv"])
          let folder = random.pick(["nyncj", "other", ""])
          // Dropping over a file that waits is the bureau's own doing.
          if try FileSystem.exists(inbox.path(name, in: folder)) { continue }
          try inbox.drop(name, text, in: folder)
          dropped.insert(Array(text.utf8))
        }
      case 2: _ = try inbox.look()
      case 3: inbox.clock.advance(by: Double(Int.random(in: 1...100, using: &random)))
      case 4:
        let plan = FaultPlan(mutation: Int.random(in: 1...120, using: &random), .die)
        _ = try? FaultPlan.with(plan) { try inbox.pass() }
      default:
        let effect = FaultPlan.Effect.fail(random.pick([EIO, ENOSPC]))
        _ = try? FaultPlan.with(FaultPlan(mutation: Int.random(in: 1...120, using: &random), effect)) {
          try inbox.pass()
        }
      }
      var found: Set<[UInt8]> = []
      for path in try inbox.files("inbox", "processing", "archive", "quarantine") {
        found.insert(try inbox.contents(path))
      }
      #expect(dropped.isSubset(of: found), "seed \(seed), step \(step)")
    }
    inbox.clock.advance(by: 10_000)
    #expect(try inbox.pass().isBalanced)
    #expect(try inbox.files("inbox", "processing").isEmpty)
    let batches = try inbox.batches()
    #expect(Set(batches.map(\.record.delivery)).count == batches.count)
    let accepted = batches.filter { $0.record.state == .accepted }.map(\.record.fileDigest)
    #expect(Set(accepted).count == accepted.count)
  }
}
