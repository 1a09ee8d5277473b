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

  private func verified(_ inbox: InboxStore, _ key: SealKey) throws -> StoreVerifier.Outcome {
    var verifier = StoreVerifier(
      layout: inbox.layout, catalogue: try Catalogue.open(path: inbox.layout.catalogue, access: .readOnly))
    verifier.sealKey = key
    try verifier.verifyKeptFiles()
    return try verifier.verify()
  }

  @Test("sealed receipts vouch for themselves: changed, unsealed, and sealed with another key")
  func seals() throws {
    let inbox = try InboxStore()
    inbox.settings.stability = 0
    try inbox.drop("before.csv", SmallDelivery.csv(1))
    _ = try inbox.pass()
    let path = PathText.join(inbox.store.folder, "seal.key")
    try DurableWriter.write(Array("correct horse battery staple\n".utf8), to: path)
    try FileSystem.setMode(path, 0o600)
    inbox.settings.seal = path
    for number in 2...4 { try inbox.drop("\(number).csv", SmallDelivery.csv(number)) }
    _ = try inbox.pass()
    let key = try SealKeyFile.load(path)
    let sound = try verified(inbox, key)
    #expect(sound.findings == [])
    #expect(sound.sealedReceipts == 3)
    let receipts = try inbox.files("receipts").filter { $0.hasSuffix(".json") && !$0.hasSuffix(".received.json") }
      .sorted().map { inbox.layout.path(of: $0) }
    // Not the first one: nothing tells that a key was there before it.
    let sealed = try receipts.filter {
      String(decoding: try InputFile.contents(of: $0), as: UTF8.self).contains("3.csv")
    }
    let place = try #require(sealed.first)
    let text = String(decoding: try InputFile.contents(of: place), as: UTF8.self)
    for (changed, said) in [
      (text.replacing("\"accepted\": 1", with: "\"accepted\": 2"), "not genuine"),
      (text.replacing(/"seal": "[0-9a-f]+"/, with: "\"seal\": null"), "has no seal"),
      (text.replacing("\n}\n", with: "\n} \n"), "has no seal"),
    ] {
      #expect(changed != text)
      try FileSystem.removeFile(place)
      try DurableWriter.write(Array(changed.utf8), to: place)
      let damage = try verified(inbox, key).findings.filter(\.isDamage).map(\.message)
      #expect(damage.count == 1 && damage.allSatisfy { $0.contains(said) }, "\(damage)")
    }
    try FileSystem.removeFile(place)
    try DurableWriter.write(Array(text.utf8), to: place)
    let other = try #require(SealKey(Array("another secret of many bytes".utf8)))
    #expect(try verified(inbox, other).findings.count { $0.isDamage && $0.message.contains("another key") } == 3)
  }

  @Test("a key that others can read, or that is short, or is not there, stops the pass before anything is taken")
  func badKeys() throws {
    let inbox = try InboxStore()
    let path = PathText.join(inbox.store.folder, "seal.key")
    #expect(throws: SystemError.self) { try SealKeyFile.load(path) }
    try DurableWriter.write(Array("too short\n".utf8), to: path)
    try FileSystem.setMode(path, 0o600)
    #expect { try SealKeyFile.load(path) } throws: { "\($0)".contains("9 bytes") }
    try FileSystem.removeFile(path)
    try DurableWriter.write(Array("long enough for a key\n".utf8), to: path)
    try FileSystem.setMode(path, 0o604)
    #expect { try SealKeyFile.load(path) } throws: { "\($0)".contains("everybody may read it") }
    try FileSystem.setMode(path, 0o602)
    #expect(throws: SealKeyError.self) { try SealKeyFile.load(path) }
  }
}
