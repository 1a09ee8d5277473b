import SpotCheckModel

/// The keys of `spotcheck.yaml` of a project and `config.yaml` of a person.
extension KeyTable {
  static let settingBlocks: [KeyBlock] = [
    KeyBlock(
      name: .settings, title: "spotcheck.yaml", titleZh: "查询设置",
      rows: [
        KeyRow("store", .text, "Folder of the store; seen from the file, or ~/ from home.", zh: "数据仓库目录。"),
        KeyRow("pipelines", .text, "Folder with pipelines; the same way.", zh: "管道定义目录。"),
        KeyRow("lang", .word(SettingName.lang.words), default: "zh", "Language of answers.", zh: "答案语言。"),
        KeyRow("format", .word(SettingName.format.words), default: "table", "Format of answers.", zh: "答案格式。"),
        KeyRow("color", .word(SettingName.color.words), default: "auto", "Colours in charts.", zh: "图表颜色。"),
        KeyRow("pager", .anyText, default: "less -FRX", "Program for long answers; \"\": none.", zh: "分页程序。"),
      ])
  ]
}

extension PipelineDocument {
  /// Reads a file of settings: keys and types are checked, with places.
  static func settings(_ bytes: [UInt8], file: String) -> (document: PipelineDocument?, problems: [PipelineProblem]) {
    checked(bytes, file: file, as: .settings)
  }
}
