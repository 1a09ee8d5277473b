import Foundation
import SpotCheck
import SpotCheckTestSupport
import Synchronization
import Testing

@Suite struct NightlyRunTests {
  @Test func aRunIsRecordedInTheCatalogueAndBesideIt() throws {
    let fixture = try RunFixture()
    let report = try fixture.run(RunFixture.importing([goodFile]))
    #expect(report.status == .success && report.figures.state == "done")
    let record = try fixture.record(report)
    #expect(record["run"] as? String == report.figures.id)
    #expect(record["exit_status"] as? Int == 0 && record["snapshot_before"] as? Int == 0)
    #expect(record["snapshot_after"] as? Int == 1)
    #expect((record["files"] as? [[String: Any]])?.first?["name"] as? String == "CODE_RETIRED.csv")
    #expect((record["configuration"] as? String)?.count == 64)
    #expect((record["journal_head"] as? String)?.count == 64)
    let run = try #require(try OpenStore(fixture.store.root).catalogue.runs().last)
    #expect(run.record.state == "done" && run.record.details.contains("\"exit_status\":0"))
    #expect(run.record.details.contains("\"files\":{\"accepted"))
  }

  @Test func aQuietRunSaysNothingWhenAllIsWell() throws {
    let fixture = try RunFixture()
    let report = try fixture.run(minimum: .warning, RunFixture.importing([goodFile]))
    #expect(report.status == .success)
    #expect(fixture.log.isEmpty, "\(fixture.log)")
    _ = try fixture.run(minimum: .warning, RunFixture.importing([brokenFile]))
    #expect(fixture.log.contains { $0.contains("GZ_TRUNCATED") })
  }

  /// Every way a run can end, by what is gravest.
  @Test func theExitStatusSaysWhatIsGravest() throws {
    struct Failure: Error {}
    let fixture = try RunFixture()
    #expect(try fixture.run().status == .success)
    #expect(try fixture.run(RunFixture.importing([brokenFile])).status == .withRejects)
    #expect(try fixture.run { _, outcome in outcome.deferred = ["files": 2] }.status == .withRejects)
    #expect(try fixture.run { _, outcome in outcome.waiting = 5 }.status == .success)
    // What lies in a folder that cannot be listed is left for the next run: that is not "all good".
    for code in [DiagnosticCode.fileUnreadable, .fileTooBig] {
      let note = IntakeNote(code, folder: "", name: "lcj")
      #expect(try fixture.run { _, outcome in outcome.notes = [note] }.status == .withRejects)
    }
    let link = IntakeNote(.fileSymbolicLink, folder: "lcj", name: "x.csv")
    #expect(try fixture.run { _, outcome in outcome.notes = [link] }.status == .success)
    #expect(try fixture.run { _, _ in throw Failure() }.status == .failure)
    let full = SystemError(operation: "write", path: "x", code: ENOSPC)
    #expect(try fixture.run { _, _ in throw full }.status == .inputOutput)
    let signals = TestSignals()
    signals.send(.interrupt)
    #expect(try TestSignals.with(signals) { try fixture.run().status } == .interrupted)
    #expect(
      try TestSignals.with(signals) {
        try fixture.run { _, _ in throw ImportError(.stopped, path: "x", "stopped") }.status
      } == .interrupted)
    // The disk that is full is not forgotten because somebody pulled the plug as well.
    #expect(try TestSignals.with(signals) { try fixture.run { _, _ in throw full }.status } == .inputOutput)
    fixture.settings.gates.all.codes[.codeRetired] = CodeLimit(count: 0)
    #expect(try fixture.run(RunFixture.importing([goodFile, brokenFile])).status == .qualityGate)
    fixture.settings.freshness["lcj"] = FreshnessRule(every: .month, errorAfter: 0)
    #expect(try fixture.run(RunFixture.importing([goodFile])).status == .qualityGate)
    #expect(try fixture.run().status == .alert)
    let nowhere = fixture.order { $0.store = fixture.store.folder }
    #expect(try fixture.run(order: nowhere).status == .noStore)
  }

  @Test func aFailureIsRecordedAndMeasured() throws {
    let fixture = try RunFixture()
    fixture.settings.metricsFile = fixture.store.folder + "/spotcheck.prom"
    _ = try fixture.run(RunFixture.importing([goodFile]))
    let success = try PrometheusText(fixture.text("spotcheck.prom")).value("spotcheck_last_success_timestamp_seconds")
    let report = try fixture.run { _, _ in throw SystemError(operation: "write", path: "/x", code: ENOSPC) }
    let record = try fixture.record(report)
    #expect(record["state"] as? String == "failed" && record["exit_status"] as? Int == 74)
    #expect((record["message"] as? String)?.contains("ENOSPC") == true)
    let metrics = try PrometheusText(fixture.text("spotcheck.prom"))
    #expect(metrics.value("spotcheck_last_run_exit_status") == 74)
    #expect(metrics.value("spotcheck_last_success_timestamp_seconds") == success)
    #expect(metrics.value("spotcheck_files_total", ["state": "accepted"]) == 1)
    #expect(metrics.value("spotcheck_pending_files", ["bureau": "nyncj"]) == nil)
  }

  @Test func aRunThatEndedWithoutAWordIsFoundByTheNext() throws {
    let fixture = try RunFixture()
    do {
      // As kill -9 leaves it: begun, and never ended.
      let run = try ImportRun(store: fixture.store.root, library: try Repository.library.get())
      _ = try run.take(Delivery(path: goodFile))
    }
    #expect(try OpenStore(fixture.store.root).catalogue.runs().map(\.record.state) == ["running"])
    let report = try fixture.run()
    #expect(report.figures.findings.contains { $0.code == "RUN_INTERRUPTED" })
    let runs = try OpenStore(fixture.store.root).catalogue.runs()
    #expect(runs.map(\.record.state) == ["interrupted", "done"])
    #expect(runs[0].lastSnapshot == 1)
    #expect(try fixture.run().figures.findings.isEmpty)
  }

  @Test func onlyOneRunHoldsTheStoreAndTheOtherMayWait() throws {
    let fixture = try RunFixture()
    let holder = Mutex<FileLock?>(try FileLock.acquire(fixture.layout.lockFile))
    #expect(try fixture.run().status == .locked)
    let clock = TestClock { clock, _ in if clock.sleptSeconds > 5 { holder.withLock { $0 = nil } } }
    let statuses = try TestClock.with(clock) {
      [
        try fixture.run(order: fixture.order { $0.wait = 3 }).status,
        try fixture.run(order: fixture.order { $0.wait = 60 }).status,
      ]
    }
    #expect(statuses == [.locked, .success])
    #expect(clock.sleptSeconds > 5 && clock.sleptSeconds < 10)
  }

  @Test func aStopComesBetweenTwoChunksAndLeavesNothingOfTheFile() throws {
    let fixture = try RunFixture()
    let signals = TestSignals()
    let report = try TestSignals.with(signals) {
      try fixture.run { run, outcome in
        try RunFixture.importing([goodFile])(run, &outcome)
        signals.send(.terminate)
        try RunFixture.importing([Repository.path("samples/hostile/CELL_UNIT.csv")])(run, &outcome)
      }
    }
    #expect(report.status == .terminated && report.figures.state == "stopped")
    #expect(report.figures.snapshotAfter == 1)
    #expect(try fixture.record(report)["exit_status"] as? Int == 143)
  }

  // MARK: Hooks

  @Test func hooksAreToldHowTheRunWent() throws {
    let fixture = try RunFixture()
    let tell = try fixture.script(
      "tell",
      "cat > \"$0.$SPOTCHECK_EVENT.json\"; echo \"$SPOTCHECK_EXIT_STATUS $SPOTCHECK_QUARANTINED $1\" > \"$0.$SPOTCHECK_EVENT\""
    )
    fixture.settings.hooks.onSuccess = [tell, "a b"]
    fixture.settings.hooks.onFailure = [tell]
    fixture.settings.hooks.onQuarantine = [tell]
    _ = try fixture.run(RunFixture.importing([goodFile]))
    #expect(try fixture.text("tell.on_success") == "0 0 a b\n")
    let report = try fixture.run(RunFixture.importing([brokenFile]))
    #expect(try fixture.text("tell.on_failure") == "3 1 \n" && fixture.text("tell.on_quarantine") == "3 1 \n")
    let told = try bytes(of: fixture.store.folder + "/tell.on_failure.json")
    #expect(told == (try bytes(of: fixture.layout.runRecord(report.figures.id))))
  }

  @Test(arguments: ["exit 7", "kill -9 $$", "sleep 60", "exec no-such-program"])
  func aHookThatFailsOrHangsChangesNothing(_ text: String) throws {
    let fixture = try RunFixture()
    fixture.settings.hooks.onSuccess = [try fixture.script("hook", text)]
    fixture.settings.hooks.timeout = 0.3
    let report = try fixture.run(RunFixture.importing([goodFile]))
    #expect(report.status == .success)
    #expect(fixture.log.contains { $0.contains("HOOK_FAILED") })
    let findings = try fixture.record(report)["findings"] as? [[String: Any]]
    #expect(findings?.first?["kind"] as? String == "hook")
    #expect(try fixture.store.rate("bureau").total.counts.samples > 0)
  }

  /// While a hook runs the store is free: another run would find nobody at work.
  @Test func theStoreIsFreeWhileAHookRuns() throws {
    let fixture = try RunFixture()
    fixture.settings.hooks.onSuccess = [
      try fixture.script("hook", "flock -n '\(fixture.layout.lockFile)' true && echo free > \"$0.said\"")
    ]
    _ = try fixture.run()
    #expect(try fixture.text("hook.said") == "free\n")
  }

  // MARK: Logs

  @Test func everyLineOfAJSONLogIsAnObjectWithoutPersonalData() throws {
    let fixture = try RunFixture()
    let name = "张三13912345678.csv"
    let path = try fixture.store.file(name, Array("姓名,电话\n张三,13912345678\n".utf8))
    _ = try fixture.run(style: .json, RunFixture.importing([path, brokenFile, goodFile]))
    for line in fixture.log {
      #expect(line.hasSuffix("\n") && line.dropLast().allSatisfy { !$0.isNewline })
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      #expect(object["ts"] is String && object["level"] is String && object["run"] is String && object["msg"] is String)
    }
    #expect(!fixture.log.joined().contains("13912345678"))
    #expect(fixture.log.count >= 4)
  }

  @Test func theJournalGetsPriorities() throws {
    let fixture = try RunFixture()
    _ = try fixture.run(style: .journal, RunFixture.importing([brokenFile]))
    #expect(fixture.log.allSatisfy { $0.first == "<" })
    #expect(fixture.log.contains { $0.hasPrefix("<4>") })
    #expect(RunLog.Style(.human, journalStream: "8:123") == .journal)
    #expect(RunLog.Style(.human, journalStream: "") == .human && RunLog.Style(.json, journalStream: "8:1") == .json)
  }
}
