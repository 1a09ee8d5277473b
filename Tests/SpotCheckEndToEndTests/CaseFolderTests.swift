import Foundation
import SpotCheckTestSupport
import Testing

/// `samples/cases/NNNN-name/`: a command, what it prints, how it leaves. Adding a case needs no code.
///
/// `command` is run by `sh` in the repository with `spotcheck` on the PATH, `$WORK` an empty folder and `$SPOTCHECK`
/// the program. `stdout` is compared whole, `status` exactly; each line of `stderr` must occur in what was printed
/// there. With SPOTCHECK_RECORD=1 in the environment `stdout` is written instead: read the difference before you
/// commit it.
@Suite struct CaseFolderTests {
  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: Repository.path("samples/cases"))) ?? []).sorted()

  /// The program as `swift build` has made it, beside the tests.
  static let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appendingPathComponent("spotcheck").path

  @Test func thereAreCasesAndAProgram() {
    #expect(CaseFolderTests.names.count > 20)
    #expect(FileManager.default.isExecutableFile(atPath: CaseFolderTests.program), "\(CaseFolderTests.program)")
  }

  @Test(arguments: names) func theCommandDoesWhatTheFolderSays(_ name: String) throws {
    let folder = Repository.path("samples/cases/" + name)
    func expected(_ file: String) throws -> String { try String(contentsOfFile: folder + "/" + file, encoding: .utf8) }
    let work = FileManager.default.temporaryDirectory.appendingPathComponent("spotcheck-case-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: work) }

    let out = work.appendingPathComponent("stdout.txt")
    let err = work.appendingPathComponent("stderr.txt")
    for file in [out, err] { try Data().write(to: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", try expected("command")]
    process.currentDirectoryURL = URL(fileURLWithPath: Repository.root)
    let bin = URL(fileURLWithPath: CaseFolderTests.program).deletingLastPathComponent().path
    process.environment = [
      "PATH": bin + ":/usr/local/bin:/usr/bin:/bin", "WORK": work.path, "SPOTCHECK": CaseFolderTests.program,
      "REPOSITORY": Repository.root, "SWIFT_BACKTRACE": "enable=no",
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    try process.run()
    process.waitUntilExit()

    let printed = try String(contentsOf: out, encoding: .utf8).replacing(work.path, with: "$WORK")
    let complained = try String(contentsOf: err, encoding: .utf8)
    if ProcessInfo.processInfo.environment["SPOTCHECK_RECORD"] == "1" {
      try printed.write(toFile: folder + "/stdout", atomically: true, encoding: .utf8)
    }
    #expect(printed == (try expected("stdout")), "\(name)\n\(complained)")
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == Int32(try expected("status")), "\(complained)")
    for line in ((try? expected("stderr")) ?? "").split(separator: "\n") {
      #expect(complained.contains(line), "\(complained)")
    }
  }
}
