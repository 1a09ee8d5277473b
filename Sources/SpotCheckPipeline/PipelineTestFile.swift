import SpotCheckModel

/// `NAME.test.yaml` as written: cases with their input and what must come out.
public struct PipelineTestFile: Sendable {
  struct Case: Sendable {
    var name: String
    var line: Int
    /// Nil: the matcher decides.
    var layout: String?
    var input: String?
    var inputFile: String?
    var fileName: String?
    var accounts: [(name: String, count: Int)] = []
    var samples: [[Expected]]?
    var items: [[Expected]]?
    var diagnostics: [String]?
    var rejects: [String]?
    var fatal: String?
  }

  /// One column's expected text.
  struct Expected: Sendable {
    var column: String
    var text: String
    var line: Int
  }

  public var file: String
  public var pipeline: String
  var cases: [Case] = []
  public private(set) var problems: [PipelineProblem]

  /// - Parameter library: pipelines and layouts that the file may name.
  public init(_ bytes: [UInt8], file: String, library: PipelineLibrary) {
    self.file = file
    pipeline = ""
    let (document, problems) = PipelineDocument.read(bytes, file: file)
    self.problems = problems
    guard let document else { return }
    var checker = SchemaChecker(document)
    checker.check(.tests)
    self.problems += checker.problems
    pipeline = document.root["pipeline"]?.text ?? ""
    let plan = library.pipeline(pipeline)
    if plan == nil, let node = document.root["pipeline"], !pipeline.isEmpty {
      self.problems.append(
        document.problem(
          at: node,
          "there is no pipeline '\(pipeline)' without errors"
            + NearestWord.hint(pipeline, in: library.plans.map(\.name))))
    }
    guard case .list(let nodes) = document.root["cases"]?.content else { return }
    for node in nodes { readCase(node, document, plan) }
    self.problems.sort()
  }

  private mutating func readCase(_ node: PipelineDocument.Node, _ document: PipelineDocument, _ plan: PipelinePlan?) {
    guard case .map = node.content else { return }
    var result = Case(name: node["name"]?.text ?? "", line: node.line)
    result.layout = node["layout"]?.text
    result.input = node["input"]?.text
    result.inputFile = node["input_file"]?.text
    result.fileName = node["file_name"]?.text
    if let place = node.entry("layout"), let name = result.layout, let plan, plan.layout(name) == nil {
      problems.append(
        document.problem(
          at: place.value,
          "pipeline '\(plan.name)' has no layout '\(name)'"
            + NearestWord.hint(name, in: plan.layouts.map(\.name))))
    }
    if (result.input == nil) == (result.inputFile == nil) {
      problems.append(
        document.problem(line: node.line, column: node.column, "a case needs either 'input' or 'input_file'"))
    }
    let expect = node["expect"]
    for entry in expect?["accounts"]?.entries ?? [] {
      if let count = entry.value.text.flatMap({ Int($0) }) { result.accounts.append((entry.key, count)) }
    }
    result.samples = rows(expect?["samples"])
    result.items = rows(expect?["items"])
    result.diagnostics = codes(expect?["diagnostics"])
    result.rejects = codes(expect?["rejects"])
    result.fatal = expect?["fatal"]?.text
    if let entry = node.entry("expect"), entry.value.entries.isEmpty {
      problems.append(document.problem(key: entry, "'expect' says nothing: the case proves nothing"))
    }
    cases.append(result)
  }

  private func rows(_ node: PipelineDocument.Node?) -> [[Expected]]? {
    guard case .list(let rows)? = node?.content else { return nil }
    return rows.map { row in
      row.entries.map { Expected(column: $0.key, text: $0.value.isNothing ? "" : $0.value.text ?? "", line: $0.line) }
    }
  }

  private func codes(_ node: PipelineDocument.Node?) -> [String]? {
    guard case .list(let codes)? = node?.content else { return nil }
    return codes.compactMap(\.text)
  }
}
