import Foundation
import SpotCheckTestSupport
import Testing

/// A little of `make torture` in every `make test`: kills, I/O errors, a full disk, power loss and damage, on the program
/// that was just built. What a finding looks like, and how to repeat it: Documentation.docc/Torture.md.
@Suite(.serialized) struct ScriptTests {
  static let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("spotcheck").path

  @Test(arguments: ["kill", "errors", "full", "power", "damage"]) func nothingIsFound(_ what: String) throws {
    try run("scripts/torture", what, "--quick", "--binary", ScriptTests.program)
  }

  /// `make bench-quick`: no figures; the answers are those that the generator counted.
  @Test func theAnswersOfTheBenchmarkAreRight() throws { try run("scripts/bench", ScriptTests.program, "--quick") }

  /// Our table of GB18030 is that of the converter it was taken from.
  @Test func theTableOfCharactersIsTheConverters() throws { try run("scripts/gb18030.py", "--check") }

  private func run(_ script: String, _ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", Repository.path(script)] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      withKnownIssue("python3 cannot be run: \(error)") { Issue.record("skipped") }
      return
    }
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    if process.terminationStatus == 77 || process.terminationStatus == 127 {
      // No strace, or a container that forbids ptrace: nothing was shown, and the log says so.
      print(said)
      return
    }
    #expect(process.terminationStatus == 0, "\(said)")
  }
}
