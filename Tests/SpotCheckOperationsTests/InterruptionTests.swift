import Foundation
import SpotCheck
import SpotCheckOperations
import SpotCheckTestSupport
import Testing

@Suite("Files that change, and passes that are stopped")
struct InterruptionTests {
  private func append(_ text: String, to path: String) throws {
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  /// Renaming does not stop a writer that has the file open.
  @Test func aWriterThatWritesAfterTheClaimLosesNothing() throws {
    let inbox = try InboxStore()
    inbox.settings.asksForLease = false
    let path = try inbox.drop("a.csv", SmallDelivery.csv(1))
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    let outcome = try inbox.pass { event in
      // Claimed, hashed, and being parsed.
      if case .progress = event { try? handle.write(contentsOf: Data((SmallDelivery.row(2) + "\r\n").utf8)) }
    }
    #expect(outcome.deliveries.map(\.state) == [.returned])
    #expect(outcome.isBalanced)
    #expect(try FileSystem.exists(path))
    #expect(try inbox.batches().isEmpty)
    #expect(try inbox.files("receipts", "processing", "archive").isEmpty)
    try handle.close()
    #expect(try inbox.pass().count(.imported) == 1)
    #expect(try inbox.batches().map(\.record.accounts.accepted) == [2])
  }

  @Test("what changes between looking and claiming is put back")
  func changesBeforeTheClaim() throws {
    let inbox = try InboxStore()
    try inbox.drop("a.csv", SmallDelivery.csv(1))
    let second = try inbox.drop("b.csv", SmallDelivery.csv(2))
    let outcome = try inbox.pass { event in
      if case .finished(let delivery) = event, delivery.name == "a.csv" {
        try? self.append(SmallDelivery.row(3) + "\r\n", to: second)
      }
    }
    #expect(outcome.deliveries.map(\.state) == [.imported, .returned])
    #expect(try FileSystem.exists(second))
    #expect(try inbox.pass().count(.imported) == 1)
    #expect(try inbox.batches().map(\.record.accounts.accepted) == [1, 2])
  }

  @Test("a file that is taken away is no failure")
  func vanishes() throws {
    let inbox = try InboxStore()
    try inbox.drop("a.csv", SmallDelivery.csv(1))
    let second = try inbox.drop("b.csv", SmallDelivery.csv(2))
    let outcome = try inbox.pass { event in
      if case .finished = event { _ = try? FileSystem.removeFile(second) }
    }
    #expect(outcome.count(.imported) == 1 && outcome.vanished == 1 && outcome.isBalanced)
  }

  /// ING-12: the file at work goes back as it came, the others stay.
  @Test func aStopPutsTheFileAtWorkBack() throws {
    let inbox = try InboxStore()
    for number in 1...3 { try inbox.drop("\(number).csv", SmallDelivery.csv(number)) }
    try inbox.drop("2.csv.done", "")
    var isStopped = false
    let outcome = try inbox.pass { event in
      if case .claimed(_, _, "2.csv", _) = event { isStopped = true }
    } stop: {
      isStopped
    }
    #expect(outcome.deliveries.map(\.state) == [.imported, .returned])
    #expect(outcome.deferred == ["stopped": 1])
    #expect(try inbox.files("inbox") == ["inbox/nyncj/2.csv", "inbox/nyncj/2.csv.done", "inbox/nyncj/3.csv"])
    #expect(try inbox.files("processing").isEmpty)
    #expect(try inbox.files("receipts").filter { $0.contains("2.csv") }.isEmpty)
    let next = try inbox.pass()
    #expect(next.deliveries.map(\.attempt) == [1, 1] && next.count(.imported) == 2)
  }

  @Test("if another file has taken the name meanwhile, both are imported")
  func nameTaken() throws {
    let inbox = try InboxStore()
    try inbox.drop("a.csv", SmallDelivery.csv(1))
    var isStopped = false
    let first = try inbox.pass { event in
      guard case .claimed = event else { return }
      isStopped = true
      _ = try? inbox.drop("a.csv", SmallDelivery.csv(2))
    } stop: {
      isStopped
    }
    #expect(first.count(.returned) == 1)
    #expect(try inbox.files("inbox").count == 1 && inbox.files("processing").count == 1)
    let second = try inbox.pass()
    #expect(second.deliveries.map(\.attempt) == [1, 1] && second.count(.imported) == 2)
    #expect(try inbox.files("inbox", "processing").isEmpty)
  }
}
