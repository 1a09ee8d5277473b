import Foundation
import SpotCheckTestSupport
import Testing

/// The Python module in `python/` and the recipes of the documentation, beside the program that was just built. Runs where
/// SPOTCHECK_PYTHON names a Python that has pyarrow; recipes for what it has not are skipped, and the log says so.
@Suite(
  "The Python module beside the program",
  .enabled(
    if: ProcessInfo.processInfo.environment["SPOTCHECK_PYTHON"]?.isEmpty == false, "SPOTCHECK_PYTHON is not set"))
struct PythonModuleTests {
  @Test func itsTestsPass() throws {
    let process = Process()
    process.executableURL = URL(
      fileURLWithPath: try #require(ProcessInfo.processInfo.environment["SPOTCHECK_PYTHON"]))
    process.arguments = ["-m", "unittest", "discover", "-v", Repository.path("python/tests")]
    process.environment = ProcessInfo.processInfo.environment.merging([
      "SPOTCHECK_BINARY": Program.path, "PYTHONPATH": Repository.path("python"), "PYTHONDONTWRITEBYTECODE": "1",
      "PYTHONIOENCODING": "utf-8",
    ]) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(said)")
    for line in said.split(separator: "\n") where line.contains(" ... skipped ") { print(line) }
  }
}
