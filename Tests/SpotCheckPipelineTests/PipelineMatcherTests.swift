import SpotCheckModel
import SpotCheckPipeline
import SpotCheckReading
import Testing

struct PipelineMatcherTests {
  static let plans = [
    Fixture.compile(Fixture.pipeline).plan,
    Fixture.compile(
      """
      pipeline: other
      title: 另一
      bureau: lcj
      fields: { sampling_number: 编号 }
      layouts:
        - name: tab
          format: csv
          shape: samples
          match: { header: ["*编 号", 名称], folder: lcj }
          csv: { delimiter: tab }
        - name: urn
          format: xml
          match: { root: report }
          xml: { record: /report/r, items: i, namespace: "urn:x" }
      """
    ).plan,
  ].compactMap { $0 }

  func match(_ path: String, _ text: String, pipeline: String? = nil, encode: (String) -> [UInt8] = { Array($0.utf8) })
    throws -> String
  {
    let bytes = encode(text)
    switch try PipelineMatcher(plans: Self.plans).match(
      path: path, pipeline: pipeline, open: { MemorySource(bytes, pieces: .fixed(7)) })
    {
    case .layout(let layout): return layout.fullName
    case .refused(let diagnostic): return diagnostic.code.rawValue + ": " + diagnostic.message
    }
  }

  @Test func headerBelowTitleRowsDecides() throws {
    #expect(Self.plans.count == 2)
    #expect(try match("in/a.csv", "某市抽检结果\n\n序号,抽样编号*,检验 项目,结果\n1,a,b,c\n") == "demo/items")
    #expect(try match("in/A.CSV", "抽样编号,检验项目\n") == "demo/items")
    let wide = "\u{FEFF}抽样编号,检验项目\r\n1,2\r\n"
    #expect(
      try match("a.csv", wide, encode: { $0.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }) == "demo/items")
  }

  /// The layouts ask for more and more rows of one reading, and some for one of their own: each has what it would have alone.
  @Test func layoutsThatReadFartherSeeTheSameRows() throws {
    func plan(_ name: String, _ within: Int, _ header: String, _ dialect: String) throws
      -> PipelinePlan
    {
      try #require(
        Fixture.compile(
          """
          pipeline: \(name)
          title: 某
          bureau: lcj
          fields: { sampling_number: 编号 }
          layouts:
            - name: a
              format: csv
              shape: samples
              match: { header: [编号, \(header)] }
              header: { mode: named, within: \(within) }
              \(dialect)
          """
        ).plan)
    }
    let plans = try [
      plan("one", 3, "甲", ""), plan("two", 900, "乙", ""), plan("three", 40, "丙", ""),
      plan("four", 9000, "丁", ""), plan("five", 9000, "戊", "csv: { delimiter: \";\" }"),
    ]
    let names = ["甲", "乙", "丙", "丁", "戊"]
    for at in [0, 2, 3, 30, 39, 40, 700, 899, 900, 5000, 8999, 9000, 20_000] {
      for (index, name) in names.enumerated() {
        let mark = index == 4 ? ";" : ","
        var lines = (0..<at).map { "\($0)\(mark)城东区合格\(mark)x" }
        lines.append("编号\(mark)\(name)\(mark)x")
        lines += (0..<30).map { "\($0)\(mark)甲\(mark)x" }
        let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
        func matched(_ plans: [PipelinePlan]) throws -> String {
          switch try PipelineMatcher(plans: plans).match(
            path: "a.csv", open: { MemorySource(bytes) })
          {
          case .layout(let layout): return layout.fullName
          case .refused(let diagnostic): return diagnostic.code.rawValue
          }
        }
        let alone = try plans.map { try matched([$0]) }.filter { $0.hasSuffix("/a") }
        let within = [3, 900, 40, 9000, 9000][index]
        #expect(alone == (at < within ? [plans[index].name + "/a"] : []))
        #expect(try matched(plans) == alone.first ?? "PIPELINE_NONE")
        #expect(try matched(plans.reversed()) == alone.first ?? "PIPELINE_NONE")
      }
    }
  }

  @Test func folderAndDialectDecide() throws {
    #expect(try match("inbox/lcj/x.txt", "标题\n编号\t名称\n") == "other/tab")
    #expect(try match("inbox/LCJ/sub/x.txt", "编号\t名称\n") == "other/tab")
    let wrong = try match("inbox/x.txt", "编号\t名称\n")
    #expect(wrong.hasPrefix("PIPELINE_NONE: no layout fits 'x.txt':"))
    #expect(wrong.contains("demo/items: the file name does not match *.csv"))
    #expect(wrong.contains("other/tab: no folder above is named lcj"))
    #expect(wrong.contains("demo/xml: the content is csv"))
  }

  @Test func missingHeaderNamesAreListed() throws {
    let wrong = try match("a.csv", "抽样编号,项目\n1,2\n")
    #expect(wrong.contains("demo/items: no row has all header names; missing: 检验项目"))
  }

  @Test func rootElementAndNamespaceDecide() throws {
    #expect(try match("a.xml", "<?xml version=\"1.0\"?>\n<!-- x --><数据><样品/></数据>") == "demo/xml")
    #expect(try match("a", "<n:report xmlns:n='urn:x'><n:r/></n:report>") == "other/urn")
    let wrong = try match("a", "<report xmlns='urn:y'><r/></report>")
    #expect(wrong.contains("other/urn: the root's namespace is 'urn:y', not 'urn:x'"))
    #expect(wrong.contains("demo/xml: the root element is 'report', not '数据'"))
  }

  @Test func severalThatFitAreAmbiguous() throws {
    let twin = try #require(
      Fixture.compile(Fixture.pipeline.replacing("pipeline: demo", with: "pipeline: twin")).plan)
    let bytes = Array("抽样编号,检验项目\n".utf8)
    let matcher = PipelineMatcher(plans: Self.plans + [twin])
    guard case .refused(let diagnostic) = try matcher.match(path: "a.csv", open: { MemorySource(bytes) }) else {
      Issue.record("two layouts fit")
      return
    }
    #expect(diagnostic.code == .pipelineAmbiguous)
    #expect(diagnostic.message.hasPrefix("2 layouts fit: demo/items, twin/items;"))
    guard case .layout(let chosen) = try matcher.match(path: "a.csv", pipeline: "twin", open: { MemorySource(bytes) })
    else {
      Issue.record("the named pipeline fits")
      return
    }
    #expect(chosen.fullName == "twin/items")
  }

  @Test func unreadableFilesSayWhy() throws {
    #expect(try match("a.csv", "").hasPrefix("FS_EMPTY"))
    #expect(try match("a.csv.gz", "抽样编号").hasPrefix("GZ_NOT_GZIP"))
    #expect(try match("a.csv", "x\n", pipeline: "dmeo").contains("there is no pipeline 'dmeo'; did you mean 'demo'?"))
  }

  /// A fault of the file itself is the answer, not that nothing fits.
  @Test func faultsOfTheBeginningAreReportedAsThemselves() throws {
    for pipeline in [nil, "demo", "other"] {
      #expect(try match("a.xml", "<!DOCTYPE 数据>\n<数据/>", pipeline: pipeline).hasPrefix("XML_DOCTYPE"))
      #expect(
        try match("a.xml", "<?xml version='1.0' encoding='KLINGON-8'?><数据/>", pipeline: pipeline)
          .hasPrefix("ENC_UNKNOWN"))
      #expect(try match("a.xml", "<?xml version='7'?><数据/>", pipeline: pipeline).hasPrefix("XML_NOT_WF"))
    }
    let doubtful = "抽样编号,检验项目;判定\nA-1,铅;合格\nA-2,镉;合格\n"
    #expect(try match("a.csv", doubtful).hasPrefix("CSV_DIALECT_AMBIGUOUS"))
    #expect(try match("a.csv", doubtful, pipeline: "demo").hasPrefix("CSV_DIALECT_AMBIGUOUS"))
    // A root that was read and is another one: what comes after it is no reason.
    #expect(try match("a.xml", "<other><a></b></other>").hasPrefix("PIPELINE_NONE"))
    // A layout that prescribes how to read fails alone with a file that is not its own.
    let prescribed = try #require(Fixture.compile("encoding: auto", "encoding: utf-16le").plan)
    let plain = try #require(Fixture.compile("pipeline: demo", "pipeline: plain").plan)
    let marked = [0xEF, 0xBB, 0xBF] + Array("名称,数量\n螺丝,3\n".utf8)
    for (plans, code) in [([prescribed], DiagnosticCode.encodingBOMConflict), ([prescribed, plain], .pipelineNone)] {
      guard
        case .refused(let diagnostic) = try PipelineMatcher(plans: plans).match(
          path: "a.csv", open: { MemorySource(marked) })
      else {
        Issue.record("nothing fits")
        continue
      }
      #expect(diagnostic.code == code)
    }
  }

  @Test func headerIsLookedForOnlyWithinItsRows() throws {
    let deep = String(repeating: "标题\n", count: 30) + "抽样编号,检验项目\n"
    #expect(try match("a.csv", deep).hasPrefix("PIPELINE_NONE"))
    #expect(try match("a.csv", String(deep.dropFirst(3))) == "demo/items")
  }

  @Test func forbiddenHeaderNamesTellLayoutsApart() throws {
    let compilation = Fixture.compile("header: [抽样编号, 检验项目]", "header: [抽样编号, 检验项目], lacks: [\"检出限*\"]")
    let plan = try #require(compilation.plan, "\(compilation.problems)")
    let matcher = PipelineMatcher(plans: [plan])
    for (text, fits) in [("抽样编号,检验项目\n检出限\n", true), ("抽样编号,检验项目,检 出 限\n", false)] {
      let match = try matcher.match(path: "a.csv", open: { MemorySource(Array(text.utf8)) })
      switch match {
      case .layout: #expect(fits)
      case .refused(let diagnostic):
        #expect(!fits && diagnostic.message.contains("demo/items: the header must not have: 检出限"))
      }
    }
  }
}
