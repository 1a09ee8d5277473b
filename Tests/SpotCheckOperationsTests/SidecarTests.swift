import SpotCheck
import SpotCheckOperations
import SpotCheckTestSupport
import Testing

/// ING-06.
@Suite("Done files and manifests")
struct SidecarTests {
  private func manifest(_ name: String, size: Int? = nil, digest: String? = nil, rows: Int? = nil) -> String {
    var json = JSONObject()
    json.set("name", name)
    if let size { json.set("size", size) }
    if let digest { json.set("sha256", digest) }
    if let rows { json.set("rows", rows) }
    return "{\"files\": [\(json.text)]}"
  }

  private let text = SmallDelivery.csv(1, 2)

  private func digest(_ inbox: InboxStore) throws -> String {
    let path = PathText.join(inbox.store.folder, "digest")
    try DurableWriter.write(Array(text.utf8), to: path)
    return try FileDigest(of: path).digest.hex
  }

  @Test("where a done file is required, its file waits for it, and both are kept")
  func required() throws {
    let inbox = try InboxStore()
    inbox.settings.doneByBureau = ["nyncj": .always]
    try inbox.drop("a.csv", text)
    try inbox.drop("b.csv", SmallDelivery.csv(7), in: "other")
    let first = try inbox.pass()
    #expect(first.waiting == 1 && first.deliveries.map(\.name) == ["b.csv"])
    try inbox.drop("a.csv.done", "")
    let second = try inbox.pass()
    #expect(second.count(.imported) == 1 && second.sidecars == 1 && second.isBalanced)
    #expect(try inbox.files("inbox", "processing").isEmpty)
    let kept = try inbox.files("archive").filter { $0.contains("-a.csv") }
    #expect(kept.count == 2 && kept[1] == kept[0] + ".done")
  }

  @Test("a manifest that holds: taken, and the manifest kept once all its files are")
  func holds() throws {
    let inbox = try InboxStore()
    inbox.settings.done = .always
    try inbox.drop("a.csv", text)
    let list = """
      {"files": [{"name": "a.csv", "size": \(text.utf8.count), "sha256": "\(try digest(inbox).uppercased())", "rows": 2},
       {"name": "b.csv"}]}
      """
    try inbox.drop("MANIFEST.json", list)
    #expect(try inbox.pass().count(.imported) == 1)
    #expect(try inbox.files("inbox") == ["inbox/nyncj/MANIFEST.json"])
    try inbox.drop("b.csv", SmallDelivery.csv(3))
    #expect(try inbox.pass().count(.imported) == 1)
    #expect(try inbox.files("inbox").isEmpty)
    #expect(try inbox.files("archive").contains { $0.hasSuffix("-MANIFEST.json") })
  }

  @Test("a file that is not what its manifest says is put aside", arguments: ["size", "digest", "done"])
  func mismatch(what: String) throws {
    let inbox = try InboxStore()
    try inbox.drop("a.csv", text)
    switch what {
    case "size": try inbox.drop("MANIFEST.json", manifest("a.csv", size: text.utf8.count + 1))
    case "digest": try inbox.drop("MANIFEST.json", manifest("a.csv", digest: String(repeating: "ab", count: 32)))
    default: try inbox.drop("a.csv.done", "{\"size\": 3}")
    }
    let outcome = try inbox.pass()
    #expect(outcome.count(.quarantined) == 1)
    #expect(outcome.deliveries.first?.file?.refusal?.code == .manifestMismatch)
    let quarantine = try inbox.files("quarantine")
    #expect(quarantine.contains { $0.hasPrefix("quarantine/MANIFEST_MISMATCH/2026-01-01/") && $0.hasSuffix("-a.csv") })
    #expect(quarantine.contains { $0.hasSuffix("-a.csv.error.json") })
  }

  @Test("a file with fewer rows than its manifest says is put aside")
  func rows() throws {
    let inbox = try InboxStore()
    try inbox.drop("a.csv", text)
    try inbox.drop("MANIFEST.json", manifest("a.csv", rows: 3))
    let outcome = try inbox.pass()
    #expect(outcome.deliveries.first?.file?.refusal?.code == .manifestRowCount)
    #expect(try inbox.store.open().segments().isEmpty)
  }

  @Test("what waits too long for its other half is said")
  func timeouts() throws {
    let inbox = try InboxStore()
    inbox.settings.doneByBureau = ["nyncj": .always]
    inbox.clock.setWall(nanoseconds: 0)
    try inbox.drop("a.csv", text)
    try inbox.drop("b.csv.done", "", in: "lcj")
    try inbox.drop("MANIFEST.json", manifest("c.csv"), in: "scjgj")
    #expect(try inbox.look().notes.isEmpty)
    inbox.clock.advance(by: 86_399)
    inbox.clock.setWall(nanoseconds: 0)
    #expect(try inbox.look().notes.isEmpty)
    inbox.clock.advance(by: 1)
    let outcome = try inbox.look()
    #expect(Set(outcome.notes.map(\.code)) == [.manifestMissing])
    #expect(outcome.notes.map(\.name).sorted() == ["MANIFEST.json", "a.csv", "b.csv.done"])
    #expect(outcome.isBalanced && outcome.waiting == 1)
  }

  @Test("files wait for a manifest that is still being written; one that nobody can read is said and does not hold")
  func unreadable() throws {
    let inbox = try InboxStore()
    try inbox.drop("a.csv", text)
    _ = try inbox.look()
    inbox.clock.advance(by: 10)
    try inbox.drop("MANIFEST.json", "{\"files\": [")
    #expect(try inbox.look().waiting == 1)
    inbox.clock.advance(by: 10)
    let outcome = try inbox.look()
    #expect(outcome.count(.imported) == 1)
    #expect(outcome.notes.map(\.code) == [.manifestMismatch])
    try inbox.drop("MANIFEST.json", String(repeating: "[", count: 100_000))
    inbox.clock.advance(by: 10)
    _ = try inbox.look()
    inbox.clock.advance(by: 10)
    #expect(try inbox.look().notes.map(\.code) == [.manifestMismatch])
  }

  @Test("JSON escapes outside the basic plane are pairs")
  func pairs() throws {
    #expect(try JSONReader.read("\"\\ud840\\udc0b\\u5458\\ud840x\"").first?.text == "𠀋员\u{FFFD}x")
    #expect(throws: JSONReader.Problem.self) { try JSONReader.read("\"\\ud840\\u+0ab\"") }
  }
}
