import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

@Suite struct HealthTests {
  private func check(_ fixture: RunFixture) throws -> HealthReport {
    try HealthCheck(
      store: fixture.store.root, settings: fixture.settings, calendar: try Repository.library.get().calendar
    ).run()
  }

  private func bad(_ fixture: RunFixture) throws -> [String] {
    try check(fixture).items.filter { !$0.isFine }.map(\.check)
  }

  @Test func aStoreAfterAGoodNightIsHealthy() throws {
    let fixture = try RunFixture()
    fixture.settings.freeFloor = 1
    #expect(try bad(fixture) == ["runs"])
    _ = try fixture.run(RunFixture.importing([goodFile]))
    let report = try check(fixture)
    #expect(report.isHealthy && report.status == .success, "\(report.text)")
    let object = try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any]
    #expect(object?["healthy"] as? Bool == true)
    #expect((object?["checks"] as? [[String: Any]])?.count == report.items.count)
  }

  @Test func everythingThatIsWrongIsFound() throws {
    let fixture = try RunFixture()
    fixture.settings.freeFloor = 1
    _ = try fixture.run(RunFixture.importing([goodFile, brokenFile]))
    #expect(try bad(fixture).isEmpty)
    fixture.settings.health.quarantined = 0
    #expect(try bad(fixture) == ["quarantine"])
    fixture.settings.health.quarantined = 20
    fixture.settings.freeFloor = .max
    #expect(try bad(fixture) == ["space"])
    fixture.settings.freeFloor = 1
    fixture.settings.freshness["lcj"] = FreshnessRule(every: .month, errorAfter: 0)
    #expect(try bad(fixture) == ["freshness"])
    fixture.settings.freshness = [:]
    fixture.settings.health.success = 0
    #expect(try bad(fixture) == ["runs"])
    fixture.settings.health.success = 1000
    let inbox = fixture.layout.inbox(bureau: "nyncj")
    try FileSystem.createFolder(inbox)
    try Data("x".utf8).write(to: URL(fileURLWithPath: inbox + "/old.csv"))
    fixture.settings.health.pending = -1
    #expect(try bad(fixture) == ["pending"])
    fixture.settings.health.pending = 1000
    let holder = try ImportRun(store: fixture.store.root, library: try Repository.library.get())
    #expect(try bad(fixture).isEmpty)
    fixture.settings.health.lock = -1
    #expect(try bad(fixture) == ["lock"])
    withExtendedLifetime(holder) {}
  }

  @Test func aJournalThatWasChangedIsFound() throws {
    let fixture = try RunFixture()
    fixture.settings.freeFloor = 1
    _ = try fixture.run(RunFixture.importing([goodFile]))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(\"UPDATE journal SET body='{}' WHERE number=1\"); c.commit()",
      fixture.layout.catalogue,
    ]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return }
    #expect(try bad(fixture) == ["journal"])
  }

  @Test func noStoreIsNoHealth() throws {
    let check = HealthCheck(store: "/nowhere", settings: OperationSettings(), calendar: .weekendsOnly)
    #expect(throws: CatalogueError.self) { try check.run() }
  }
}
