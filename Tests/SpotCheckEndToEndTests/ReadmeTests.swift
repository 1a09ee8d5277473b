import Foundation
import SpotCheckTestSupport
import Testing

/// Both READMEs: every line of their blocks of shell is run, and the tables of pass rates they show are those of today.
@Suite struct ReadmeTests {
  /// A store and an inbox of their own in the place of those that the pages name.
  private final class Place {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spotcheck-readme-" + UUID().uuidString)
    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: folder) }

    func run(_ command: String) throws -> (status: Int32, output: String) {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", command.replacing("/tmp/", with: folder.path + "/")]
      process.currentDirectoryURL = URL(fileURLWithPath: Repository.root)
      let bin = URL(fileURLWithPath: CaseFolderTests.program).deletingLastPathComponent().path
      process.environment = [
        "PATH": bin + ":/usr/local/bin:/usr/bin:/bin", "SPOTCHECK_STORE": folder.path + "/mystore",
        "SWIFT_BACKTRACE": "enable=no", "HOME": folder.path,
      ]
      process.standardInput = FileHandle.nullDevice
      let output = Pipe()
      process.standardOutput = output
      process.standardError = output
      try process.run()
      let bytes = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }
  }

  /// The lines of all blocks of a language.
  private static func lines(_ page: String, _ language: String) throws -> [String] {
    var found: [String] = []
    var isInside = false
    for line in try String(contentsOfFile: Repository.path(page), encoding: .utf8).components(separatedBy: "\n") {
      if line.hasPrefix("```") {
        isInside = !isInside && line == "```" + language
      } else if isInside {
        found.append(line)
      }
    }
    return found
  }

  @Test func everyLineDoesWhatItSays() throws {
    let place = try Place()
    var known: Set<String> = []
    for page in ["README.md", "README.zh-CN.md"] {
      var asked = 0
      for line in try ReadmeTests.lines(page, "sh") {
        // The remarks of the Chinese page stand behind the commands.
        let command = String(
          line.prefix(upTo: line.range(of: #"\s+# "#, options: .regularExpression)?.lowerBound ?? line.endIndex))
        if command.isEmpty || command.hasPrefix("export ") { continue }
        asked += 1
        guard known.insert(command).inserted else { continue }
        // A store is made once; the second page begins with the same words.
        let (status, output) = try place.run(command)
        // The bulletins among the samples have real errors.
        #expect(status == (command.hasPrefix("spotcheck audit") ? 3 : 0), "\(command): \(output.suffix(400))")
        if command.hasPrefix("spotcheck "), !command.contains("verify") { #expect(!output.isEmpty, "\(command)") }
      }
      #expect(asked > 25, "\(page)")
    }
    for page in ["README.md", "README.zh-CN.md"] {
      for title in ["Pass rates by category and district", "The three bureaus"] {
        let shown = try ReadmeTests.lines(page, "text")
        let start = try #require(shown.firstIndex { $0.hasPrefix(title) }, "\(page): \(title)")
        let question = try #require(shown[start].range(of: "spotcheck rate "))
        let today = try place.run(String(shown[start][question.lowerBound...])).output.components(separatedBy: "\n")
        let table = shown[(start + 1)...].prefix { !$0.isEmpty }.filter { !$0.hasPrefix("… ") }
        #expect(table.count > 8)
        for row in table { #expect(today.contains(row), "\(page): \(row)") }
      }
    }
  }
}
