import ArgumentParser
import SpotCheck

struct StoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "store", abstract: "Looks after a store.", subcommands: [Verify.self, Snapshots.self])

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reads every byte again: checksums, codes, references, and the accounts of every batch.")
    @OptionGroup var store: StoreOption

    func run() throws {
      let open = try OpenStore(try store.path())
      var verifier = StoreVerifier(layout: open.layout, catalogue: open.catalogue)
      let outcome = try verifier.verify()
      for finding in outcome.findings { Console.note((finding.isDamage ? "damaged: " : "note: ") + finding.message) }
      guard outcome.isSound else { throw CommandFailure(.damaged, "the store is damaged") }
      let counting = outcome.counting
      Console.note(
        "counting: \(counting.samples) samples = \(counting.inspected) inspected + \(counting.excluded) excluded")
      Console.out(
        "sound: \(outcome.batches) batches, \(outcome.segments) segments, \(outcome.samples) samples, \(outcome.items) items\n"
      )
    }
  }

  struct Snapshots: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the snapshots, oldest first.")
    @OptionGroup var store: StoreOption

    func run() throws {
      let catalogue = try OpenStore(try store.path()).catalogue
      let batches = Dictionary(uniqueKeysWithValues: try catalogue.batches().map { ($0.id, $0.record.name) })
      for snapshot in try catalogue.snapshots() {
        let name = snapshot.batch.flatMap { batches[$0] } ?? snapshot.label
        Console.out("v\(snapshot.number)\t\(snapshot.runID ?? "-")\t\(PathText.printable(name))\n")
      }
    }
  }
}
