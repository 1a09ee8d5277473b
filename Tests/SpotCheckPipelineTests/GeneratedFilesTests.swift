import SpotCheckPipeline
import SpotCheckQuery
import SpotCheckSystem
import Testing

/// The files that are made from the key table are in step with it.
struct GeneratedFilesTests {
  /// The repository, found from this file's place in it.
  static let root = PathText.folder(of: PathText.folder(of: PathText.folder(of: #filePath)))

  @Test func schemaIsInStep() throws {
    let file = try InputFile.contents(of: Self.root + "/pipelines/schema.json")
    #expect(
      String(decoding: file, as: UTF8.self) == PipelineSchema.json(),
      "pipelines/schema.json is stale: write PipelineSchema.json() to it")
  }

  @Test func referencePageIsInStep() throws {
    let file = try InputFile.contents(of: Self.root + "/Sources/SpotCheck/Documentation.docc/PipelineReference.md")
    #expect(
      String(decoding: file, as: UTF8.self) == PipelineReference.markdown(),
      "PipelineReference.md is stale: write PipelineReference.markdown() to it")
  }

  @Test func shippedPipelinesAreClean() throws {
    let problems = try PipelineLinter.lint(
      folder: Self.root + "/pipelines", filterCheck: Filter.fault(ofSampleFilter:))
    #expect(problems.isEmpty, "\(problems.map(\.description).joined(separator: "\n"))")
  }
}
