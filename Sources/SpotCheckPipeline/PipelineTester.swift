import SpotCheckCuration
import SpotCheckModel
public import SpotCheckReading
public import SpotCheckSystem

/// What became of one case of a test file.
public struct PipelineTestResult: Sendable, Hashable {
  public var file: String
  public var line: Int
  public var name: String
  /// What differs, in words; empty: passed.
  public var differences: [String]

  public var passed: Bool { differences.isEmpty }

  /// `ok NAME`, or `FAILED NAME` with the differences below.
  public var description: String {
    if passed { return "ok      \(name)" }
    return "FAILED  \(name)  (\(file):\(line))\n" + differences.map { "        " + $0 }.joined(separator: "\n")
  }
}

/// Runs `*.test.yaml`: each case through the matcher (if it names no layout) and the delivery reader.
public struct PipelineTester: Sendable {
  private let library: PipelineLibrary
  private let limits: ReadingLimits

  public init(library: PipelineLibrary, limits: ReadingLimits = ReadingLimits()) {
    self.library = library
    self.limits = limits
  }

  /// All test files below the library's folder, in the order of their names.
  public func testFiles() throws(SystemError) -> [String] {
    try PipelineLibrary.yamlFiles(library.folder).filter { $0.hasSuffix(".test.yaml") }
  }

  /// Runs one file. Problems of the file itself are the first result.
  public func run(_ path: String) throws -> [PipelineTestResult] {
    let bytes = try InputFile.contents(of: path, limit: PipelineDocument.byteLimit + 1)
    let file = PipelineTestFile(bytes, file: path, library: library)
    let errors = file.problems.filter { $0.severity == .error }
    guard errors.isEmpty else {
      return [
        PipelineTestResult(
          file: path, line: errors[0].line, name: "the test file itself", differences: errors.map(\.description))
      ]
    }
    return try file.cases.map { example in
      PipelineTestResult(
        file: path, line: example.line, name: example.name, differences: try run(example, file))
    }
  }

  // MARK: One case

  private func run(_ example: PipelineTestFile.Case, _ file: PipelineTestFile) throws -> [String] {
    guard let plan = library.pipeline(file.pipeline) else { return ["there is no pipeline '\(file.pipeline)'"] }
    let text = Array((example.input ?? "").utf8)
    let name = self.name(example, text)
    let path = example.inputFile.map { PathText.join(PathText.folder(of: library.folder), $0) }
    if let path, try !FileSystem.exists(path) { return ["there is no file '\(path)'"] }
    func open() throws -> any ByteSource {
      if let path { return try FileSource(path) }
      return MemorySource(text)
    }
    var report = CurationReport()
    let layout: LayoutPlan
    if let wanted = example.layout {
      guard let found = plan.layout(wanted) else { return ["there is no layout '\(wanted)'"] }
      layout = found
    } else {
      let matcher = PipelineMatcher(library: library, limits: limits)
      switch try matcher.match(path: name, pipeline: plan.name, open: open) {
      case .layout(let found): layout = found
      case .refused(let diagnostic):
        if example.fatal == diagnostic.code.rawValue { return [] }
        return ["\(diagnostic.code.rawValue): \(diagnostic.message)"]
      }
    }
    var reader = DeliveryReader(try open(), name: name, layout: layout, limits: limits)
    var tables = TablePair()
    while try reader.step(into: &tables, report: &report) {}
    if report.fatal == nil, let breach = layout.gate.breach(report.accounts) { report.add(breach) }
    return PipelineExpectation(example).differences(tables, report)
  }

  private func name(_ example: PipelineTestFile.Case, _ text: [UInt8]) -> String {
    if let name = example.fileName { return name }
    if let path = example.inputFile { return path }
    return FormatSniffer.format(of: text) == .xml ? "input.xml" : "input.csv"
  }
}
