import SpotCheckModel

/// The keys of the operator's files: `operations.yaml` in a store, and `calendar.yaml` beside the pipelines.
extension KeyTable {
  static let operationBlocks: [KeyBlock] = [
    KeyBlock(
      name: .operations, title: "operations.yaml", titleZh: "无人值守运行设置",
      rows: [
        KeyRow(
          "stability", .text, default: "10s", "How long a file must be at rest before it is taken.", zh: "文件静止多久后才接收。"),
        KeyRow("ignore", .block(.ignoring), "Names that are never deliveries.", zh: "从不接收的文件名。"),
        KeyRow(
          "done", .word(OperationWords.done), default: "never", "Whether a done file must come.", zh: "是否要求完成标志文件。"),
        KeyRow(
          "done_by_bureau", .map(keys: [], .word(OperationWords.done)), "The same by inbox folder.", zh: "按收件目录分别设定。"),
        KeyRow("done_timeout", .text, default: "1d", "When a lonely done file is reported.", zh: "标志文件无数据时多久后报告。"),
        KeyRow(
          "attempts", .integer(1...100), default: "3", "Tries before a file is put aside as POISON.", zh: "多少次失败后隔离。"),
        KeyRow("jobs", .integer(1...64), "Files read at once; by default one a core, four at most.", zh: "同时读取的文件数。"),
        KeyRow("limits", .block(.budget), "What one run may take on.", zh: "单次运行上限。"),
        KeyRow("gates", .block(.gates), "When a file is refused as a whole.", zh: "质量门限。"),
        KeyRow(
          "freshness", .map(keys: [], .block(.freshness)), "When a bureau is overdue, by code.", zh: "报送时限，按部门代码。"),
        KeyRow("hooks", .block(.hooks), "Programs that are told how a run went.", zh: "运行结果通知程序。"),
        KeyRow("metrics", .text, "File for Prometheus, written after every run.", zh: "Prometheus 指标文件。"),
        KeyRow("log", .word(OperationWords.logs), default: "human", "What log lines look like.", zh: "日志格式。"),
        KeyRow("seal", .text, "File with the key that seals receipts.", zh: "回执封印密钥文件。"),
        KeyRow("compact", .boolean, default: "true", "Join small segments after a run.", zh: "运行后合并小段。"),
        KeyRow("poll", .block(.polling), "How often watch looks by itself.", zh: "watch 轮询间隔。"),
        KeyRow("health", .block(.health), "What the health check finds too much.", zh: "健康检查界限。"),
      ]),
    KeyBlock(
      name: .ignoring, title: "ignore", titleZh: "忽略的文件名",
      rows: [
        KeyRow("add", .oneOrMany(.text), "Patterns beside the built-in ones.", zh: "增加的模式。"),
        KeyRow("remove", .oneOrMany(.text), "Built-in patterns that shall not hold.", zh: "取消的内置模式。"),
      ]),
    KeyBlock(
      name: .budget, title: "limits", titleZh: "单次运行上限",
      rows: [
        KeyRow("files", .integer(1...Int.max), "Files.", zh: "文件数。"),
        KeyRow("bytes", .text, "Bytes, as 500M or 2G.", zh: "字节数。"),
        KeyRow("seconds", .text, "Time, as 30min or 2h.", zh: "时间。"),
        KeyRow("free", .text, "Bytes that must stay free.", zh: "须保留的磁盘空间。"),
      ]),
    KeyBlock(
      name: .gates, title: "gates", titleZh: "质量门限",
      rows: [
        KeyRow("gate", .word(OperationWords.gates), default: "file", "What a breach does.", zh: "越限后果。"),
        KeyRow("all", .block(.gate), "Limits for every bureau.", zh: "各部门通用。"),
        KeyRow("bureaus", .map(keys: [], .block(.gate)), "Limits that differ, by bureau code.", zh: "按部门代码另定。"),
      ]),
    KeyBlock(
      name: .gate, title: "gates.all", titleZh: "门限",
      rows: [
        KeyRow("max_reject_rate", .decimal, "Share of records that may be rejected, 0 … 1.", zh: "拒收率上限。"),
        KeyRow("max_reject_count", .integer(0...Int.max), "Records that may be rejected; 0: not one.", zh: "拒收条数上限。"),
        KeyRow(
          "codes", .map(keys: FieldWords.diagnostics, .shortOrBlock(.integer(0...Int.max), .codeGate)),
          "Limits by diagnostic code.", zh: "按诊断代码。"),
        KeyRow("max_unmapped_share", .decimal, "Texts in no code table, per record, 0 … 1.", zh: "未映射占比上限。"),
        KeyRow("row_drop", .block(.rowDrop), "Fewer records than usual.", zh: "条数骤降。"),
      ]),
    KeyBlock(
      name: .codeGate, title: "codes.CODE", titleZh: "按代码",
      rows: [
        KeyRow("max_count", .integer(0...Int.max), "How often it may be found; 0: never.", zh: "次数上限。"),
        KeyRow("max_rate", .decimal, "How often per record, 0 … 1.", zh: "每条记录的比例上限。"),
      ]),
    KeyBlock(
      name: .rowDrop, title: "row_drop", titleZh: "条数骤降",
      rows: [
        KeyRow("max", .decimal, required: true, "Largest drop below the median, 0 … 1.", zh: "低于中位数的最大幅度。"),
        KeyRow("last", .integer(1...1000), default: "6", "Earlier deliveries of the layout.", zh: "比较最近几次。"),
        KeyRow("at_least", .integer(1...1000), default: "3", "With fewer nothing is said.", zh: "不足此数不判断。"),
        KeyRow(
          "min_rows", .integer(0...Int.max), default: "30", "With a smaller median nothing is said.", zh: "中位数低于此数不判断。"),
        KeyRow(
          "gate", .word(OperationWords.gates), default: "warn", "What a drop does: corrections are small by nature.",
          zh: "越限后果；更正文件本来就小。"),
      ]),
    KeyBlock(
      name: .freshness, title: "freshness.BUREAU", titleZh: "报送时限",
      rows: [
        KeyRow("every", .word(OperationWords.periods), required: true, "How often data are due.", zh: "报送周期。"),
        KeyRow("warn_after", .integer(0...1000), "Working days after the period's end.", zh: "期末后几个工作日提醒。"),
        KeyRow("error_after", .integer(0...1000), "The same, and then exit status 5.", zh: "期末后几个工作日报警。"),
        KeyRow(
          "since", .day, default: "the bureau's first sample", "Earlier periods are not expected.", zh: "自何时起要求报送。"),
      ]),
    KeyBlock(
      name: .hooks, title: "hooks", titleZh: "通知程序",
      rows: [
        KeyRow("on_success", .list(.text), "Program and arguments.", zh: "成功后。"),
        KeyRow("on_failure", .list(.text), "Exit status other than 0.", zh: "非零退出后。"),
        KeyRow("on_quarantine", .list(.text), "A file was refused.", zh: "有文件被隔离后。"),
        KeyRow("timeout", .text, default: "30s", "Then it is ended.", zh: "超时即终止。"),
      ]),
    KeyBlock(
      name: .polling, title: "poll", titleZh: "轮询间隔",
      rows: [
        KeyRow("min", .text, default: "1s", "After something happened.", zh: "有动静后。"),
        KeyRow("max", .text, default: "60s", "After nothing did for long.", zh: "长时间无动静后。"),
      ]),
    KeyBlock(
      name: .health, title: "health", titleZh: "健康检查",
      rows: [
        KeyRow("lock", .text, default: "6h", "A run may hold the store so long.", zh: "运行最长时间。"),
        KeyRow("success", .text, default: "2d", "The last good run may be so old.", zh: "上次成功运行的期限。"),
        KeyRow("pending", .text, default: "1d", "A file may lie in an inbox so long.", zh: "收件目录中文件的期限。"),
        KeyRow("quarantined", .integer(0...Int.max), default: "20", "Files refused within a week.", zh: "一周内隔离的文件数。"),
      ]),
    KeyBlock(
      name: .calendar, title: "calendar.yaml", titleZh: "工作日历",
      rows: [
        KeyRow("years", .map(keys: [], .block(.calendarYear)), required: true, "By year.", zh: "逐年。")
      ]),
    KeyBlock(
      name: .calendarYear, title: "years.YEAR", titleZh: "年度",
      rows: [
        KeyRow("source", .text, required: true, "The notice, as it is cited.", zh: "依据的通知。"),
        KeyRow(
          "holidays", .list(.text), required: true, "Days off: 2024-01-01, or 2024-02-10..2024-02-17.", zh: "放假日期。"),
        KeyRow("worked", .list(.day), "Saturdays and Sundays that are worked.", zh: "调休上班的周末。"),
      ]),
  ]
}

/// The words of `operations.yaml`.
enum OperationWords {
  static let done = ["never", "always"]
  /// `run` is known, so that it can be refused with a reason.
  static let gates = ["file", "warn", "run"]
  static let logs = ["human", "json"]
  static let periods = ["month", "quarter", "half_year", "year"]
}

extension PipelineDocument {
  /// Reads `operations.yaml`: keys and types are checked, with places; what they mean is for the caller to say.
  public static func operations(_ bytes: [UInt8], file: String) -> (
    document: PipelineDocument?, problems: [PipelineProblem]
  ) {
    checked(bytes, file: file, as: .operations)
  }

  static func checked(_ bytes: [UInt8], file: String, as block: BlockName) -> (
    document: PipelineDocument?, problems: [PipelineProblem]
  ) {
    let (document, problems) = read(bytes, file: file)
    guard let document, problems.isEmpty else { return (nil, problems) }
    var checker = SchemaChecker(document)
    checker.check(block)
    return (document, checker.problems)
  }
}
