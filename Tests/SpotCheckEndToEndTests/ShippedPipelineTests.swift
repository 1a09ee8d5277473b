import SpotCheck
import SpotCheckTestSupport
import Testing

/// The shipped pipelines are valid, and their own cases hold.
@Suite struct ShippedPipelineTests {
  @Test func everyPipelineAndTableIsWithoutProblems() throws {
    let problems = try PipelineLinter.lint(folder: Repository.path("pipelines"))
    #expect(problems.isEmpty, "\(problems.map(\.description).joined(separator: "\n"))")
  }

  static let files: [String] = (try? PipelineTester(library: Repository.library.get()).testFiles()) ?? []

  @Test func everyPipelineHasCases() throws {
    let library = try Repository.library.get()
    #expect(library.plans.count >= 5)
    #expect(ShippedPipelineTests.files.count == library.plans.count)
  }

  @Test(arguments: files) func theCasesBesideThePipelineHold(_ file: String) throws {
    let results = try PipelineTester(library: try Repository.library.get()).run(file)
    #expect(results.count >= 5)
    for result in results { #expect(result.passed, "\(result.description)") }
  }
}
