import Glibc
import SpotCheck
import SpotCheckOperations
import SpotCheckTestSupport
import Testing

/// ING-02, SEC-04.
@Suite("What is in the inbox")
struct InboxScanTests {
  @Test("links, pipes and folders are noted, left where they are, and keep nobody from being imported")
  func hostile() throws {
    let inbox = try InboxStore()
    let good = try inbox.drop("good.csv", SmallDelivery.csv(1))
    let outside = PathText.join(inbox.store.folder, "secret")
    try DurableWriter.write([1, 2, 3], to: outside)
    #expect(symlink(outside, inbox.path("link.csv")) == 0)
    #expect(link(outside, inbox.path("second.csv")) == 0)
    #expect(mkfifo(inbox.path("pipe.csv"), 0o600) == 0)
    try FileSystem.createFolder(inbox.path("nested"))
    try inbox.drop("deep.csv", SmallDelivery.csv(2), in: "nyncj/nested")
    #expect(symlink("nyncj", inbox.path("linked", in: "")) == 0)
    let outcome = try inbox.pass()
    #expect(outcome.deliveries.map(\.name) == ["good.csv"])
    #expect(outcome.deliveries.map(\.state) == [.imported])
    #expect(
      Set(outcome.notes.map { "\($0.code.rawValue) \($0.folder)/\($0.name)" }) == [
        "FS_SYMLINK nyncj/link.csv", "FS_HARDLINK nyncj/second.csv", "FS_NOT_REGULAR nyncj/pipe.csv",
        "FS_NOT_REGULAR nyncj/nested", "FS_SYMLINK /linked",
      ])
    for name in ["link.csv", "second.csv", "pipe.csv", "nested/deep.csv"] {
      #expect(try FileSystem.exists(inbox.path(name)), "\(name)")
    }
    #expect(try FileSystem.exists(inbox.path("linked", in: "")))
    #expect(try !FileSystem.exists(good))
    #expect(try InputFile.contents(of: outside) == [1, 2, 3])
    #expect(try FileSystem.status(outside).mode == 0o640)
    // They are said again every time.
    #expect(try inbox.pass().notes.count == 5)
  }

  @Test("bureaus that have pipelines find their folders, and any folder works, or none")
  func folders() throws {
    let inbox = try InboxStore()
    _ = try inbox.pass()
    #expect(try FileSystem.names(in: inbox.layout.inbox).contains("nyncj"))
    try inbox.drop("a.csv", SmallDelivery.csv(1), in: "some folder")
    try inbox.drop("b.csv", SmallDelivery.csv(2), in: "")
    // The folder of a bureau admits its own pipelines only.
    try inbox.drop("c.csv", SmallDelivery.csv(3), in: "lcj")
    let outcome = try inbox.pass()
    let states = Dictionary(uniqueKeysWithValues: outcome.deliveries.map { ($0.name, $0.state) })
    #expect(states == ["a.csv": .imported, "b.csv": .imported, "c.csv": .quarantined])
    #expect(outcome.deliveries.first { $0.name == "c.csv" }?.file?.refusal?.code == .pipelineNone)
    #expect(try inbox.batches().map(\.record.folder).sorted() == ["", "lcj", "some folder"])
    let receipts = try inbox.files("receipts")
    #expect(receipts.contains { $0.hasPrefix("receipts/_/b.csv~") && $0.hasSuffix(".txt") })
    #expect(receipts.contains { $0.hasPrefix("receipts/some folder/a.csv~") && $0.hasSuffix(".received.json") })
    #expect(receipts.count == 9)
  }

  @Test("a folder whose name is too long is noted")
  func longFolder() throws {
    let inbox = try InboxStore()
    try FileSystem.createFolder(inbox.path("", in: String(repeating: "长", count: 80)))
    #expect(try inbox.pass().notes.map(\.code) == [.fileNameInvalid])
  }
}
