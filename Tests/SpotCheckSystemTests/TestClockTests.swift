import SpotCheckSystem
import Synchronization
import Testing

@Suite("Clocks and signals for tests")
struct TestClockTests {
  @Test("the machine's clocks are the test's while it is in force, and stand still")
  func clocks() {
    let clock = TestClock(wallNanoseconds: 5_000_000_000, monotonicSeconds: 100)
    TestClock.with(clock) {
      #expect(Machine.wallClockNanoseconds == 5_000_000_000)
      #expect(Machine.wallClockSeconds == 5)
      #expect(Machine.monotonicSeconds == 100)
      clock.advance(by: 2.5)
      #expect(Machine.wallClockNanoseconds == 7_500_000_000)
      #expect(Machine.monotonicSeconds == 102.5)
      clock.setWall(nanoseconds: -1)
      #expect(Machine.wallClockNanoseconds == -1)
      #expect(Machine.monotonicSeconds == 102.5, "the monotonic clock does not notice")
      for odd in [-1, 0, Double.nan, Double.infinity] { clock.advance(by: odd) }
      #expect(Machine.monotonicSeconds == 102.5)
      clock.setWall(nanoseconds: Int64.max)
      clock.advance(by: 1e300)
      #expect(Machine.wallClockNanoseconds == Int64.max)
    }
    #expect(Machine.wallClockSeconds > 1.6e9)
  }

  @Test("sleeping takes no time, moves the clocks and lets the world go on")
  func sleeping() {
    let heard = Mutex<[Double]>([])
    let clock = TestClock { clock, seconds in
      heard.withLock { $0.append(seconds) }
      if seconds == 7 { clock.setWall(nanoseconds: 0) }
    }
    TestClock.with(clock) {
      let start = Machine.monotonicSeconds
      let isWhole = Machine.sleep(seconds: 3600)
      #expect(isWhole)
      #expect(Machine.monotonicSeconds == start + 3600)
      Machine.sleep(seconds: 7)
      #expect(Machine.wallClockNanoseconds == 0)
      Machine.sleep(seconds: 0)
    }
    #expect(heard.withLock { $0 } == [3600, 7])
    #expect(clock.sleptSeconds == 3607)
  }

  @Test("a stop ends a sleep that it comes in, and every later one at once")
  func stops() {
    let signals = TestSignals()
    let clock = TestClock { _, _ in signals.send(.terminate) }
    TestSignals.with(signals) {
      TestClock.with(clock) {
        #expect(StopSignal.requested == nil)
        let first = Machine.sleep(seconds: 5)
        #expect(!first)
        signals.send(.interrupt)
        #expect(StopSignal.requested == .terminate, "the first one counts")
        #expect(StopSignal.requested?.exitStatus == 143)
        let second = Machine.sleep(seconds: 5)
        #expect(!second)
      }
      signals.requestStatus()
      #expect(StopSignal.takeStatusRequest())
      #expect(!StopSignal.takeStatusRequest())
    }
    #expect(clock.sleptSeconds == 5)
  }

  @Test("a real sleep of no length ends")
  func realSleep() {
    for odd in [0, -1, Double.nan, 0.001] { Machine.sleep(seconds: odd) }
  }
}
