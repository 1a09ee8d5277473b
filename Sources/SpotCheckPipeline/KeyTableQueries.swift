import SpotCheckModel

/// `queries/*.yaml`: questions that were kept.
extension KeyTable {
  static let queryBlocks: [KeyBlock] = [
    KeyBlock(
      name: .query, title: "queries/NAME.yaml", titleZh: "保存的查询",
      rows: [
        KeyRow("title", .text, required: true, "What it answers (Chinese).", zh: "标题。"),
        KeyRow("about", .text, "When to ask it, and how to read the answer.", zh: "说明。"),
        KeyRow(
          "command", .word(QueryWords.commands), required: true, "The command that is run; none that writes.",
          zh: "所用命令。"),
        KeyRow("arguments", .oneOrMany(.text), "Its arguments, in order.", zh: "命令参数。"),
        KeyRow(
          "options", .map(keys: [], .oneOrMany(.text)),
          "Its options without '--'; true sets a flag. {name} stands for a parameter; in 'where' and 'having' it becomes a quoted text.",
          zh: "命令选项；{参数名} 代表参数。"),
        KeyRow(
          "parameters", .map(keys: [], .block(.queryParameter)), "What may be said anew each time: NAME=VALUE.",
          zh: "参数。"),
      ]),
    KeyBlock(
      name: .queryParameter, title: "parameters.NAME", titleZh: "查询参数",
      rows: [
        KeyRow("about", .text, required: true, "What it is (Chinese).", zh: "含义。"),
        KeyRow("kind", .word(QueryWords.kinds), default: "text", "What is accepted.", zh: "类型。"),
        KeyRow("default", .text, "What holds if nothing is said; without it something must be.", zh: "默认值。"),
      ]),
  ]
}

/// The words of `queries/*.yaml`.
enum QueryWords {
  /// Commands that only read.
  static let commands = ["rate", "explain", "values", "compare", "diff", "trace", "targets", "list", "coverage"]
  static let kinds = ["text", "number"]
  /// Where the answer comes from is said when it is asked.
  static let reservedOptions = ["store", "pipelines", "reveal", "reason", "help", "version", "threads"]
  /// Options with a grammar in which a text must be quoted.
  static let expressions = ["where", "having"]
}
