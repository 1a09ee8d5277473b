import SpotCheckPipeline
import SpotCheckSystem
import Testing

struct PipelineTesterTests {
  static let cases = """
    pipeline: demo
    cases:
      - name: good
        layout: items
        input: |
          抽样编号,检验项目,结果,判定,区县,抽样日期
          a-1,铅,0.050,合格,城东区,2024-03-05
          ,铅,0.05,合格,城东区,2024-03-05
        expect:
          accounts: { read: 3, accepted: 1, rejected: 1, blank: 1 }
          samples: [{ sampling_number: A-1, verdict: pass, sampled_day: 2024-03-05, district: "630102", items: 1 }]
          items: [{ analyte: 铅, value: 0.050, verdict: pass }]
          rejects: [CELL_REQUIRED]
      - name: bad
        file_name: a.csv
        input: |
          抽样编号,检验项目,结果
          a-1,铅,0.05
        expect:
          accounts: { read: 9 }
          samples: [{ sampling_number: A-2 }, { sampling_number: A-3 }]
          diagnostics: [CELL_DATE, CELL_DATE]
          rejects: [CELL_REQUIRED]
          fatal: GZ_CRC
      - name: nothing fits
        input: "a,b\\n1,2\\n"
        expect: { fatal: PIPELINE_NONE }

    """

  @Test func casesPassOrSayWhatDiffers() throws {
    let folder = try FileSystem.makeTemporaryFolder(in: "/tmp", prefix: "spotcheck-tester-")
    defer { try? FileSystem.removeTree(folder) }
    for (name, text) in [
      ("demo.test.yaml", Self.cases),
      ("odd.test.yaml", "pipeline: demo\ncases:\n  - name: x\n    expect: { sampels: [] }\n"),
    ] {
      var writer = try DurableWriter(folder + "/" + name)
      try writer.write(text)
      try writer.publish()
    }
    let plan = try #require(Fixture.compile(Fixture.pipeline).plan)
    let tester = PipelineTester(library: PipelineLibrary(folder: folder, tables: Fixture.tables, plans: [plan]))
    let files = try tester.testFiles()
    #expect(files.map { PathText.name(of: $0) } == ["demo.test.yaml", "odd.test.yaml"])
    let results = try tester.run(files[0])
    try #require(results.count == 3)
    #expect(results[0].passed, "\(results[0].description)")
    #expect(results[1].line == 14)
    #expect(
      results[1].differences == [
        "expected the file to be refused with GZ_CRC, but it was accepted", "accounts.read: expected 9, found 2",
        "samples: expected 2 rows, found 1",
        "samples[1].sampling_number: expected 'A-2', found 'A-1' (line 21)",
        "diagnostics: CELL_DATE is missing (2×)", "rejects: expected [CELL_REQUIRED], found []",
      ])
    #expect(results[2].passed, "\(results[2].description)")
    let odd = try tester.run(files[1])
    #expect(odd.count == 1 && !odd[0].passed)
    let text = odd[0].description
    #expect(text.contains("unknown key 'sampels' in 'cases[].expect'; did you mean 'samples'?"), "\(text)")
    #expect(text.contains("a case needs either 'input' or 'input_file'"))
  }
}
