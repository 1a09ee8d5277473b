public import SpotCheckModel
public import SpotCheckSystem

/// Everything that is wrong in pipelines, their tests, the code tables and the register of targets, sorted by place.
public enum PipelineLinter {
  /// Lints a folder of pipelines.
  ///
  /// - Parameter filterCheck: judges the populations of targets; nil = they are taken as written.
  public static func lint(folder: String, filterCheck: FilterCheck? = nil) throws(SystemError) -> [PipelineProblem] {
    let library = try PipelineLibrary.load(folder: folder, filterCheck: filterCheck)
    var problems = library.problems
    for file in try PipelineLibrary.yamlFiles(folder) where file.hasSuffix(".test.yaml") {
      problems += try lintTests(file, library).problems
    }
    problems += try SavedQuery.all(in: folder).problems
    return Array(Set(problems)).sorted()
  }

  /// Lints single files (pipelines, tests or a register) with the tables and pipelines of a library.
  public static func lint(files: [String], library: PipelineLibrary) throws(SystemError) -> [PipelineProblem] {
    var problems: [PipelineProblem] = []
    for file in files {
      if file.hasSuffix(".test.yaml") {
        problems += try lintTests(file, library).problems
      } else if PipelineLibrary.isRegister(file) {
        problems += try library.readRegister(file).problems
      } else if PipelineLibrary.isCalendar(file) {
        problems += try PipelineLibrary.readCalendar(file).problems
      } else if SavedQuery.isOne(file) {
        let bytes = try InputFile.contents(of: file, limit: PipelineDocument.byteLimit + 1)
        problems += SavedQuery.read(bytes, file: file).problems
      } else {
        let bytes = try InputFile.contents(of: file, limit: PipelineDocument.byteLimit + 1)
        problems += PipelineCompiler.compile(bytes, file: file, tables: library.tables).problems
      }
    }
    return Array(Set(problems)).sorted()
  }

  private static func lintTests(_ file: String, _ library: PipelineLibrary) throws(SystemError) -> PipelineTestFile {
    let bytes = try InputFile.contents(of: file, limit: PipelineDocument.byteLimit + 1)
    return PipelineTestFile(bytes, file: file, library: library)
  }
}
