import ArgumentParser
import SpotCheck

struct PipelineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pipeline", abstract: "Checks, explains and tests pipelines.",
    subcommands: [Lint.self, Explain.self, Test.self, Schema.self, Reference.self])

  struct Lint: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "lint",
      abstract:
        "Reports every mistake in pipelines, code tables and targets, with file, line, column and what was meant.",
      discussion:
        "EXAMPLES\n  spotcheck pipeline lint\n  spotcheck pipeline lint pipelines/agriculture.yaml pipelines/targets.yaml"
    )
    @OptionGroup var pipelines: PipelinesOption
    @Argument(help: ArgumentHelp("Files or folders (default: all pipelines).", valueName: "path"))
    var paths: [String] = []

    func run() throws {
      let folder = try pipelines.folder(for: .operations)
      let problems =
        paths.isEmpty
        ? try PipelineLinter.lint(folder: folder, filterCheck: Filter.fault(ofSampleFilter:))
        : try PipelineLinter.lint(
          files: paths,
          library: try PipelineLibrary.load(folder: folder, filterCheck: Filter.fault(ofSampleFilter:)))
      for problem in problems { Console.out(problem.description + "\n") }
      let errors = problems.count { $0.severity == .error }
      if errors > 0 { throw CommandFailure(.failure, "\(errors) errors") }
      Console.note(problems.isEmpty ? "no problems" : "\(problems.count) warnings")
    }
  }

  struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "explain",
      abstract: "Prints the compiled plan, with file and line, or 'default', after each setting.")
    @OptionGroup var pipelines: PipelinesOption
    @Argument(help: "Name or file of a pipeline.")
    var pipeline: String

    func run() throws {
      let library = try pipelines.library(for: .operations)
      guard let plan = try library.find(pipeline)?.plan else {
        throw CommandFailure(.usage, library.notFound(pipeline))
      }
      Console.out(PipelineExplainer.explain(plan))
    }
  }

  struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "test", abstract: "Runs the cases in *.test.yaml beside the pipelines.")
    @OptionGroup var pipelines: PipelinesOption
    @Argument(help: ArgumentHelp("Test files (default: all).", valueName: "path"))
    var paths: [String] = []

    func run() throws {
      let tester = PipelineTester(library: try pipelines.library(for: .operations))
      var results: [PipelineTestResult] = []
      for path in paths.isEmpty ? try tester.testFiles() : paths { results += try tester.run(path) }
      for result in results { Console.out(result.description + "\n") }
      let failed = results.count { !$0.passed }
      Console.note("\(results.count - failed) passed, \(failed) failed")
      if failed > 0 { ExitStatus.leave(.failure) }
    }
  }

  struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "schema", abstract: "Prints the JSON schema of pipeline files and targets, for editors.")
    func run() throws { Console.out(PipelineSchema.json()) }
  }

  struct Reference: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "reference", abstract: "Prints the reference page of all keys as Markdown.")
    func run() throws { Console.out(PipelineReference.markdown()) }
  }
}
