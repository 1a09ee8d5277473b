import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// A store, settings, and a run over files that are imported where they lie: what the room of runs does without the
/// inbox.
final class RunFixture {
  let store: ScratchStore
  var settings = OperationSettings()
  private(set) var log: [String] = []
  var layout: StoreLayout { StoreLayout(root: store.root) }

  init() throws { store = try ScratchStore() }

  func effective() throws -> EffectiveSettings {
    EffectiveSettings(OperationSettingsFile(settings))
  }

  func order(_ change: (inout NightlyRun.Order) -> Void = { _ in }) -> NightlyRun.Order {
    var order = NightlyRun.Order(store: store.root)
    order.version = "test"
    change(&order)
    return order
  }

  /// One run; `work` stands for the inbox.
  func run(
    minimum: LogLevel = .info, style: RunLog.Style = .human, order: NightlyRun.Order? = nil,
    _ work: @escaping NightlyRun.InboxWork = { _, _ in }
  ) throws -> RunReport {
    let log = RunLog(style, minimum: minimum) { self.log.append(String(decoding: $0, as: UTF8.self)) }
    return NightlyRun(
      order ?? self.order(), settings: try effective(), log: log, library: { try Repository.library.get() },
      inbox: work
    ).run()
  }

  /// Imports files in the run, as if they had come through the inbox.
  static func importing(_ paths: [String]) -> NightlyRun.InboxWork {
    { run, outcome in
      for (number, path) in paths.enumerated() {
        let file = try run.take(Delivery(path: path))
        outcome.deliveries.append(
          DeliveryOutcome(
            id: "\(run.id)-\(number)", folder: "nyncj", name: PathText.name(of: path),
            state: file.state == .accepted ? .imported : file.state == .duplicate ? .duplicate : .quarantined,
            file: file))
      }
    }
  }

  func record(_ report: RunReport) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: layout.runRecord(report.figures.id)))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// A program that a hook may name.
  func script(_ name: String, _ text: String) throws -> String {
    let path = try store.file(name, Array("#!/bin/sh\n\(text)\n".utf8))
    try FileSystem.setMode(path, 0o755)
    return path
  }

  func text(_ name: String) throws -> String {
    String(decoding: try bytes(of: store.folder + "/" + name), as: UTF8.self)
  }
}

let goodFile = Repository.path("samples/hostile/CODE_RETIRED.csv")
let brokenFile = Repository.path("samples/hostile/GZ_TRUNCATED.csv.gz")
