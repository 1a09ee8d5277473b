import Foundation
import SpotCheck
import SpotCheckOperations
import SpotCheckTestSupport
import Synchronization
import Testing

/// The testing library has one too.
typealias ExitStatus = SpotCheckOperations.ExitStatus

@Suite struct WatchLoopTests {
  /// What a loop did, under a clock that stands still unless it sleeps.
  private final class World {
    var glances = 0
    var passes: [Double] = []
    var isReady: (Int) -> Bool = { _ in false }
    var waiting = 0
    var status: (Int) -> ExitStatus = { _ in .success }
    var folders: [String] = []
    var log: [String] = []

    func run(until seconds: Double, poll: PollSettings = PollSettings(), at start: Double = 1000) -> ExitStatus {
      let signals = TestSignals()
      let clock = TestClock(monotonicSeconds: start) { clock, _ in
        if clock.monotonicSeconds >= start + seconds { signals.send(.terminate) }
      }
      let log = RunLog(.human) { self.log.append(String(decoding: $0, as: UTF8.self)) }
      return TestClock.with(clock) {
        TestSignals.with(signals) {
          WatchLoop(
            poll, log: log, notifier: ServiceNotifier(socket: nil),
            glance: {
              self.glances += 1
              var glance = WatchLoop.Glance()
              glance.ready = self.isReady(self.glances) ? ["a"] : []
              glance.waiting = self.waiting
              glance.folders = self.folders
              return glance
            },
            pass: {
              self.passes.append(clock.monotonicSeconds - start)
              var report = RunReport(
                failed: CocoaError(.featureUnsupported), order: NightlyRun.Order(store: ""),
                log: RunLog(.human) { _ in })
              report.status = self.status(self.passes.count)
              return report
            }
          ).run()
        }
      }
    }
  }

  @Test func itLooksLessAndLessOftenWhileNothingHappens() {
    let world = World()
    #expect(world.run(until: 3600) == .terminated)
    // 1, 2, 4 … 60 seconds, then every minute; the first look is a pass, because claims may be left over.
    #expect(world.passes == [0])
    #expect((60...70).contains(world.glances), "\(world.glances)")
  }

  @Test func whatWaitsIsLookedAtAgainWhenItMayBeReady() {
    let world = World()
    world.waiting = 1
    _ = world.run(until: 100)
    #expect((95...110).contains(world.glances), "\(world.glances)")
  }

  @Test func aPassComesAtLeastOnceADay() {
    let world = World()
    _ = world.run(until: 3 * 86_400 + 3600)
    #expect(world.passes.count == 4)
  }

  @Test(arguments: [ExitStatus.inputOutput, .failure, .usage])
  func afterFailuresOfTheMachineItWaitsLongerAndLonger(_ status: ExitStatus) {
    let world = World()
    world.isReady = { _ in true }
    world.status = { $0 <= 10 ? status : .success }
    _ = world.run(until: 400)
    let waits = zip(world.passes, world.passes.dropFirst()).map { $1 - $0 }.prefix(10)
    #expect(waits.first.map { $0 >= 2 && $0 < 4 } == true, "\(waits)")
    #expect(waits.last.map { $0 >= 60 && $0 <= 62 } == true, "\(waits)")
    #expect(zip(waits, waits.dropFirst()).allSatisfy { $1 >= $0 - 0.5 })
  }

  @Test(arguments: [ExitStatus.noStore, .damaged, .newerStore])
  func whatNoWaitingMendsEndsIt(_ status: ExitStatus) {
    let world = World()
    world.status = { _ in status }
    #expect(world.run(until: 1000) == status)
    #expect(world.passes.count == 1)
  }

  @Test func aSignalEndsItWithItsNumber() {
    for (signal, status) in [
      (StopSignal.interrupt, ExitStatus.interrupted), (.terminate, .terminated), (.hangUp, .hungUp),
    ] {
      let signals = TestSignals()
      signals.send(signal)
      let world = World()
      let loop = WatchLoop(
        PollSettings(), log: RunLog(.human) { _ in }, notifier: ServiceNotifier(socket: nil),
        glance: { WatchLoop.Glance() },
        pass: {
          world.passes.append(0)
          return RunReport(
            failed: CocoaError(.featureUnsupported), order: NightlyRun.Order(store: ""), log: RunLog(.human) { _ in })
        })
      #expect(TestSignals.with(signals) { loop.run() } == status)
      #expect(world.passes.isEmpty)
    }
  }

  /// A day of passes and looks over a real store: neither descriptors nor memory grow.
  @Test func thousandsOfLoopsLeakNothing() throws {
    let fixture = try RunFixture()
    let inbox = fixture.layout.inbox(bureau: "nyncj")
    try FileSystem.createFolder(inbox)
    let world = World()
    let effective = try fixture.effective()
    let order = fixture.order { $0.command = "watch" }
    let loops = TestScale.of(3000)
    var descriptors: [Int] = []
    var memory: [Int64] = []
    let signals = TestSignals()
    let clock = TestClock()
    TestClock.with(clock) {
      TestSignals.with(signals) {
        _ = WatchLoop(
          PollSettings(), log: RunLog(.human) { _ in }, notifier: ServiceNotifier(socket: nil),
          glance: {
            world.glances += 1
            if world.glances % 500 == 0 {
              descriptors.append(Machine.openDescriptorCount)
              memory.append(Machine.residentBytes)
            }
            if world.glances >= loops { signals.send(.terminate) }
            var glance = WatchLoop.Glance()
            glance.ready = world.glances % 50 == 0 ? ["\(world.glances)"] : []
            glance.folders = [inbox]
            return glance
          },
          pass: {
            NightlyRun(
              order, settings: effective, log: RunLog(.human) { _ in }, library: { try Repository.library.get() },
              inbox: { _, _ in }
            ).run()
          }
        ).run()
      }
    }
    #expect(world.glances >= loops)
    // Other tests run beside this one and open files of their own.
    let spread = (descriptors.max() ?? 0) - (descriptors.min() ?? 0)
    #expect(spread < 200, "\(descriptors)")
    let half = memory.count / 2
    let (early, late) = (memory[..<half].max() ?? 0, memory[half...].max() ?? 0)
    #expect(late - early < 256 << 20, "\(memory)")
    #expect(try OpenStore(fixture.store.root).catalogue.runs().count > loops / 60)
  }

  /// More events than the kernel keeps: the watch says so, and the next look finds everything, because it always looks
  /// at everything.
  @Test func aBurstThatOverflowsTheQueueLosesNothing() throws {
    let folder = try ScratchStore().folder + "-burst"
    try FileSystem.createFolder(folder)
    defer { try? FileSystem.removeTree(folder) }
    let setting = try? String(contentsOfFile: "/proc/sys/fs/inotify/max_queued_events", encoding: .utf8)
    let limit = setting.flatMap { Int($0.prefix { $0.isNumber }) } ?? 16_384
    guard limit <= 20_000 else { return }
    var watch = FolderWatch([folder])
    // Two events a file, and more for its writing.
    for number in 0..<(limit / 2 + 500) {
      try Data().write(to: URL(fileURLWithPath: "\(folder)/\(number)"))
    }
    #expect(watch.wait(seconds: 1) == .overflowed)
    #expect(try FileSystem.names(in: folder).count == limit / 2 + 500)
  }
}
