import Dispatch
import SpotCheckSystem
import Testing

struct BackgroundWorkTests {
  /// Works that wait for each other have a thread each, however few processors there are: a pool of as many threads as
  /// processors gives another one a second each, once all of them wait.
  @Test func worksThatWaitForEachOtherAllRun() {
    let count = 64
    let (begun, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let works = (0..<count).map { number in
      BackgroundWork {
        begun.signal()
        mayEnd.wait()
        return number
      }
    }
    // No measurement: a pool of two takes a minute, threads take milliseconds.
    let deadline = DispatchTime.now() + .seconds(30)
    let all = (0..<count).allSatisfy { _ in begun.wait(timeout: deadline) == .success }
    #expect(all)
    for _ in 0..<count { mayEnd.signal() }
    #expect(works.map { try? $0.result().get() } == (0..<count).map { $0 })
  }

  @Test func whatIsThrownComesBack() {
    struct Fault: Error, Equatable { var number: Int }
    let work = BackgroundWork<Int> { throw Fault(number: 7) }
    #expect(throws: Fault(number: 7)) { try work.result().get() }
  }
}
