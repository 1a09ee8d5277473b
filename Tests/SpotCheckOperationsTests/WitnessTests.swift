import Foundation
import SpotCheck
import SpotCheckOperations
import SpotCheckTestSupport
import Testing

@Suite("A catalogue that has lost what it knew")
struct WitnessTests {
  private func findings(_ inbox: InboxStore) throws -> [StoreVerifier.Finding] {
    var verifier = StoreVerifier(
      layout: inbox.layout, catalogue: try Catalogue.open(path: inbox.layout.catalogue, access: .readOnly))
    try verifier.verifyKeptFiles()
    return try verifier.verify().findings
  }

  @Test("done files, reasons, manifests and repeated names are no witnesses against it")
  func sound() throws {
    let inbox = try InboxStore()
    inbox.settings.stability = 0
    try inbox.drop("a.csv", SmallDelivery.csv(1))
    try inbox.drop("a.csv.done", "{\"rows\": 1}")
    try inbox.drop("again.csv", SmallDelivery.csv(1))
    try inbox.drop("rubbish", "rubbish")
    try inbox.drop("b.csv", SmallDelivery.csv(2), in: "other")
    try inbox.drop("MANIFEST.json", "{\"files\": [{\"name\": \"b.csv\", \"rows\": 1}]}", in: "other")
    #expect(try inbox.pass().deliveries.count == 4)
    try inbox.drop("a.csv", SmallDelivery.csv(1))
    _ = try inbox.pass()
    #expect(try inbox.files("archive", "quarantine").count == 7)
    #expect(try findings(inbox) == [])
  }

  @Test("one that is put back from a copy: its files and its receipts tell, one by one")
  func putBack() throws {
    let inbox = try InboxStore()
    inbox.settings.stability = 0
    try inbox.drop("a.csv", SmallDelivery.csv(1))
    _ = try inbox.pass()
    let old = try Data(contentsOf: URL(fileURLWithPath: inbox.layout.catalogue))
    try inbox.drop("b.csv", SmallDelivery.csv(2))
    try inbox.drop("rubbish", "rubbish")
    _ = try inbox.pass()
    #expect(try findings(inbox) == [])
    for suffix in ["-wal", "-shm"] { _ = try FileSystem.removeFile(inbox.layout.catalogue + suffix) }
    try old.write(to: URL(fileURLWithPath: inbox.layout.catalogue))
    let damage = try findings(inbox).filter(\.isDamage).map(\.message)
    #expect(damage.count == 4)
    #expect(damage.count { $0.contains("no batch mentions it") } == 2)
    #expect(damage.count { $0.hasPrefix("receipts/nyncj/") && $0.contains("which is not there") } == 2)
    #expect(damage.allSatisfy { $0.contains("store rebuild --from-archive") })
  }

  @Test("bytes that a batch has, under another name, are odd and no damage")
  func keptTwice() throws {
    let inbox = try InboxStore()
    inbox.settings.stability = 0
    try inbox.drop("a.csv", SmallDelivery.csv(1))
    _ = try inbox.pass()
    let place = try #require(try inbox.files("archive").first)
    try FileManager.default.copyItem(
      atPath: inbox.layout.path(of: place), toPath: inbox.layout.path(of: place) + "-copy")
    #expect(try findings(inbox).map(\.isDamage) == [false])
  }
}
