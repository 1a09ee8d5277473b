import Foundation
import Glibc
import SpotCheckSystem
import Testing

/// Signals belong to the whole process, so each of these runs in a process of its own.
@Suite("Being asked to stop")
struct StopSignalTests {
  @Test("the first signal is noted, and waits end")
  func first() async {
    await #expect(processExitsWith: .exitCode(143)) {
      try StopSignal.install()
      try StopSignal.install()
      precondition(StopSignal.requested == nil)
      let start = Machine.monotonicSeconds
      let main = getpid()
      Thread.detachNewThread {
        usleep(50_000)
        kill(main, SIGTERM)
      }
      precondition(!Machine.sleep(seconds: 60))
      precondition(StopSignal.requested == .terminate)
      // It stays, and the same wish twice is one wish.
      kill(main, SIGTERM)
      precondition(!Machine.sleep(seconds: 60))
      var watch = FolderWatch(["/tmp"])
      precondition(watch.wait(seconds: 60) == .signalled)
      precondition(Machine.monotonicSeconds - start < 50)
      exit(StopSignal.requested?.exitStatus ?? 0)
    }
  }

  @Test("a second signal ends the process at once")
  func second() async {
    await #expect(processExitsWith: .exitCode(130)) {
      try StopSignal.install()
      kill(getpid(), SIGHUP)
      // Which thread gets a signal, and when, is the kernel's choice.
      while StopSignal.requested == nil { usleep(1000) }
      precondition(StopSignal.requested == .hangUp)
      let start = Machine.monotonicSeconds
      while Machine.monotonicSeconds - start < 0.4 { usleep(10_000) }
      kill(getpid(), SIGINT)
      while true { usleep(10_000) }
    }
  }

  @Test("an ignored hang-up stays ignored, and SIGUSR1 asks for the state")
  func others() async {
    await #expect(processExitsWith: .exitCode(0)) {
      signal(SIGHUP, SIG_IGN)
      try StopSignal.install()
      kill(getpid(), SIGHUP)
      precondition(StopSignal.requested == nil)
      precondition(!StopSignal.takeStatusRequest())
      kill(getpid(), SIGUSR1)
      var watch = FolderWatch([])
      precondition(watch.wait(seconds: 60) == .signalled)
      precondition(StopSignal.takeStatusRequest())
      precondition(!StopSignal.takeStatusRequest())
      precondition(watch.wait(seconds: 0.001) == .timedOut)
      exit(0)
    }
  }

  @Test("closed standard streams are opened, so that no file becomes standard output")
  func closedStreams() async {
    await #expect(processExitsWith: .exitCode(0)) {
      for descriptor: Int32 in 0...2 { _ = Glibc.close(descriptor) }
      StandardStreams.fillMissing()
      let file = try InputFile("/proc/self/exe")
      precondition(fcntl(0, F_GETFD) >= 0 && fcntl(1, F_GETFD) >= 0 && fcntl(2, F_GETFD) >= 0)
      try StandardStreams.writeAll(1, "nowhere")
      _ = file.path
      exit(0)
    }
  }
}
