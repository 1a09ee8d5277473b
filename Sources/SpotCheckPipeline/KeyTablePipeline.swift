extension KeyTable {
  /// What a pipeline says once for all its layouts.
  static let pipelineBlocks: [KeyBlock] = [
    KeyBlock(
      name: .pipeline, title: "A pipeline file", titleZh: "流水线文件",
      rows: [
        KeyRow("pipeline", .text, required: true, "Unique name of the pipeline.", zh: "流水线名称，不得重复。"),
        KeyRow("title", .text, required: true, "What people call it (Chinese).", zh: "显示名称。"),
        KeyRow(
          "bureau", .text, required: true, "Code of the delivering bureau in the table bureaus.",
          zh: "报送单位代码（bureaus 表）。"),
        KeyRow("description", .text, "What is delivered, by whom, how often.", zh: "说明：报送内容、单位、频次。"),
        KeyRow(
          "encoding", .word(FieldWords.encodings), default: "auto",
          "Character set; auto = byte order mark, else strict UTF-8, else GB18030.",
          zh: "字符编码；auto 依次为 BOM、严格 UTF-8、GB18030。"),
        KeyRow(
          "district", .word(FieldWords.districtRoles), default: "sampled_unit", "Which district counts.",
          zh: "按哪一方所在区县统计。"),
        KeyRow(
          "placeholders", .oneOrMany(.text), default: "/ \\ - — _ 、 无 空 n/a na null none 请选择 …",
          "Texts that mean \"nothing\"; replaces the default list.", zh: "表示“无”的文字，替换默认清单。"),
        KeyRow(
          "ignore", .oneOrMany(.text),
          "Columns (XML: elements, with all below them, and @attributes) that are known and deliberately not imported: never stored, never reported as unknown.",
          zh: "已知但不导入的列（XML 元素及其下级、@属性）：不保存，也不提示为未知列。"),
        KeyRow(
          "personal", .block(.personal),
          "Columns that hold what belongs to persons: never imported (as under ignore), and masked wherever raw text is shown or kept.",
          zh: "个人信息列：不导入（同 ignore），原文在任何输出和目录库中都遮盖。"),
        KeyRow(
          "tables", .map(keys: [], .text), default: "each table in codes/ under its own name",
          "Logical table to file in codes/, without .csv.", zh: "代码表到 codes/ 中文件名的对应（不含 .csv）。"),
        KeyRow(
          "constants", .map(keys: FieldWords.fields, .text), "Field to value, for every record.", zh: "固定值：字段到取值。"),
        KeyRow(
          "verdicts", .block(.verdicts), "How a verdict is reached where the delivery leaves it open.", zh: "结论规则。"),
        KeyRow(
          "severity", .map(keys: FieldWords.diagnostics, .word(FieldWords.severities)),
          "Severities of single diagnostics; one that refuses the file (fatal) cannot be lowered.",
          zh: "调整诊断的严重程度；fatal 不可降低。"),
        KeyRow("limits", .block(.limits), "How many rejects refuse the whole file (SET_REJECT_RATE).", zh: "整份退回的门限。"),
        KeyRow(
          "fields", .map(keys: FieldWords.fields, .shortOrBlock(.oneOrMany(.text), .field)),
          "Fields of all layouts; a text or list is short for { from: … }.", zh: "各布局共用的字段；只写列名即 { from: … }。"),
        KeyRow("layouts", .list(.block(.layout)), required: true, "The kinds of files that come.", zh: "文件布局，至少一个。"),
      ]),
    KeyBlock(
      name: .personal, title: "personal", titleZh: "个人信息列",
      rows: [
        KeyRow("names", .oneOrMany(.text), "Names of persons: one letter is shown, 张*.", zh: "姓名，只显示首字。"),
        KeyRow(
          "phones", .oneOrMany(.text), "Telephone, fax, electronic mail: three and two characters are shown.",
          zh: "电话、传真、电子邮箱，只显示前三位和后两位。"),
        KeyRow("identities", .oneOrMany(.text), "Identity numbers: the same.", zh: "身份证号等，同上。"),
      ]),
    KeyBlock(
      name: .verdicts, title: "verdicts", titleZh: "结论规则",
      rows: [
        KeyRow(
          "without_items", .word(FieldWords.verdicts), default: "undetermined",
          "A sample without items and without a reported conclusion.", zh: "既无检验项目又无结论的样品。"),
        KeyRow(
          "without_limit", .word(FieldWords.verdicts), default: "undetermined", "An item without a limit.",
          zh: "没有标准值的项目。"),
        KeyRow(
          "derive_items", .boolean, default: "true", "Judge items by value and limit where no verdict is reported.",
          zh: "未报结论时按检验值和标准值判定。"),
        KeyRow(
          "comparison", .word(FieldWords.comparisons), default: "full",
          "full = 全数值比较法, rounded = 修约值比较法 (GB/T 8170).", zh: "极限数值比较方法（GB/T 8170）。"),
      ]),
    KeyBlock(
      name: .limits, title: "limits", titleZh: "退回门限",
      rows: [
        KeyRow(
          "max_reject_rate", .fraction, default: "1", "Share of rejected records above which the file is refused.",
          zh: "拒收记录比例上限。"),
        KeyRow(
          "max_reject_count", .integer(0...1_000_000_000), default: "no limit",
          "Number of rejected records above which the file is refused.", zh: "拒收记录数上限。"),
      ]),
    KeyBlock(
      name: .field, title: "fields.FIELD", titleZh: "字段",
      rows: [
        KeyRow(
          "from", .oneOrMany(.text),
          "Delivered column names in order of preference: the first that exists and is not blank. #2 = second column.",
          zh: "来源列名，按优先顺序；#2 表示第二列。"),
        KeyRow(
          "path", .oneOrMany(.text),
          "category only: columns from the top level down; the deepest that maps counts.",
          zh: "仅限 category：由大类到细类的各列。"),
        KeyRow("join", .anyText, "Joins all columns of from with this text.", zh: "用此文字连接各来源列。"),
        KeyRow("constant", .text, "The value, without any column.", zh: "固定值。"),
        KeyRow("default", .text, "The value where the column is blank.", zh: "空白时的取值。"),
        KeyRow("required", .boolean, default: "false", "A blank value rejects the record.", zh: "空白则拒收该记录。"),
        KeyRow(
          "fill_down", .boolean, default: "false", "A blank value takes the last one above (merged cells).",
          zh: "空白取上一行的值（合并单元格）。"),
        KeyRow("strip_prefix", .text, "Removes this text from the front.", zh: "去掉前缀。"),
        KeyRow("strip_suffix", .text, "Removes this text from the end.", zh: "去掉后缀。"),
        KeyRow("before", .text, "Keeps what stands before the first occurrence.", zh: "取该文字之前的部分。"),
        KeyRow("after", .text, "Keeps what stands after the first occurrence.", zh: "取该文字之后的部分。"),
        KeyRow("upper", .boolean, default: "false", "Latin letters to upper case.", zh: "字母转大写。"),
        KeyRow(
          "steps", .list(.shortOrBlock(.word(["upper"]), .step)),
          "More changes to the text, in order, after the five keys above (which run in the order they are listed here).",
          zh: "依次执行的文字处理（在上述五项之后）。"),
        KeyRow(
          "words", .map(keys: [], .text), "Whole delivered text to code, before the table.", zh: "原文到代码的对应，先于代码表。"),
        KeyRow(
          "table", .text, default: "the field's own table, if it has one",
          "Code table that gives the meaning; verbatim = none.", zh: "代码表；verbatim 表示不用代码表。"),
        KeyRow(
          "pattern", .oneOrMany(.text), "Globs of which one must match: * any run, ? one character, # one digit.",
          zh: "须匹配的通配式：* 任意，? 一个字符，# 一个数字。"),
        KeyRow(
          "max_length", .integer(1...1_000_000), default: "4000", "Longest allowed text, in characters.",
          zh: "最大长度（字符）。"),
        KeyRow(
          "order", .word(FieldWords.dateOrders), default: "y/m/d", "Order of day, month and year (days only).",
          zh: "日期顺序（仅限日期字段）。"),
        KeyRow(
          "personal", .boolean, default: "false",
          "A person may stand here instead of an organisation (a farmer as 受检单位): masked unless it looks like one.",
          zh: "可能是个人（如农户）：不像单位名称的，输出时遮盖。"),
      ]),
    KeyBlock(
      name: .step, title: "fields.FIELD.steps[]", titleZh: "文字处理步骤",
      rows: [
        KeyRow("strip_prefix", .text, "Removes this text from the front.", zh: "去掉前缀。"),
        KeyRow("strip_suffix", .text, "Removes this text from the end.", zh: "去掉后缀。"),
        KeyRow("before", .text, "Keeps what stands before the first occurrence.", zh: "取该文字之前的部分。"),
        KeyRow("after", .text, "Keeps what stands after the first occurrence.", zh: "取该文字之后的部分。"),
        KeyRow(
          "replace", .list(.anyText), "Two texts: every occurrence of the first becomes the second.", zh: "两项：原文、替换为。"),
        KeyRow("upper", .boolean, "Latin letters to upper case.", zh: "字母转大写。"),
      ]),
  ]
}
