import SpotCheckModel
import SpotCheckPipeline
import SpotCheckQuery
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

  @Test func registerOfTargetsIsNoPipeline() throws {
    let codes = Fixture.codes.map { ("codes/" + $0.name, String(decoding: $0.bytes, as: UTF8.self)) }
    // The fixture's bureaus are those of the pipelines.
    let register = TargetFixture.register.replacing("scjgj", with: "nyncj")
    let files = codes + [("demo.yaml", Fixture.pipeline), ("targets.yaml", register)]
    try withFolder(files) { folder in
      let library = try PipelineLibrary.load(folder: folder)
      #expect(library.problems.isEmpty, "\(library.problems)")
      #expect(library.files == [folder + "/demo.yaml"] && library.plans.map(\.name) == ["demo"])
      #expect(library.targets.ids == ["goods", "toys", "pests"] && library.targets.revision.count == 12)
      #expect(library.targets.targets.first?.owners.first?.name == "农业农村局")
      #expect(try library.find(folder + "/targets.yaml") == nil)
    }
    try withFolder(codes + [("demo.yaml", Fixture.pipeline)]) { folder in
      let library = try PipelineLibrary.load(folder: folder)
      #expect(library.targets == .empty && library.problems.isEmpty)
    }
  }

  @Test func registerIsLintedWithTheFolderAndByName() throws {
    let codes = Fixture.codes.map { ("codes/" + $0.name, String(decoding: $0.bytes, as: UTF8.self)) }
    let broken = TargetFixture.register.replacing("scjgj", with: "nyncj").replacing(
      "category = 20", with: "categry = 1")
    let files = codes + [("targets.yaml", broken), ("old/targets.yaml", "documents: {}\ntargets: []\n")]
    try withFolder(files) { folder in
      let check: FilterCheck = Filter.fault(ofSampleFilter:)
      let expected = "\(folder)/targets.yaml:20:17: error: 'population' is no filter: unknown column 'categry'"
      let unused = "\(folder)/old/targets.yaml: warning: this register is not used"
      let ofFolder = try PipelineLinter.lint(folder: folder, filterCheck: check).map(\.headline)
      #expect(ofFolder.count == 2 && ofFolder[0].hasPrefix(unused) && ofFolder[1].hasPrefix(expected), "\(ofFolder)")
      let library = try PipelineLibrary.load(folder: folder, filterCheck: check)
      #expect(library.targets == .empty)
      let named = try PipelineLinter.lint(files: [folder + "/targets.yaml"], library: library).map(\.headline)
      #expect(named.count == 1 && named[0].hasPrefix(expected), "\(named)")
      // Without somebody who knows filters, populations are taken as written.
      let unchecked = try PipelineLibrary.load(folder: folder)
      #expect(unchecked.problems.count == 1)
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
