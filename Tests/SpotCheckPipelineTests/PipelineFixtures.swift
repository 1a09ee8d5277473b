import SpotCheckPipeline
import SpotCheckSystem

/// Small code tables and pipelines that the tests bend and break.
enum Fixture {
  static let codes: [(name: String, bytes: [UInt8])] = [
    ("bureaus.csv", "code,name\nnyncj,农业农村局\nlcj,林草局\n"),
    ("verdicts.csv", "code,name,aliases\npass,合格,符合\nfail,不合格,\nundetermined,不判定,\nnot_tested,未检验,\n"),
    (
      "districts.csv",
      "code,name,parent,level,valid_from,valid_to,successors,aliases\n630100,西宁市,,1,,,,\n"
        + "630102,城东区,630100,2,,,,东区\n630122,湟中县,630100,2,,2020-06-05,630106,\n630106,湟中区,630100,2,2020-06-05,,,\n"
    ),
    ("levels.csv", "code,name\nnational,国家级\nmunicipal,市级\n"),
    ("analytes.csv", "code,name,parent,aliases\nlead,铅,heavy_metal,Pb\ncadmium,镉,heavy_metal,Cd\n"),
    ("units.csv", "unit,dimension,exponent,aliases\nmg/kg,mass,-6,毫克/千克\n"),
  ].map { ($0.0, Array($0.1.utf8)) }

  static let tables = CodeTableSet(files: codes, folder: "codes")

  static let pipeline = """
    pipeline: demo
    title: 演示
    bureau: nyncj
    encoding: auto
    fields:
      sampling_number: { from: [抽样编号, 编号], required: true, upper: true }
      unit_district: 区县
      sampled_day: { from: 抽样日期, order: y/m/d }
    layouts:
      - name: items
        format: csv
        match: { header: [抽样编号, 检验项目], file: "*.csv" }
        shape: items
        fields:
          analyte: 检验项目
          value: [结果, 检验结果]
          item_verdict: 判定
      - name: xml
        format: xml
        match: { root: 数据 }
        xml: { record: /数据/样品, items: 项目 }
        fields:
          analyte: 名称

    """

  static func compile(_ text: String) -> PipelineCompilation {
    PipelineCompiler.compile(Array(text.utf8), file: "p.yaml", tables: tables)
  }

  /// The pipeline with one text replaced.
  static func compile(_ old: String, _ new: String) -> PipelineCompilation {
    precondition(pipeline.contains(old), "the fixture has no '\(old)'")
    return compile(pipeline.replacing(old, with: new, maxReplacements: 1))
  }
}
