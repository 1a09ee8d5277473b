import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// `--encoding`, and `--having`, `--sort`, `--top` where they were not before.
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

  private func column(_ name: String, _ arguments: [String], _ store: ScratchStore) throws -> [String] {
    let text = String(decoding: try bytes(arguments + ["--format", "tsv"], store), as: UTF8.self)
    let lines = text.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    let place = try #require(lines.first?.firstIndex { $0 == name }, "\(text.prefix(200))")
    return lines.dropFirst().map { String($0[place]) }
  }

  @Test func listsAreSortedByNumbersAndCut() throws {
    let store = try store()
    let all = try column("value", ["list", "items"], store).compactMap { ExactDecimal(plain: $0) }
    let sorted = all.sorted { ExactDecimal.compare($0, $1) > 0 }
    let top = try column("value", ["list", "items", "--sort", "value desc", "--top", "7"], store)
    #expect(all.count > 20 && top == sorted.prefix(7).map(\.description))
    let bound = sorted[5]
    let above = try column("value", ["list", "items", "--having", "value >= \(bound)"], store)
    #expect(above.count == all.filter { ExactDecimal.compare($0, bound) >= 0 }.count)
    #expect(try column("file", ["list", "batches", "--top", "1"], store).count == 1)
  }

  @Test func comparisonsAndTargetsAreSortedAndCut() throws {
    let store = try store()
    let compare = ["compare", "--period", "2024", "--by", "district", "--pool"]
    let counts = try column("inspected", compare, store).dropLast().compactMap { Int($0) }
    let sorted = try column("inspected", compare + ["--sort", "inspected desc", "--top", "3"], store)
    #expect(sorted.dropLast().compactMap { Int($0) } == Array(counts.sorted(by: >).prefix(3)))
    let targets = ["targets", "--period", "2024", "--all"]
    let ids = try column("target", targets, store)
    #expect(ids.count > 1)
    #expect(try column("target", targets + ["--sort", "target desc"], store) == ids.sorted().reversed())
    #expect(try column("target", targets + ["--having", "target = '\(ids[1])'"], store) == [ids[1]])
    #expect(try column("target", targets + ["--top", "1"], store) == [ids[0]])
    let wrong = try Program.run(["list", "samples", "--store", store.root, "--sort", "prodct"])
    #expect(wrong.status == 2 && wrong.errors.contains("Did you mean 'product'?"))
    #expect(try Program.run(["targets", "--store", store.root, "--top", "0"]).status == 2)
  }
}
