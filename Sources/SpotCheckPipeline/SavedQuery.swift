import SpotCheckModel
public import SpotCheckSystem

/// A question that was kept in `queries/NAME.yaml`: a command line of a command that only reads, with parameters.
public struct SavedQuery: Sendable {
  public struct Parameter: Sendable, Hashable {
    public var name: String
    public var about: String
    /// A number is put in as it is; a text never ends the expression that it is put into.
    public var isNumber: Bool
    /// Nil: it must be said.
    public var fallback: String?
  }

  /// The file's name without `.yaml`.
  public let name: String
  public var title = ""
  public var about = ""
  public private(set) var parameters: [Parameter] = []
  /// Command, arguments and options, with their places for parameters.
  private var command = ""
  private var arguments: [QueryTemplate] = []
  private var options: [(name: String, value: QueryTemplate?)] = []

  /// Values longer than this are refused.
  static let valueLimit = 4096

  /// The folder of saved queries, beside the pipelines.
  public static let folder = "queries"

  /// Whether a path names a saved query and no pipeline.
  static func isOne(_ path: String) -> Bool { PathText.name(of: PathText.folder(of: path)) == folder }

  /// Reads a file.
  ///
  /// - Returns: the query, nil if there are problems; and the problems, by place.
  public static func read(_ bytes: [UInt8], file: String) -> (query: SavedQuery?, problems: [PipelineProblem]) {
    let (document, problems) = PipelineDocument.checked(bytes, file: file, as: .query)
    guard let document, problems.isEmpty else { return (nil, problems.sorted()) }
    var reader = SavedQueryReader(document)
    let query = reader.read(SavedQuery(name: String(PathText.name(of: file).dropLast(".yaml".count))))
    return (reader.problems.isEmpty ? query : nil, reader.problems.sorted())
  }

  /// All saved queries of a folder of pipelines, by name.
  ///
  /// - Throws: ``SystemError`` where something cannot be read.
  public static func all(in pipelines: String) throws(SystemError) -> (
    queries: [SavedQuery], problems: [PipelineProblem]
  ) {
    var (queries, problems): ([SavedQuery], [PipelineProblem]) = ([], [])
    for path in try files(in: pipelines) {
      let found = read(try InputFile.contents(of: path, limit: PipelineDocument.byteLimit + 1), file: path)
      problems += found.problems
      if let query = found.query { queries.append(query) }
    }
    return (queries, problems)
  }

  static func files(in pipelines: String) throws(SystemError) -> [String] {
    let folder = PathText.join(pipelines, folder)
    guard try FileSystem.exists(folder) else { return [] }
    return try PipelineLibrary.yamlFiles(folder)
  }

  init(name: String) { self.name = name }

  /// The words of the command line, for values by parameter.
  ///
  /// - Throws: ``SavedQueryError`` for a value that is missing, unknown, or not what its parameter takes.
  public func words(_ values: [String: String]) throws(SavedQueryError) -> [String] {
    var complete: [String: (text: String, isNumber: Bool)] = [:]
    for name in values.keys.sorted() where !parameters.contains(where: { $0.name == name }) {
      let names = parameters.map(\.name)
      throw SavedQueryError(
        "'\(self.name)' has no parameter '\(name)'\(NearestWord.hint(name, in: names)); "
          + (names.isEmpty ? "it has none" : "it has: " + names.joined(separator: ", ")))
    }
    for parameter in parameters {
      guard let value = values[parameter.name] ?? parameter.fallback else {
        throw SavedQueryError("say \(parameter.name)=…: \(parameter.about)")
      }
      if let problem = parameter.problem(value) { throw SavedQueryError("\(parameter.name)=…: \(problem)") }
      complete[parameter.name] = (value, parameter.isNumber)
    }
    var words = [command] + arguments.map { $0.filled(complete) }
    for (option, value) in options {
      words.append("--" + option)
      if let value { words.append(value.filled(complete)) }
    }
    return words
  }

  mutating func take(_ command: String, _ parameters: [Parameter]) {
    self.command = command
    self.parameters = parameters
  }
  mutating func add(argument: QueryTemplate) { arguments.append(argument) }
  mutating func add(option: String, _ value: QueryTemplate?) { options.append((option, value)) }
}

extension SavedQuery.Parameter {
  /// Why a value is not taken; nil: it is.
  func problem(_ value: String) -> String? {
    if value.utf8.count > SavedQuery.valueLimit { return "it is longer than \(SavedQuery.valueLimit) bytes" }
    if value.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
      return "it holds a control character"
    }
    if isNumber, ExactDecimal(plain: value) == nil { return "'\(value)' is no number" }
    // As a word of its own it would be read as an option.
    if !isNumber, value.hasPrefix("-") { return "it begins with '-'" }
    return nil
  }
}

/// What is wrong with the values of a saved query.
public struct SavedQueryError: Error, Sendable, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}
