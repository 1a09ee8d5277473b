import SpotCheckPipeline
import SpotCheckSystem
import Testing

struct PipelineLibraryTests {
  /// A scratch folder with pipelines, removed afterwards.
  func withFolder(_ files: [(String, String)], _ body: (String) throws -> Void) throws {
    let folder = try FileSystem.makeTemporaryFolder(in: "/tmp", prefix: "spotcheck-pipelines-")
    defer { try? FileSystem.removeTree(folder) }
    for (name, text) in files {
      let path = PathText.join(folder, name)
      try FileSystem.createFolder(PathText.folder(of: path))
      var writer = try DurableWriter(path)
      try writer.write(Array(text.utf8))
      try writer.publish()
    }
    try body(folder)
  }

  @Test func libraryLoadsAllPipelinesInOrder() throws {
    let files =
      Fixture.codes.map { ("codes/" + $0.name, String(decoding: $0.bytes, as: UTF8.self)) } + [
        ("b.yaml", Fixture.pipeline),
        ("examples/a.yaml", Fixture.pipeline.replacing("pipeline: demo", with: "pipeline: second")),
        (
          "z.yaml",
          "pipeline: demo\n" + Fixture.pipeline.split(separator: "\n").dropFirst().joined(separator: "\n") + "\n"
        ),
        ("broken.yaml", "pipeline: broken\n"), ("b.test.yaml", "pipeline: demo\ncases: []\n"), (".hidden.yaml", "x"),
      ]
    try withFolder(files) { folder in
      let library = try PipelineLibrary.load(folder: folder)
      #expect(
        library.files.map { $0.dropFirst(folder.count + 1) } == ["b.yaml", "broken.yaml", "examples/a.yaml", "z.yaml"])
      #expect(library.plans.map(\.name) == ["demo", "second"])
      #expect(library.problems.contains { $0.message.hasPrefix("the pipeline name 'demo' is already that of") })
      #expect(try library.find("second")?.plan?.layouts.count == 2)
      #expect(try library.find(folder + "/b.yaml")?.plan?.name == "demo")
      #expect(try library.find("broken")?.hasErrors == true)
      #expect(try library.find("nothing") == nil)
      #expect(library.notFound("dmo").contains("did you mean 'demo'?"))
      let sorted = try PipelineLinter.lint(folder: folder)
      #expect(sorted == sorted.sorted() && sorted.contains { $0.file.hasSuffix("broken.yaml") })

      let wished = PipelineLocator(option: folder, environment: nil, currentFolder: "/", executable: nil)
      let place = try wished.locate()
      #expect(place == folder)
      let inside = PipelineLocator(
        option: nil, environment: nil, currentFolder: "/", executable: folder + "/examples/deep/spotcheck")
      do throws(PipelineFolderError) {
        _ = try inside.locate()
        Issue.record("a folder without codes/ is no folder of pipelines")
      } catch {
        #expect(error.tried.contains(folder + "/examples/pipelines"))
      }
    }
  }

  @Test func folderIsFoundAboveTheProgram() throws {
    try withFolder([("pipelines/codes/x.csv", "code,name\n"), ("bin/spotcheck", ""), ("share/x", "")]) { folder in
      let locator = PipelineLocator(
        option: nil, environment: "", currentFolder: folder + "/share", executable: folder + "/bin/spotcheck")
      let found = try locator.locate()
      #expect(found == folder + "/pipelines")
      let asked = PipelineLocator(option: nil, environment: folder + "/no", currentFolder: folder, executable: nil)
      do throws(PipelineFolderError) {
        _ = try asked.locate()
        Issue.record("what was asked for is not skipped")
      } catch {
        #expect(error.description == "SPOTCHECK_PIPELINES names '\(folder)/no', which is not a folder")
      }
    }
  }
}
