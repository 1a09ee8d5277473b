import ArgumentParser
import SpotCheck

struct StoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store", abstract: "Looks after a store.",
    subcommands: [
      Verify.self, Digest.self, Snapshots.self, Tag.self, Stats.self, Compact.self, Expire.self, Backup.self,
      Restore.self,
      Rebuild.self,
    ])

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: "Reads every byte again: checksums, codes, references, and the accounts of every batch.",
      discussion: """
        Tells every sample's story again, follows the journal, and hashes every delivered file that is kept. The last
        line names the journal's end, to be compared with one that was noted elsewhere. With --seal-key the seals of
        receipts are checked too; one that came from elsewhere can be laid into receipts/ beside the others.
        """)
    @OptionGroup var store: StoreOption

    @Flag(name: .customLong("no-archive"), help: "Do not read the delivered files that are kept.")
    var skipsArchive = false

    @Option(help: ArgumentHelp("Check the seals of receipts with the key in this file.", valueName: "file"))
    var sealKey: String?

    func validate() throws {
      if sealKey != nil, skipsArchive { throw ValidationError("--seal-key needs what --no-archive leaves out") }
    }

    func run() throws {
      let open = try OpenStore(try store.path(for: .answers))
      var verifier = StoreVerifier(layout: open.layout, catalogue: open.catalogue)
      verifier.sealKey = try sealKey.map(SealKeyFile.load)
      if !skipsArchive { try verifier.verifyKeptFiles() }
      let outcome = try verifier.verify()
      for finding in outcome.findings { Console.note((finding.isDamage ? "damaged: " : "note: ") + finding.message) }
      guard outcome.isSound else { throw CommandFailure(.damaged, "the store is damaged") }
      let counting = outcome.counting
      Console.note(
        "counting: \(counting.samples) samples = \(counting.inspected) inspected + \(counting.excluded) excluded")
      if outcome.journalEntries > 0 {
        Console.note("journal: \(outcome.journalEntries) entries, the last is \(outcome.journalHead)")
      }
      if sealKey != nil { Console.note("receipts: \(outcome.sealedReceipts) with a genuine seal") }
      Console.out(
        "sound: \(outcome.batches) batches, \(outcome.segments) segments, \(outcome.samples) samples, \(outcome.items) items\n"
      )
    }
  }

  struct Snapshots: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "snapshots", abstract: "Lists the snapshots, oldest first.")
    @OptionGroup var store: StoreOption

    func run() throws {
      let catalogue = try OpenStore(try store.path(for: .answers)).catalogue
      let batches = Dictionary(uniqueKeysWithValues: try catalogue.batches().map { ($0.id, $0.record.name) })
      for snapshot in try catalogue.snapshots() {
        var name = snapshot.batch.flatMap { batches[$0] } ?? snapshot.label
        if snapshot.kind != .batch { name = "(\(snapshot.kind.rawValue))" }
        var columns = ["v\(snapshot.number)", snapshot.runID ?? "-", name]
        if !snapshot.label.isEmpty, snapshot.number > 0 { columns.append(snapshot.label) }
        if snapshot.isExpired { columns.append("(expired)") }
        Console.out(columns.map(PathText.printable).joined(separator: "\t") + "\n")
      }
    }
  }
}
