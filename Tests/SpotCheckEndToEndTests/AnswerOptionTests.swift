import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// `--encoding`.
@Suite("Options of answers", .enabled(if: FileManager.default.fileExists(atPath: Program.path)))
struct AnswerOptionTests {
  private func store() throws -> ScratchStore {
    let store = try ScratchStore()
    _ = try store.importFiles([Repository.path("samples/deliveries/nyncj-2024Q1.csv.gz")])
    return store
  }

  private func bytes(_ arguments: [String], _ store: ScratchStore) throws -> [UInt8] {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = arguments
    process.environment = ["SPOTCHECK_STORE": store.root, "SPOTCHECK_PIPELINES": Program.pipelines]
    (process.standardOutput, process.standardInput) = (pipe, FileHandle.nullDevice)
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(arguments)")
    return [UInt8](output)
  }

  @Test func gb18030IsTheSameTextInOtherBytes() throws {
    let store = try store()
    for (command, format) in [
      (["rate", "--by", "district,category"], "csv"), (["rate", "--by", "district"], "table"),
      (["list", "items"], "tsv"),
      (["list", "samples"], "csv"), (["rate", "--by", "district"], "markdown"),
    ] {
      let line = command + ["--format", format]
      var encoder = GB18030Encoder()
      let plain = try bytes(line, store)
      let other = try bytes(line + ["--encoding", "gb18030"], store)
      #expect(other == encoder.encode(plain) && encoder.lost == 0 && other != plain, "\(line)")
    }
    // Excel takes a mark of another character set for text.
    let excel = try bytes(["rate", "--by", "district", "--format", "excel-csv", "--encoding", "gb18030"], store)
    let marked = try bytes(["rate", "--by", "district", "--format", "excel-csv"], store)
    var encoder = GB18030Encoder()
    #expect(marked.starts(with: [0xEF, 0xBB, 0xBF]) && excel == encoder.encode(Array(marked.dropFirst(3))))
  }

  @Test func formatsWithACharacterSetOfTheirOwnRefuseAnother() throws {
    let store = try store()
    for format in ["json", "ndjson", "html", "svg", "arrow", "xlsx"] {
      let end = try Program.run(
        ["rate", "--store", store.root, "--by", "district", "--format", format, "--encoding", "gb18030"])
      #expect(
        end.status == 2 && end.output.isEmpty && end.errors.contains("--encoding gb18030 is for csv"), "\(format)")
    }
    #expect(try Program.run(["rate", "--store", store.root, "--by", "district", "--encoding", "big5"]).status == 2)
  }
}
