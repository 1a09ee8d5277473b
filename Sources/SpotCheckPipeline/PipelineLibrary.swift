public import SpotCheckModel
public import SpotCheckSystem

/// All pipelines of a folder, compiled, and the register of targets beside them.
public struct PipelineLibrary: Sendable {
  /// The folder, as given.
  public var folder: String
  /// Plans by the bytes of their file names.
  public private(set) var plans: [PipelinePlan] = []
  /// Everything wrong with pipelines, code tables and targets, sorted.
  public private(set) var problems: [PipelineProblem] = []
  public private(set) var tables = CodeTableSet()
  /// The register in `targets.yaml`; empty if there is none, or if it has errors.
  public private(set) var targets = TargetRegister.empty
  /// The working days of `calendar.yaml`; only weekends are known if there is none, or if it has errors.
  public private(set) var calendar = WorkCalendar.weekendsOnly
  /// Every pipeline file found, whether or not it compiles.
  public private(set) var files: [String] = []
  private let filterCheck: FilterCheck?

  /// Loads `*.yaml` (not `*.test.yaml`) of the folder and its sub-folders, the tables of `codes/`,
  /// `targets.yaml` and `calendar.yaml`.
  ///
  /// - Parameter filterCheck: judges the populations of targets; nil = they are taken as written.
  /// - Throws: ``SystemError`` where something cannot be read. What is wrong inside files is in ``problems``.
  public static func load(folder: String, filterCheck: FilterCheck? = nil) throws(SystemError) -> PipelineLibrary {
    var library = PipelineLibrary(folder: folder, filterCheck: filterCheck)
    library.tables = try CodeTableSet.load(folder: PathText.join(folder, "codes"))
    library.problems = library.tables.problems
    let files = try yamlFiles(folder).filter { !$0.hasSuffix(".test.yaml") }
    library.files = files.filter { !isRegister($0) && !isCalendar($0) }
    try library.loadTargets(files.filter { isRegister($0) })
    for path in files where isCalendar(path) {
      let file = try readCalendar(path)
      library.problems += file.problems
      if path == PathText.join(folder, CalendarFile.name) { library.calendar = file.calendar }
    }
    for file in library.files {
      let compilation = PipelineCompiler.compile(
        try InputFile.contents(of: file, limit: PipelineDocument.byteLimit + 1), file: file, tables: library.tables)
      library.problems += compilation.problems
      if let plan = compilation.plan { library.add(plan) }
    }
    library.problems.sort()
    return library
  }

  /// For tests and single files.
  public init(
    folder: String, tables: CodeTableSet = CodeTableSet(), plans: [PipelinePlan] = [], filterCheck: FilterCheck? = nil
  ) {
    self.folder = folder
    self.tables = tables
    self.filterCheck = filterCheck
    for plan in plans { add(plan) }
  }

  /// A pipeline by its name.
  public func pipeline(_ name: String) -> PipelinePlan? { plans.first { $0.name == name } }

  /// A pipeline by name, or by the path of its file; a path outside the folder is compiled with its tables.
  public func find(_ nameOrPath: String) throws(SystemError) -> PipelineCompilation? {
    if let plan = pipeline(nameOrPath) ?? plans.first(where: { $0.file == nameOrPath }) {
      return PipelineCompilation(plan: plan, problems: problems.filter { $0.file == plan.file })
    }
    guard nameOrPath.hasSuffix(".yaml") || nameOrPath.contains("/") else {
      let inFile = problems.filter { PathText.name(of: $0.file) == nameOrPath + ".yaml" }
      return inFile.isEmpty ? nil : PipelineCompilation(plan: nil, problems: inFile)
    }
    guard !PipelineLibrary.isRegister(nameOrPath), !PipelineLibrary.isCalendar(nameOrPath),
      try FileSystem.exists(nameOrPath)
    else { return nil }
    let bytes = try InputFile.contents(of: nameOrPath, limit: PipelineDocument.byteLimit + 1)
    return PipelineCompiler.compile(bytes, file: nameOrPath, tables: tables)
  }

  /// What to say when ``find(_:)`` finds nothing.
  public func notFound(_ name: String) -> String {
    let names = plans.map(\.name)
    let known = names.isEmpty ? "there are none in \(folder)" : "there are: " + names.joined(separator: ", ")
    return "there is no pipeline '\(name)'\(NearestWord.hint(name, in: names)); \(known)"
  }

  /// Whether a path names a register of targets and no pipeline.
  static func isRegister(_ path: String) -> Bool { PathText.name(of: path) == TargetRegisterFile.name }

  /// Whether a path names a calendar and no pipeline.
  static func isCalendar(_ path: String) -> Bool { PathText.name(of: path) == CalendarFile.name }

  static func readCalendar(_ path: String) throws(SystemError) -> CalendarFile {
    CalendarFile(try InputFile.contents(of: path, limit: PipelineDocument.byteLimit + 1), file: path)
  }

  /// Reads a register with this library's bureaus.
  func readRegister(_ path: String) throws(SystemError) -> TargetRegisterFile {
    TargetRegisterFile(
      try InputFile.contents(of: path, limit: PipelineDocument.byteLimit + 1), file: path,
      bureaus: tables.tables["bureaus"]?.table, filterCheck: filterCheck)
  }

  private mutating func loadTargets(_ registers: [String]) throws(SystemError) {
    for path in registers {
      let file = try readRegister(path)
      problems += file.problems
      if path == PathText.join(folder, TargetRegisterFile.name) {
        targets = file.register
      } else {
        problems.append(
          PipelineProblem(
            .warning, file: path, "this register is not used: the one that counts stands in the folder of pipelines"))
      }
    }
  }

  private mutating func add(_ plan: PipelinePlan) {
    if let other = pipeline(plan.name) {
      problems.append(
        PipelineProblem(file: plan.file, "the pipeline name '\(plan.name)' is already that of \(other.file)"))
      return
    }
    plans.append(plan)
  }

  /// All `*.yaml` below a folder, sorted by the bytes of their paths; `codes/`, `queries/` and hidden names are left out.
  static func yamlFiles(_ folder: String, depth: Int = 0) throws(SystemError) -> [String] {
    guard depth < 8 else { return [] }
    var files: [String] = []
    for entry in try FileSystem.list(folder) where !entry.name.hasPrefix(".") {
      let path = PathText.join(folder, entry.name)
      let kind = entry.status.kind == .symbolicLink ? try FileSystem.status(path).kind : entry.status.kind
      switch kind {
      case .regular where entry.name.hasSuffix(".yaml"): files.append(path)
      case .folder where !(depth == 0 && (entry.name == "codes" || entry.name == SavedQuery.folder)):
        files += try yamlFiles(path, depth: depth + 1)
      default: break
      }
    }
    return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
