import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// One file per diagnostic code: that code, at that place, and nothing of the damage in the store.
@Suite struct HostileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var code: DiagnosticCode
    var file: String
    var pipeline: String?
    var line: Int?
    var byte: Int?
    var testDescription: String { file }
  }

  static let cases: [Case] = {
    let text = (try? String(contentsOfFile: Repository.path("samples/hostile/EXPECTED.csv"), encoding: .utf8)) ?? ""
    return text.split(separator: "\n").dropFirst().compactMap { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard cells.count >= 5, let code = DiagnosticCode(rawValue: cells[0]) else { return nil }
      return Case(
        code: code, file: cells[1], pipeline: cells[2].isEmpty ? nil : cells[2], line: Int(cells[3]),
        byte: Int(cells[4]))
    }
  }()

  /// Codes that no file causes by itself under the shipped pipelines and limits, and the test that asserts each.
  static let withoutFile: Set<DiagnosticCode> = [
    .fileUnreadable, .fileNotRegular,  // whatIsNoFileIsNamed
    .fileTooBig, .gzipOutputLimit, .xmlRecordLimit,  // limitsRefuse
    .fileChangedDuringRead,  // aFileThatGrowsWhileItIsReadIsRefused
    .fileDuplicate, .fileDuplicatePayload,  // ImportTests.theSameFileOrPayloadTwiceChangesNothing
    .pipelineAmbiguous,  // PipelineMatcherTests.severalThatFitAreAmbiguous
    .encodingBOMConflict,  // aByteOrderMarkAgainstThePipelineIsRefused
    .fileSymbolicLink, .fileHardLink, .fileNameInvalid,  // OperationsTests: InboxScanTests, OddNameTests
    .manifestMissing, .manifestMismatch, .manifestRowCount,  // OperationsTests: SidecarTests
    .filePoison,  // OperationsTests: PoisonTests
    .rowSplitSample,  // aSampleTornApartBySegmentsIsRefused
    .gateRowDrop, .gateUnmapped,  // GateTests: they depend on what the operator allows
  ]

  @Test func everyCodeHasAFile() {
    let covered = Set(HostileTests.cases.map(\.code))
    for code in DiagnosticCode.allCases where !HostileTests.withoutFile.contains(code) {
      #expect(covered.contains(code), "no hostile file for \(code.rawValue)")
    }
    #expect(covered.isDisjoint(with: HostileTests.withoutFile))
  }

  @Test(arguments: cases) func theCodeIsFoundAtItsPlace(_ hostile: Case) throws {
    let store = try ScratchStore()
    let summary = try store.importFiles([Repository.path("samples/hostile/" + hostile.file)]) {
      $0.pipeline = hostile.pipeline
    }
    let outcome = try #require(summary.files.first)
    #expect(outcome.counts[hostile.code] != nil, "found \(outcome.counts.keys.map(\.rawValue).sorted())")
    let rejects = try store.rejects()
    let found = (outcome.diagnostics + rejects.flatMap(\.diagnostics)).filter { $0.code == hostile.code }
    if let line = hostile.line {
      #expect(found.contains { $0.position.line == line }, "lines \(found.map(\.position.line))")
    }
    if let byte = hostile.byte {
      #expect(
        found.contains { $0.position.byteOffset == byte }, "bytes \(found.map(\.position.byteOffset)), not \(byte)")
    }
    #expect(found.contains { $0.severity == (hostile.code == .cellCheckDigit ? $0.severity : hostile.code.severity) })
    switch hostile.code.severity {
    case .fatal:
      #expect(outcome.state == .refused)
      #expect(try store.open().segments().isEmpty)
      #expect(outcome.samples == 0)
    case .error:
      #expect(outcome.accounts.rejected > 0)
      #expect(rejects.contains { $0.diagnostics.contains { $0.code == hostile.code } })
      let total = try store.rate("bureau").total.counts.samples
      #expect(total <= outcome.accounts.accepted)
    case .warning, .info:
      #expect(outcome.state == .accepted)
    }
    #expect(outcome.accounts.isBalanced || outcome.accounts.read == 0)
  }

  @Test func whatIsNoFileIsNamed() throws {
    let store = try ScratchStore()
    let summary = try store.importFiles([store.folder + "/nowhere.csv", store.folder])
    #expect(summary.files.map(\.refusal?.code) == [.fileUnreadable, .fileNotRegular])
  }

  @Test func limitsRefuse() throws {
    let store = try ScratchStore()
    let path = Repository.path("samples/hostile/GZ_MULTI_MEMBER.csv.gz")
    let big = try store.importFiles([path]) { $0.limits.fileBytes = 100 }
    #expect(big.files.first?.refusal?.code == .fileTooBig)
    let long = try store.importFiles([path]) { $0.limits.gzipOutputBytes = 100 }
    #expect(long.files.first?.refusal?.code == .gzipOutputLimit)
    let record = try store.importFiles([Repository.path("samples/hostile/XML_UNKNOWN_ELEMENT.xml")]) {
      $0.limits.recordBytes = 100
    }
    #expect(record.files.first?.refusal?.code == .xmlRecordLimit)
    let rejects = try store.importFiles([Repository.path("samples/hostile/SET_REJECT_RATE.csv")]) {
      $0.maximumRejects = 3
    }
    #expect(rejects.files.first?.refusal?.code == .gateRejects)
  }

  /// A fault at the beginning is reported as itself, with and without a pipeline named.
  @Test(arguments: ["XML_DOCTYPE.xml", "ENC_UNKNOWN.xml", "CSV_DIALECT_AMBIGUOUS.csv", "GZ_TRUNCATED.csv.gz"])
  func aBeginningThatCannotBeReadIsNoQuestionOfLayouts(_ file: String) throws {
    let code = try #require(HostileTests.cases.first { $0.file == file }?.code)
    for pipeline in [nil, file.hasSuffix("xml") ? "market-supervision" : "agriculture"] {
      let store = try ScratchStore()
      let summary = try store.importFiles([Repository.path("samples/hostile/" + file)]) { $0.pipeline = pipeline }
      #expect(summary.files.first?.refusal?.code == code, "\(pipeline ?? "")")
    }
  }

  @Test func aFileThatGrowsWhileItIsReadIsRefused() throws {
    let store = try ScratchStore()
    let path = try store.file("growing.csv", try bytes(of: Repository.path("samples/hostile/CODE_RETIRED.csv")))
    let run = try ImportRun(store: store.root, library: try Repository.library.get())
    var hasGrown = false
    let summary = try run.run([path]) { _ in
      guard !hasGrown, let handle = FileHandle(forWritingAtPath: path) else { return }
      hasGrown = true
      handle.seekToEndOfFile()
      handle.write(Data("x".utf8))
      try? handle.close()
    }
    #expect(hasGrown)
    #expect(summary.files.first?.refusal?.code == .fileChangedDuringRead)
    #expect(try store.open().segments().isEmpty)
  }

  @Test func aByteOrderMarkAgainstThePipelineIsRefused() throws {
    let tables = try Repository.library.get().tables
    let text = """
      pipeline: declared
      title: 指定字符集
      bureau: nyncj
      encoding: gb18030
      layouts:
        - name: samples
          format: csv
          match: { header: [抽样编号] }
          shape: samples
          fields: { sampling_number: 抽样编号 }
      """
    let compilation = PipelineCompiler.compile(Array(text.utf8), file: "declared.yaml", tables: tables)
    let plan = try #require(compilation.plan, "\(compilation.problems)")
    let store = try ScratchStore()
    let path = try store.file("marked.csv", [0xEF, 0xBB, 0xBF] + Array("抽样编号\nA-1\n".utf8))
    let library = PipelineLibrary(folder: "", tables: tables, plans: [plan])
    let summary = try ImportRun(store: store.root, library: library).run([path])
    #expect(summary.files.first?.refusal?.code == .encodingBOMConflict)
    #expect(summary.files.first?.refusal?.position.byteOffset == 0)
  }

  /// Rows of one sample so far apart that its first segment is sealed: nobody can put them together any more.
  @Test func aSampleTornApartBySegmentsIsRefused() throws {
    let store = try ScratchStore()
    let whole = String(decoding: try bytes(of: Repository.path("samples/hostile/CODE_RETIRED.csv")), as: UTF8.self)
    let lines = whole.split(separator: "\r\n").map(String.init)
    var text = lines[0] + "\n" + lines[1] + "\n"
    for number in 0..<4000 {
      text += lines[1].replacing("NCP236301000000001", with: "NCP99\(1000 + number)") + "\n"
    }
    text += lines[1].replacing("毒死蜱", with: "氧乐果") + "\n"
    let path = try store.file("torn.csv", Array(text.utf8))
    let summary = try store.importFiles([path]) { $0.segmentRows = 100 }
    #expect(summary.files.first?.refusal?.code == .rowSplitSample)
    #expect(try store.open().segments().isEmpty)
    #expect(try store.importFiles([path]).files.first?.state == .accepted)
  }
}
