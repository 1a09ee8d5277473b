import ArgumentParser
import SpotCheck

extension StoreCommand {
  struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "backup", abstract: "Copies the store into a new folder, while it is in use, and verifies the copy.",
      discussion: """
        The copy is a store as of one moment, with the delivered files that are kept, receipts and records of runs.
        """)
    @OptionGroup var store: StoreOption
    @Argument(help: ArgumentHelp("The new folder.", valueName: "folder"))
    var target: String

    func run() throws { try StoreCommand.copy(from: try store.path(for: .operations), to: target) }
  }

  struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "restore", abstract: "Makes a store from a backup, and verifies it.",
      discussion: """
        Only into an empty or a new folder: move a damaged store away first.

        EXAMPLES
          mv store store.damaged
          spotcheck store restore --store store /backup/store-2025-07-01
        """)
    @OptionGroup var store: StoreOption
    @Argument(help: ArgumentHelp("Folder of the backup.", valueName: "folder"))
    var backup: String

    func run() throws { try StoreCommand.copy(from: backup, to: try store.path(for: .operations)) }
  }

  private static func copy(from: String, to: String) throws {
    let outcome = try StoreCopy(from: StoreLayout(root: from), to: to).copy()
    let open = try OpenStore(to)
    var verifier = StoreVerifier(layout: open.layout, catalogue: open.catalogue)
    try verifier.verifyKeptFiles()
    let check = try verifier.verify()
    for finding in check.findings { Console.note((finding.isDamage ? "damaged: " : "note: ") + finding.message) }
    guard check.isSound else { throw CommandFailure(.damaged, "the copy in \(to) is damaged") }
    Console.note(
      "v\(outcome.snapshot): \(outcome.segments) segments, \(outcome.files) files, \(outcome.bytes) bytes copied and verified"
    )
  }
}
