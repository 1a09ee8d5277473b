import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// `nightly` and `watch` as cron and systemd run them: the real program, its exit status, its silence, its signals.
@Suite(.serialized) struct UnattendedTests {
  private let good = Repository.path("samples/hostile/CODE_RETIRED.csv")
  private let broken = Repository.path("samples/hostile/GZ_TRUNCATED.csv.gz")

  /// Every exit status that is promised, by the program itself.
  @Test func everyExitStatusIsProduced() throws {
    let store = try InboxStore()
    // 0: all good, 3: refused, 3: left by a limit.
    try store.drop(good)
    #expect(try store.nightly().status == 0)
    try store.drop(broken)
    #expect(try store.nightly().status == 3)
    for (number, path) in try store.deliveries(2).enumerated() { try store.drop(path, as: "\(number).csv.gz") }
    let limited = try store.nightly(["--max-files", "1"])
    #expect(limited.status == 3 && limited.errors.contains("deferred_files="), "\(limited.errors)")
    // 2: usage, of options and of settings.
    #expect(try store.nightly(["--stability", "soon"]).status == 2)
    #expect(try Program.run(["nightly", "--no-such-option"]).status == 2)
    func settings(_ text: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: store.layout.settings))
      try FileSystem.setMode(store.layout.settings, 0o640)
    }
    try settings("stabilty: 3s\n")
    let wrong = try store.nightly()
    #expect(wrong.status == 2 && wrong.errors.contains("did you mean 'stability'?"))
    // 4: a gate; the file is put aside, and not visible.
    try settings("gates: { all: { codes: { CODE_RETIRED: 0 } } }\n")
    let text = String(decoding: try bytes(of: good), as: UTF8.self)
    try store.drop(Array(text.replacing("NCP2363", with: "NCP2364").utf8), as: "gated.csv")
    let gated = try store.nightly()
    #expect(gated.status == 4, "\(gated.errors)")
    let refused = try #require(try store.batches().last)
    #expect(refused.record.state == .refused && refused.record.refusalCode == "SET_REJECT_RATE")
    #expect(refused.record.place.hasPrefix("quarantine/SET_REJECT_RATE/"))
    #expect(try OpenStore(store.root).visibleNames().allSatisfy { $0 != "gated.csv" })
    // 5: overdue; and the health check.
    try settings("freshness: { lcj: { every: month, error_after: 0 } }\n")
    #expect(try store.nightly().status == 5)
    #expect(try Program.run(["healthcheck", "--store", store.root]).status == 5)
    try settings("health: { quarantined: 100 }\nlimits: { free: 1 }\n")
    let healthy = try Program.run(["healthcheck", "--store", store.root])
    #expect(healthy.status == 0, "\(healthy.output)")
    // 10: no store. 11: somebody holds it.
    #expect(try Program.run(["nightly", "--store", store.scratch.folder]).status == 10)
    #expect(try Program.run(["healthcheck", "--store", store.scratch.folder]).status == 10)
    var lock = try FileLock.acquire(store.layout.lockFile)
    #expect(try store.nightly().status == 11)
    lock = nil
    _ = lock == nil
    // 1: failed, nothing changed.
    #expect(
      try Program.run(["import", "--store", store.root, Repository.path("samples/hostile/FS_EMPTY.csv")]).status == 1)
    // 13: made by a newer program. 12: no database of ours. 74: cannot be read.
    try python("c.execute('PRAGMA user_version = 99')", store)
    #expect(try store.nightly().status == 13)
    try Data("this is no database, whatever its name says ....".utf8)
      .write(to: URL(fileURLWithPath: store.layout.catalogue))
    #expect(try store.nightly().status == 12)
    let full = try InboxStore()
    try full.drop(good)
    try FileManager.default.removeItem(atPath: full.layout.segments)
    try Data().write(to: URL(fileURLWithPath: full.layout.segments))
    #expect(try full.nightly().status == 74)
  }

  private func python(_ statement: String, _ store: InboxStore) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); \(statement); c.commit(); c.close()", store.layout.catalogue,
    ]
    try process.run()
    process.waitUntilExit()
  }

  /// Cron mails whatever is printed: nothing is, when all is well.
  @Test func aQuietNightSaysNothingAtAll() throws {
    let store = try InboxStore()
    try store.drop(good)
    let quiet = try store.nightly(["--quiet"])
    #expect(quiet.status == 0 && quiet.output.isEmpty && quiet.errors.isEmpty, "\(quiet.errors)")
    try store.drop(broken)
    let loud = try store.nightly(["--quiet"])
    #expect(loud.status == 3 && loud.errors.contains("GZ_TRUNCATED"))
  }

  /// As cron starts it: no environment, no terminal, no standard streams, in /, with a narrow umask. The store is the
  /// same as after an interactive run.
  @Test func cronAndPeopleGetTheSame() throws {
    var digests: [String] = []
    for isCron in [false, true] {
      let store = try InboxStore()
      for path in try store.deliveries(3) { try store.drop(path) }
      try store.drop(broken)
      let command =
        "'\(Program.path)' nightly --store '\(store.root)' --pipelines '\(Program.pipelines)' --stability 0"
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = [
        "-c",
        isCron
          ? "cd / && umask 077 && exec env -i setsid -w \(command) <&- >/dev/null 2>/dev/null"
          : "LANG=zh_CN.UTF-8 exec \(command) >/dev/null 2>/dev/null",
      ]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 3)
      let rows = try store.batches().map { batch in
        let accounts = batch.record.accounts
        let kinds = accounts.blankByKind.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return "\(batch.record.fileDigest) \(batch.record.state) \(accounts.read) \(accounts.accepted) \(kinds)"
      }
      let open = try OpenStore(store.root)
      let segments = try open.catalogue.visibleSegments(at: open.catalogue.latestSnapshot()).map(\.record.id)
      digests.append((rows.sorted() + segments.sorted()).joined(separator: "\n"))
      #expect(try store.inbox().isEmpty)
    }
    #expect(digests[0] == digests[1])
  }

  @Test func aDryRunChangesNothing() throws {
    let store = try InboxStore()
    try store.drop(good)
    let run = try store.nightly(["--dry-run"])
    #expect(run.status == 0 && run.output.hasPrefix("take\tnyncj\tCODE_RETIRED.csv\t"), "\(run.output)")
    #expect(try store.runs().isEmpty && store.inbox() == ["nyncj/CODE_RETIRED.csv"])
    let settings = try store.nightly(["--print-settings"])
    #expect(settings.output.contains("stability") && settings.output.contains("(option)"))
  }

  /// Fifty at once: one works at a time, the others leave with 11, and nothing is counted twice.
  @Test func fiftyAtOnceWorkOneAtATime() throws {
    let store = try InboxStore()
    let paths = try store.deliveries(4)
    for path in paths { try store.drop(path) }
    var programs: [Program] = []
    for number in 0..<50 {
      let isNightly = number % 2 == 0
      programs.append(
        try Program(
          [isNightly ? "nightly" : "import", "--store", store.root] + (isNightly ? ["--stability", "0"] : [good])))
    }
    let ends = programs.map { $0.end().status }
    #expect(ends.allSatisfy { $0 == 0 || $0 == 11 }, "\(ends)")
    #expect(ends.contains(0))
    _ = try store.nightly()
    let accepted = try store.batches().filter { $0.record.state == .accepted }
    #expect(Set(accepted.map(\.record.fileDigest)).count == accepted.count)
    #expect(Set(accepted.map(\.record.name)).isSuperset(of: paths.map { ($0 as NSString).lastPathComponent }))
    // Runs that worked did so one after the other.
    let spans = try store.runs().compactMap { run in
      run.record.started.flatMap { start in run.record.ended.map { (start, $0) } }
    }.sorted { $0 < $1 }
    for (earlier, later) in zip(spans, spans.dropFirst()) { #expect(earlier.1 <= later.0) }
  }

  @Test func aKilledHolderStopsNobody() throws {
    let store = try InboxStore()
    try store.drop(good)
    let holder = try Program(["nightly", "--store", store.root, "--stability", "60"])
    #expect(try wait { (try? FileLock.isHeld(store.layout.lockFile)) == true })
    #expect(try store.nightly().status == 11)
    holder.send(SIGKILL)
    #expect(holder.end().status == -SIGKILL)
    let next = try store.nightly()
    #expect(next.status == 0 && next.errors.contains("RUN_INTERRUPTED"), "\(next.errors)")
    #expect(try store.runs().map(\.record.state) == ["interrupted", "done"])
  }

  @Test func aRunThatWaitsGetsItsTurn() throws {
    let store = try InboxStore()
    try store.drop(good)
    let holder = try Program(["nightly", "--store", store.root, "--stability", "1"])
    #expect(try wait { (try? FileLock.isHeld(store.layout.lockFile)) == true })
    #expect(try store.nightly(["--wait", "60"]).status == 0)
    #expect(holder.end().status == 0)
    #expect(try store.runs().count == 2)
  }

  /// Asked to stop at any moment: the program leaves with the signal's status, records its run, and the store holds a
  /// beginning of the files, each whole; the next run does the rest.
  @Test(arguments: [SIGTERM, SIGINT]) func aSignalAtAnyMomentLeavesWholeFiles(_ signal: Int32) throws {
    var generator = SeededNumbers(state: UInt64(signal))
    for _ in 0..<UnattendedTests.scaled(2) {
      let store = try InboxStore()
      let paths = try store.deliveries(3, samples: 200)
      for path in paths { try store.drop(path) }
      let program = try Program(["nightly", "--store", store.root, "--stability", "0"])
      Thread.sleep(forTimeInterval: Double.random(in: 0.05...1.5, using: &generator))
      program.send(signal)
      let end = program.end()
      #expect([0, 128 + signal, -signal].contains(end.status), "\(end)")
      let names = try store.batches().map(\.record.name)
      #expect(Set(names).count == names.count)
      #expect(try store.inbox().count + names.count == paths.count, "\(names)")
      if end.status == 128 + signal, let run = try store.runs().last {
        #expect(run.record.state == "stopped")
        #expect(FileManager.default.fileExists(atPath: store.layout.runRecord(run.record.id)))
      }
      #expect(try store.nightly().status == 0)
      #expect(try store.batches().filter { $0.record.state == .accepted }.count == paths.count)
      #expect(try Program.run(["store", "verify", "--store", store.root]).status == 0)
    }
  }

  // MARK: watch

  @Test func watchTakesFilesAsTheyComeAndStopsWhenAsked() throws {
    let store = try InboxStore()
    try Data("poll: { min: 0.1, max: 0.5 }\n".utf8).write(to: URL(fileURLWithPath: store.layout.settings))
    try FileSystem.setMode(store.layout.settings, 0o640)
    let program = try Program(["watch", "--store", store.root, "--stability", "0.2"])
    let paths = try store.deliveries(5)
    for path in paths {
      try store.drop(path)
      Thread.sleep(forTimeInterval: 0.1)
    }
    #expect(try wait(seconds: 60) { (try? store.batches().count) == paths.count })
    #expect(try store.inbox().isEmpty)
    // Nobody holds the lock while it waits.
    #expect(try wait { (try? store.nightly().status) == 0 })
    let held = try Program.run(["runs", "list", "--store", store.root, "--format", "ndjson"])
    #expect(held.status == 0 && held.output.contains("\"command\":\"watch\""))
    program.send(SIGTERM)
    #expect(program.end().status == 143)
  }

  @Test func watchTellsTheServiceManager() throws {
    let store = try InboxStore()
    let socket = store.scratch.folder + "/notify"
    let listener = Process()
    listener.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let said = Pipe()
    listener.standardOutput = said
    listener.arguments = [
      "python3", "-u", "-c",
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1]); s.settimeout(60)
      seen = set()
      while 'STOPPING=1' not in seen:
          for line in s.recv(4096).decode().split('\\n'):
              if line not in seen: print(line)
              seen.add(line)
      """, socket,
    ]
    try listener.run()
    guard try wait({ FileManager.default.fileExists(atPath: socket) }) else {
      listener.terminate()
      return
    }
    let program = try Program(
      ["watch", "--store", store.root], environment: ["NOTIFY_SOCKET": socket, "WATCHDOG_USEC": "200000"])
    #expect(try wait { (try? store.runs().isEmpty) == false })
    Thread.sleep(forTimeInterval: 0.5)
    program.send(SIGTERM)
    #expect(program.end().status == 143)
    let lines = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    for word in ["READY=1", "WATCHDOG=1", "STOPPING=1", "STATUS="] { #expect(lines.contains(word), "\(lines)") }
  }

  /// The units and the crontab line, read by the tools that will read them.
  @Test func unitsAndCrontabAreAccepted() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Repository.path("scripts/units.sh"))
    process.arguments = [Program.path]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
  }

  /// Repeats what is a matter of luck more often: `SPOTCHECK_TEST_SCALE=50`.
  private static func scaled(_ count: Int) -> Int {
    count * max(1, Int(ProcessInfo.processInfo.environment["SPOTCHECK_TEST_SCALE"] ?? "") ?? 1)
  }

  /// Waits for something that another process does.
  private func wait(seconds: Double = 30, _ condition: () throws -> Bool) throws -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
      if try condition() { return true }
      Thread.sleep(forTimeInterval: 0.05)
    }
    return false
  }
}

extension OpenStore {
  /// Names of the files that count.
  fileprivate func visibleNames() throws -> [String] {
    try catalogue.batches().filter { $0.record.state == .accepted }.map(\.record.name)
  }
}
