import Foundation
import GRDB
import SpotCheckCatalogue
import SpotCheckModel
import Testing

@Suite("the journal")
struct JournalTests {
  private func scratch() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("spotcheck-journal-" + UUID().uuidString).path
  }

  @Test("recorded batches and acts form a chain, and every change inside it is found")
  func chain() throws {
    let path = scratch()
    defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
    let catalogue = try Catalogue.create(path: path)
    for number in 1...4 {
      var batch = BatchRecord(fileDigest: "f\(number)", payloadDigest: "p", name: "n")
      batch.state = .refused
      _ = try catalogue.recordRefused(batch)
    }
    try catalogue.appendJournal(JournalEntry(kind: "reveal", body: "{\"reason\":\"复核\"}", time: 5))
    let head = try #require(try catalogue.journalHead())
    #expect(try catalogue.checkJournal() == .intact(count: 5, head: head.hash))
    #expect(try catalogue.journal().map(\.entry.kind) == ["batch", "batch", "batch", "batch", "reveal"])
    try catalogue.close()
    let changes: [(String, Int64)] = [
      ("UPDATE journal SET body = replace(body, 'f2', 'f9') WHERE number = 2", 2),
      ("UPDATE journal SET time = 6 WHERE number = 5", 5),
      ("DELETE FROM journal WHERE number = 3", 3),
      (
        "UPDATE journal SET number = CASE number WHEN 1 THEN -2 ELSE -1 END WHERE number < 3;"
          + "UPDATE journal SET number = -number WHERE number < 0", 1
      ),
      (
        "UPDATE journal SET number = -number-1 WHERE number > 2; UPDATE journal SET number = -number WHERE number < 0;"
          + "INSERT INTO journal SELECT 3, time, kind, body, hash FROM journal WHERE number = 2", 3
      ),
    ]
    for (sql, place) in changes {
      let copy = scratch()
      defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + end) } }
      try FileManager.default.copyItem(atPath: path, toPath: copy)
      let queue = try DatabaseQueue(path: copy)
      try queue.write { try $0.execute(sql: sql) }
      try queue.close()
      #expect(try Catalogue.open(path: copy, access: .readOnly).checkJournal() == .broken(at: place), "\(sql)")
    }
    // Its end cut off: only a head kept elsewhere tells.
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "DELETE FROM journal WHERE number = 5") }
    try queue.close()
    #expect(try Catalogue.open(path: path, access: .readOnly).checkJournal() != .intact(count: 5, head: head.hash))
  }

  @Test("an entry's fields cannot run into each other")
  func framing() {
    let one = Catalogue.journalHash(previous: "", number: 1, JournalEntry(kind: "ab", body: "c"))
    let other = Catalogue.journalHash(previous: "", number: 1, JournalEntry(kind: "a", body: "bc"))
    #expect(one != other)
  }

  @Test("a gate undoes the transaction that it forbids")
  func gate() throws {
    struct Closed: Error {}
    let path = scratch()
    defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
    try Catalogue.create(path: path).close()
    let calls = Counter()
    let catalogue = try Catalogue.open(path: path) {
      calls.value += 1
      // Opening asks once; then before the transaction, and before its commit.
      if calls.value == 3 { throw Closed() }
    }
    #expect(throws: Closed.self) { try catalogue.appendJournal(JournalEntry(kind: "x", body: "{}")) }
    #expect(try catalogue.journalHead() == nil)
    try catalogue.appendJournal(JournalEntry(kind: "x", body: "{}"))
    #expect(try catalogue.journalHead()?.number == 1)
  }
}

private final class Counter: @unchecked Sendable { var value = 0 }
