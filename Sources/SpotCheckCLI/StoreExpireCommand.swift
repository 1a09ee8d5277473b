import ArgumentParser
import SpotCheck

extension StoreCommand {
  struct Expire: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "expire", abstract: "Drops what only old snapshots need.",
      discussion: """
        The newest snapshot and those with a tag stay, and so does every old one whose segments are needed anyway. Files
        that somebody reads just now are removed by a later run.

        EXAMPLES
          spotcheck store expire --store store --keep 100
          spotcheck store expire --store store --before 2025-01-01
        """)
    @OptionGroup var store: StoreOption

    @Option(help: "Keep so many of the newest snapshots.")
    var keep: Int?

    @Option(help: "Drop snapshots made before this day (China Standard Time) or time.")
    var before: String?

    func run() throws {
      guard (keep == nil) != (before == nil) else { throw CommandFailure(.usage, "say --keep N, or --before DATE") }
      if let keep, keep < 1 { throw CommandFailure(.usage, "--keep takes a number from 1") }
      var options = ImportOptions()
      options.command = "expire"
      options.version = SpotCheckVersion.current
      let run = try ImportRun(
        store: try store.path(for: .operations), library: PipelineLibrary(folder: ""), options: options)
      let isOld: (SnapshotRecord) -> Bool
      if let before {
        guard let time = Catalogue.firstMillisecond(of: before) else {
          throw CommandFailure(.usage, "'\(before)' is no day or time; expected 2025-01-01, or 2025-01-01T12:30")
        }
        isOld = { $0.time.map { $0 < time } ?? false }
      } else {
        let newest = try run.catalogue.latestSnapshot()
        let last = newest - Int64(keep ?? 1)
        isOld = { $0.number <= last }
      }
      let (expiry, isSwept) = try run.ending { try run.expire(isOld: isOld) }
      Console.note("\(expiry.snapshots.count) snapshots expired, \(expiry.segments.count) segments dropped")
      if !isSwept { Console.note("somebody reads the store: a later run removes their files") }
    }
  }
}
