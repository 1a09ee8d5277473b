import ArgumentParser
import SpotCheck

extension StoreCommand {
  struct Stats: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "stats", abstract: "Prints how much the store holds, one figure a line.")
    @OptionGroup var store: StoreOption

    func run() throws {
      let open = try OpenStore(try store.path(for: .answers))
      let newest = try open.catalogue.latestSnapshot()
      let segments = try open.catalogue.visibleSegments(at: newest)
      var figures: [(String, Int)] = [
        ("snapshot", Int(newest)), ("visible segments", segments.count),
        ("visible samples", segments.reduce(0) { $0 + $1.record.samples }),
        ("visible items", segments.reduce(0) { $0 + $1.record.items }),
        ("visible bytes", segments.reduce(0) { $0 + $1.record.bytes }),
        ("superseded samples", try open.catalogue.superseded(at: newest).values.reduce(0) { $0 + $1.count }),
      ]
      figures += try open.catalogue.sizes().map { ("catalogue " + $0.name, $0.count) }
      let files = try open.layout.listSegments()
      figures.append(("segment files", files.whole.count * 2 + files.halves.count))
      figures.append(("free bytes", Int(clamping: try FileSystem.freeBytes(open.layout.root))))
      for (name, figure) in figures { Console.out("\(name)\t\(figure)\n") }
    }
  }
}
