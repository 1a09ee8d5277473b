import SpotCheck
import SpotCheckOperations
import SpotCheckTestSupport
import Testing

@Suite("Files named on the command line")
struct DirectImportTests {
  private func direct(_ inbox: InboxStore, _ paths: [String]) throws -> ImportSummary {
    try TestClock.with(inbox.clock) { try DirectImport(run: try inbox.run()).run(paths) }
  }

  @Test("a copy is kept, the original stays, and nobody gets a receipt")
  func kept() throws {
    let inbox = try InboxStore()
    let good = try inbox.store.file("good.csv", Array(SmallDelivery.csv(1).utf8))
    let bad = try inbox.store.file(".bad.tmp", Array("x".utf8))
    let summary = try direct(inbox, [good, good, bad, inbox.store.folder, good + "?"])
    #expect(summary.files.map(\.state) == [.accepted, .duplicate, .refused, .refused, .refused])
    #expect(summary.files.map(\.path) == [good, good, bad, inbox.store.folder, good + "?"])
    #expect(summary.files.map { $0.refusal?.code } == [nil, nil, .pipelineNone, .fileNotRegular, .fileUnreadable])
    #expect(try InputFile.contents(of: good) == Array(SmallDelivery.csv(1).utf8))
    #expect(try inbox.files("archive").map { $0.hasSuffix("-good.csv") } == [true])
    #expect(try inbox.files("quarantine").contains { $0.hasSuffix("-%2Ebad.tmp") || $0.hasSuffix("-.bad.tmp") })
    #expect(try inbox.files("receipts", "processing").isEmpty)
  }

  @Test("says what an import in place says")
  func sameWords() throws {
    for name in try FileSystem.names(in: Repository.path("samples/hostile")).prefix(20) where name != "EXPECTED.csv" {
      let path = Repository.path("samples/hostile/" + name)
      let (one, other) = (try InboxStore(), try ScratchStore())
      let direct = try direct(one, [path])
      let inPlace = try other.importFiles([path])
      for (left, right) in zip(direct.files, inPlace.files) {
        #expect(left.path == right.path && left.state == right.state && left.counts == right.counts, "\(name)")
        #expect(left.refusal == right.refusal && left.accounts == right.accounts, "\(name)")
        // Of a copy of our own the payload is not hashed where it is the file.
        #expect(left.payloadDigest == right.payloadDigest && left.payloadBytes == right.payloadBytes, "\(name)")
      }
    }
  }

  @Test("a kill at any call: the next import finishes or forgets it, and nothing counts twice")
  func sweep() throws {
    let counting = FaultPlan([])
    let text = Array(SmallDelivery.csv(1).utf8)
    do {
      let inbox = try InboxStore()
      let path = try inbox.store.file("a.csv", text)
      _ = try FaultPlan.with(counting) { try direct(inbox, [path]) }
    }
    for call in 1...counting.mutations {
      let inbox = try InboxStore()
      let path = try inbox.store.file("a.csv", text)
      _ = try? FaultPlan.with(FaultPlan(mutation: call, .die)) { try direct(inbox, [path]) }
      #expect(try InputFile.contents(of: path) == text)
      _ = try direct(inbox, [path])
      #expect(try inbox.files("archive").count == 1, "call \(call)")
      #expect(try inbox.files("processing", "receipts").isEmpty, "call \(call)")
      #expect(try inbox.store.rate("bureau").total.counts.samples == 1, "call \(call)")
    }
  }
}
