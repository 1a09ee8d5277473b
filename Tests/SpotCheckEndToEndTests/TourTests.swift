import Foundation
import SpotCheckTestSupport
import Testing

/// The page *Ten questions*: every line of shell on it is run, and what is printed must be what the page says.
///
/// With SPOTCHECK_RECORD=1 in the environment the page is written anew: read the difference before you commit it.
@Suite struct TourTests {
  static let page = Repository.path("Sources/SpotCheck/Documentation.docc/Tour.md")

  @Test func everyQuestionIsAnsweredAsThePageSays() throws {
    let store = FileManager.default.temporaryDirectory.appendingPathComponent("spotcheck-tour-" + UUID().uuidString)
      .path
    defer { try? FileManager.default.removeItem(atPath: store) }
    let made = try run(
      "spotcheck init \(store) && spotcheck import --quiet --store \(store) samples/deliveries/*.xml samples/deliveries/*.gz",
      store)
    #expect(made.status == 0)

    var lines: [String] = []
    var asked = 0
    var command: [String] = []
    var printed: [String]?
    var block = ""
    for line in try String(contentsOfFile: TourTests.page, encoding: .utf8).components(separatedBy: "\n") {
      switch (block, line) {
      case ("", "```sh"): (block, command) = ("sh", [])
      case ("", "```text"):
        block = "text"
        lines.append(line)
        let answer = try run(command.joined(separator: "\n"), store)
        #expect(answer.status == 0, "\(command)")
        lines += answer.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        // A heading alone is no answer.
        #expect(answer.output.split(separator: "\n").count >= 3, "\(command)")
        asked += 1
        printed = []
        continue
      case ("sh", "```"): block = ""
      case ("text", "```"): (block, printed) = ("", nil)
      case ("sh", _): command.append(line)
      default: break
      }
      if printed == nil { lines.append(line) }
    }
    #expect(asked >= 10)
    let expected = lines.joined(separator: "\n")
    if ProcessInfo.processInfo.environment["SPOTCHECK_RECORD"] == "1" {
      try expected.write(toFile: TourTests.page, atomically: true, encoding: .utf8)
    }
    let shown = try String(contentsOfFile: TourTests.page, encoding: .utf8)
    for (printed, said) in zip(expected.components(separatedBy: "\n"), shown.components(separatedBy: "\n")) {
      #expect(printed == said)
    }
    #expect(expected == shown)
  }

  private func run(_ command: String, _ store: String) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = URL(fileURLWithPath: Repository.root)
    let bin = URL(fileURLWithPath: CaseFolderTests.program).deletingLastPathComponent().path
    process.environment = [
      "PATH": bin + ":/usr/local/bin:/usr/bin:/bin", "SPOTCHECK_STORE": store, "SWIFT_BACKTRACE": "enable=no",
      "SPOTCHECK_PIPELINES": Program.pipelines,
    ]
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
