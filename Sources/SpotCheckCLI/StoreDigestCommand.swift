import ArgumentParser
import SpotCheck

extension StoreCommand {
  struct Digest: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "digest", abstract: "Prints the identity of what a snapshot says, whatever it is kept in.",
      discussion: """
        Two stores with the same first digest give the same answers, whatever the order of import, segments or times. The
        second one covers as well which file, line and byte everything came from.
        """)
    @OptionGroup var store: StoreOption

    @Option(name: .customLong("as-of"), help: "Snapshot: number, date, run or tag (default: the newest).")
    var asOf: String?

    func run() throws {
      let open = try OpenStore(try store.path(for: .answers))
      let snapshot = try open.catalogue.resolve(asOf: asOf)
      let digest = try StoreDigest(layout: open.layout, catalogue: open.catalogue, at: snapshot)
      Console.out("content     \(digest.content)\nprovenance  \(digest.provenance)\n")
      Console.note("v\(digest.snapshot): \(digest.samples) samples, \(digest.items) items")
    }
  }
}
