import Foundation
import SpotCheck
import SpotCheckOperations
import SpotCheckTestSupport
import Testing

/// ING-01.
@Suite("A file is what is in it")
struct IdentityTests {
  @Test("the same bytes under three names: one import, two duplicates, three receipts")
  func threeNames() throws {
    let inbox = try InboxStore()
    for name in ["a.csv", "b.csv", "c.csv"] { try inbox.drop(name, SmallDelivery.csv(1)) }
    let outcome = try inbox.pass()
    #expect(outcome.count(.imported) == 1 && outcome.count(.duplicate) == 2)
    let batches = try inbox.batches()
    #expect(batches.map(\.record.state) == [.accepted, .duplicate, .duplicate])
    #expect(Set(batches.map(\.record.delivery)).count == 3)
    #expect(try inbox.files("archive").count == 3)
    #expect(try inbox.files("receipts").filter { $0.hasSuffix(".txt") }.count == 3)
    #expect(try inbox.store.rate("bureau").total.counts.samples == 1)
    // Dropped once more under its name: the archive has these bytes under that name, on that day.
    try inbox.drop("a.csv", SmallDelivery.csv(1))
    #expect(try inbox.pass().count(.duplicate) == 1)
    #expect(try inbox.files("archive").count == 3)
    #expect(try inbox.files("inbox", "processing").isEmpty)
  }

  @Test("the same payload in another gzip is a duplicate")
  func otherPacking() throws {
    let inbox = try InboxStore()
    let packed = try bytes(of: Repository.path("samples/deliveries/lcj-2023Q1.csv.gz"))
    try inbox.drop("a.csv.gz", packed, in: "lcj")
    #expect(try inbox.pass().count(.imported) == 1)
    // The header's time is no part of the content.
    var again = packed
    again[4] ^= 0x55
    try inbox.drop("b.csv.gz", again, in: "lcj")
    let outcome = try inbox.pass()
    #expect(outcome.count(.duplicate) == 1)
    #expect(outcome.deliveries.first?.file?.counts[.fileDuplicatePayload] == 1)
  }

  @Test("files from 1999 and from 2037 are imported", arguments: [915_148_800.0, 2_114_380_800.0])
  func times(seconds: Double) throws {
    let inbox = try InboxStore()
    let first = try inbox.drop("now.csv", SmallDelivery.csv(1))
    #expect(try inbox.pass().count(.imported) == 1)
    let path = try inbox.drop("then.csv", SmallDelivery.csv(2))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: seconds)], ofItemAtPath: path)
    #expect(try inbox.pass().count(.imported) == 1)
    #expect(try !FileSystem.exists(first) && !FileSystem.exists(path))
  }

  @Test("what is kept is read-only and never overwritten")
  func kept() throws {
    let inbox = try InboxStore()
    try inbox.drop("a.csv", SmallDelivery.csv(1))
    let outcome = try inbox.pass()
    let place = try #require(outcome.deliveries.first?.file?.place)
    #expect(place.hasPrefix("archive/2026/01/01/") && place.hasSuffix("-a.csv"))
    #expect(try FileSystem.status(inbox.layout.path(of: place)).mode == 0o440)
    #expect(try inbox.contents(place) == Array(SmallDelivery.csv(1).utf8))
    // Somebody else's file stands where the next one is to be kept.
    let other = try inbox.drop("b.csv", SmallDelivery.csv(2))
    let digest = try FileDigest(of: other).digest.hex
    let taken = StoreLayout.archived(day: "2026-01-01", digest: digest, name: "b.csv")
    try DurableWriter.write([7], to: inbox.layout.path(of: taken))
    #expect(try inbox.pass().count(.imported) == 1)
    #expect(try inbox.contents(taken) == [7])
    let longer = StoreLayout.archived(day: "2026-01-01", digest: digest, name: "b.csv", digits: 16)
    #expect(try inbox.contents(longer) == Array(SmallDelivery.csv(2).utf8))
    #expect(try inbox.batches().last?.record.place == longer)
  }
}
