import Foundation
import SpotCheck
import SpotCheckOperations
import SpotCheckTestSupport
import Testing

/// ING-03.
@Suite("When a file is ready")
struct ReadinessTests {
  /// A byte every nine seconds for a minute, by a writer that keeps the file open, or opens it anew each time.
  @Test(arguments: [true, false]) func aWriterThatAppendsIsNeverOvertaken(_ keepsOpen: Bool) throws {
    let inbox = try InboxStore()
    // A file of its own inode, written in place.
    let path = try inbox.drop("slow.csv", SmallDelivery.csv(1))
    let tail = Array((SmallDelivery.row(2) + "\r\n").utf8)
    var handle: FileHandle?
    for piece in 0..<7 {
      if handle == nil { handle = FileHandle(forWritingAtPath: path) }
      let writer = try #require(handle)
      try writer.seekToEnd()
      let share = tail[(tail.count * piece / 7)..<(tail.count * (piece + 1) / 7)]
      try writer.write(contentsOf: Data(share))
      if !keepsOpen {
        try writer.close()
        handle = nil
      }
      for _ in 0..<9 {
        inbox.clock.advance(by: 1)
        let outcome = try inbox.look()
        #expect(outcome.deliveries.isEmpty && outcome.waiting == 1, "piece \(piece)")
      }
    }
    if keepsOpen {
      // At rest for long, and still in somebody's hands: only the kernel knows.
      inbox.clock.advance(by: 1000)
      let outcome = try inbox.look()
      if outcome.deliveries.isEmpty { #expect(outcome.waiting == 1) }
      try handle?.close()
    }
    inbox.clock.advance(by: 10)
    _ = try inbox.look()
    inbox.clock.advance(by: 10)
    _ = try inbox.look()
    #expect(try inbox.batches().map(\.record.accounts.accepted) == [2])
    #expect(try inbox.files("inbox", "processing").isEmpty)
  }

  @Test("a single pass looks, waits, and looks again")
  func alone() throws {
    let inbox = try InboxStore()
    #expect(try inbox.pass().seen == 0)
    #expect(inbox.clock.sleptSeconds == 0)
    try inbox.drop("a.csv", SmallDelivery.csv(1))
    #expect(try inbox.pass().count(.imported) == 1)
    #expect(inbox.clock.sleptSeconds == 10)
  }

  @Test("what changes while a single pass waits is left for the next one")
  func changesWhileWaiting() throws {
    let place = try InboxStore()
    let path = try place.drop("a.csv", SmallDelivery.csv(1))
    let clock = TestClock { _, _ in
      guard let handle = FileHandle(forWritingAtPath: path) else { return }
      _ = try? handle.seekToEnd()
      try? handle.write(contentsOf: Data("x".utf8))
      try? handle.close()
    }
    let outcome = try TestClock.with(clock) {
      try InboxPass(run: try place.run(), settings: place.settings).run { false }
    }
    #expect(outcome.waiting == 1 && outcome.deliveries.isEmpty)
    #expect(try FileSystem.exists(path))
  }

  /// An upload whose size grows and whose time is then set back to the original's (SFTP with -p).
  @Test func anUploadThatResetsItsTimeIsClaimedOnceAndWhole() throws {
    let inbox = try InboxStore()
    let path = try inbox.drop("a.csv", SmallDelivery.csv(1))
    let original = Date(timeIntervalSince1970: 1_000_000_000)
    func reset() throws {
      try FileManager.default.setAttributes([.modificationDate: original], ofItemAtPath: path)
    }
    try reset()
    _ = try inbox.look()
    inbox.clock.advance(by: 6)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data((SmallDelivery.row(2) + "\r\n").utf8))
    try handle.close()
    try reset()
    _ = try inbox.look()
    inbox.clock.advance(by: 6)
    #expect(try inbox.look().waiting == 1)
    inbox.clock.advance(by: 4)
    #expect(try inbox.look().count(.imported) == 1)
    inbox.clock.advance(by: 100)
    #expect(try inbox.look().seen == 0)
    #expect(try inbox.batches().map(\.record.accounts.accepted) == [2])
  }

  @Test("the wall's clock decides nothing")
  func wallClock() throws {
    let inbox = try InboxStore()
    try inbox.drop("a.csv", SmallDelivery.csv(1))
    _ = try inbox.look()
    inbox.clock.setWall(nanoseconds: inbox.clock.wallNanoseconds + 3_600_000_000_000)
    #expect(try inbox.look().waiting == 1)
    inbox.clock.setWall(nanoseconds: 0)
    inbox.clock.advance(by: 10)
    #expect(try inbox.look().count(.imported) == 1)
  }

  @Test("how long the oldest file has been waiting is said by folder")
  func pending() throws {
    let inbox = try InboxStore()
    let path = try inbox.drop("a.csv", SmallDelivery.csv(1))
    inbox.clock.setWall(nanoseconds: 0)
    _ = try inbox.look()
    inbox.clock.advance(by: 5)
    try inbox.drop("b.csv", SmallDelivery.csv(2), in: "lcj")
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: path)
    #expect(try inbox.look().oldestPending == ["nyncj": 5, "lcj": 0])
  }
}
