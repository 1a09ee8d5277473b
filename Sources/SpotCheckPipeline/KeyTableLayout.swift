extension KeyTable {
  /// What one kind of file looks like.
  static let layoutBlocks: [KeyBlock] = [
    KeyBlock(
      name: .layout, title: "layouts[]", titleZh: "布局",
      rows: [
        KeyRow("name", .text, required: true, "Unique name inside the pipeline.", zh: "布局名称，流水线内不得重复。"),
        KeyRow(
          "format", .word(FieldWords.formats), required: true, "csv or xml; gzip is recognised by content.",
          zh: "csv 或 xml。"),
        KeyRow(
          "match", .block(.match), "Which files have this layout: all given conditions must hold.", zh: "适用文件，条件须同时满足。"),
        KeyRow("xml", .block(.xml), "Where records stand in XML.", zh: "XML 记录位置。"),
        KeyRow("csv", .block(.csv), "Dialect of CSV.", zh: "CSV 方言。"),
        KeyRow("header", .block(.header), "How column names are found.", zh: "表头。"),
        KeyRow(
          "shape", .word(FieldWords.shapes), default: "nested for xml; required for csv",
          "samples = one row a sample; items = one row an item; wide = one column an analyte; nested = XML items in records.",
          zh: "samples 一行一样品；items 一行一项目；wide 一列一项目；nested XML 嵌套。"),
        KeyRow(
          "continuation", .boolean, default: "false", "A blank sampling number continues the row above.",
          zh: "抽样编号空白表示续上一行。"),
        KeyRow(
          "listing", .boolean, default: "false",
          "The file names samples by their outcome (only failed, or only passed): counted apart, in no rate, and never in place of a full report.",
          zh: "名单按结论列出（仅不合格或仅合格）：单独计数，不计入合格率，也不取代完整报告。"),
        KeyRow("rows", .list(.block(.row)), "What a row is; the first rule that fits decides.", zh: "行的含义，先匹配者生效。"),
        KeyRow("wide", .block(.wide), "Analyte columns (shape wide).", zh: "宽表的检验项目列。"),
        KeyRow("combined", .block(.combined), "Grammar of cells that hold whole items (field items).", zh: "合并单元格的写法。"),
        KeyRow(
          "fields", .map(keys: FieldWords.fields, .shortOrBlock(.oneOrMany(.text), .field)),
          "Fields of this layout; each replaces the common field of the same name.", zh: "本布局字段，逐项替换共用字段。"),
        KeyRow(
          "constants", .map(keys: FieldWords.fields, .text), "Field to value, for every record of this layout.",
          zh: "本布局固定值。"),
        KeyRow("verdicts", .block(.verdicts), "Replaces the pipeline's entries one by one.", zh: "逐项替换结论规则。"),
        KeyRow("district", .word(FieldWords.districtRoles), "Replaces the pipeline's.", zh: "替换流水线的设置。"),
        KeyRow("encoding", .word(FieldWords.encodings), "Replaces the pipeline's.", zh: "替换流水线的设置。"),
        KeyRow("placeholders", .oneOrMany(.text), "Replaces the pipeline's.", zh: "替换流水线的设置。"),
        KeyRow(
          "ignore", .oneOrMany(.text), "Further such columns, added to the pipeline's.", zh: "本布局另有的不导入列，与流水线的合并。"),
        KeyRow(
          "personal", .block(.personal), "Further columns of persons, added to the pipeline's.",
          zh: "本布局另有的个人信息列，与流水线的合并。"),
        KeyRow(
          "severity", .map(keys: FieldWords.diagnostics, .word(FieldWords.severities)),
          "Replaces the pipeline's entries one by one.", zh: "逐项替换流水线的设置。"),
        KeyRow("limits", .block(.limits), "Replaces the pipeline's entries one by one.", zh: "逐项替换流水线的设置。"),
      ]),
    KeyBlock(
      name: .match, title: "layouts[].match", titleZh: "适用文件",
      rows: [
        KeyRow(
          "file", .oneOrMany(.text), "Glob of the file name, or several (.gz counts as part of the name).",
          zh: "文件名通配式。"),
        KeyRow("folder", .oneOrMany(.text), "Name of a folder above the file (inbox/NAME/…).", zh: "所在文件夹名。"),
        KeyRow("root", .text, "Local name of the XML root element.", zh: "XML 根元素名。"),
        KeyRow("header", .oneOrMany(.text), "Column names that must all stand in one row.", zh: "同一行中必须出现的列名。"),
        KeyRow(
          "lacks", .oneOrMany(.text), "Column names of which none may stand in that row (tells layouts apart).",
          zh: "该行中不得出现的列名（用于区分布局）。"),
      ]),
    KeyBlock(
      name: .xml, title: "layouts[].xml", titleZh: "XML",
      rows: [
        KeyRow(
          "record", .text, required: true, "Path of the record element from the root: /root/record.", zh: "记录元素路径。"),
        KeyRow("items", .text, "Path of the item elements below the record.", zh: "检验项目元素的相对路径。"),
        KeyRow("namespace", .text, "Namespace that the root must have.", zh: "根元素的命名空间。"),
      ]),
    KeyBlock(
      name: .csv, title: "layouts[].csv", titleZh: "CSV",
      rows: [
        KeyRow("delimiter", .word(FieldWords.delimiters), default: "auto", "Separator of cells.", zh: "分隔符。"),
        KeyRow("quote", .word(FieldWords.quotes), default: "\"", "Quotation mark, or none.", zh: "引号，none 表示不用。"),
      ]),
    KeyBlock(
      name: .header, title: "layouts[].header", titleZh: "表头",
      rows: [
        KeyRow(
          "mode", .word(FieldWords.headerModes), default: "named",
          "named = the row that holds all names of match.header and of required fields; none = columns are #1, #2 …",
          zh: "named 按列名识别；none 无表头。"),
        KeyRow(
          "within", .integer(1...10_000), default: "30", "The header stands within this many rows.", zh: "表头出现的最大行数。"),
        KeyRow("rebinds", .boolean, default: "true", "A later header row binds the columns anew.", zh: "再次出现表头时重新对应列。"),
      ]),
    KeyBlock(
      name: .row, title: "layouts[].rows[]", titleZh: "行规则",
      rows: [
        KeyRow("skip", .word(FieldWords.skips), "No record; the word says why.", zh: "不是记录，说明类别。"),
        KeyRow("section", .word(FieldWords.fields), "Sets this field for the rows below.", zh: "为以下各行设定该字段。"),
        KeyRow("record", .boolean, "It is a record.", zh: "是记录。"),
        KeyRow(
          "when", .map(keys: [], .oneOrMany(.anyText)),
          "Column to glob or globs; all columns must match. An empty text or empty list = blank.",
          zh: "条件：列须匹配通配式；空表示空白。"),
        KeyRow(
          "unless", .map(keys: [], .oneOrMany(.anyText)), "The rule applies where these do not all match.", zh: "例外条件。"),
        KeyRow(
          "only", .oneOrMany(.text), "Every cell outside these columns is blank and the last of them is not.",
          zh: "仅这些列有内容，且最后一列不空。"),
      ]),
    KeyBlock(
      name: .wide, title: "layouts[].wide", titleZh: "宽表",
      rows: [
        KeyRow("after", .text, "Every column after this one that no field uses is an analyte.", zh: "此列之后的各列为检验项目。"),
        KeyRow("columns", .list(.text), "The analyte columns by name.", zh: "检验项目列名。"),
        KeyRow("unit", .text, "Unit of all values unless a header says 名称(mg/kg).", zh: "计量单位。"),
        KeyRow("limits", .map(keys: [], .text), "Analyte to limit, as a delivered text.", zh: "项目到标准值。"),
        KeyRow("limit_row", .text, "Text in the first cell of a row that holds the limits.", zh: "标准值行的首格文字。"),
      ]),
    KeyBlock(
      name: .combined, title: "layouts[].combined", titleZh: "合并单元格",
      rows: [
        KeyRow(
          "parts", .list(.word(FieldWords.itemFields)), default: "[analyte, value, limit]",
          "Parts of an item in order.",
          zh: "各部分的含义。"),
        KeyRow("separators", .list(.text), default: "║ ‖ || | ｜ 丨 ︱", "Between parts.", zh: "各部分之间的分隔。"),
        KeyRow("between", .list(.anyText), default: "； ; and line breaks", "Between items.", zh: "项目之间的分隔。"),
        KeyRow(
          "templates", .oneOrMany(.text), "Tried in order before parts: \"{analyte} {value} (MRL = {limit})\".",
          zh: "先于 parts 尝试的模板。"),
        KeyRow("nothing", .oneOrMany(.text), "Globs of texts that mean \"no items\".", zh: "表示没有项目的文字。"),
        KeyRow("unit", .text, "Unit of all values if the cells do not say.", zh: "计量单位。"),
        KeyRow("verdict", .word(FieldWords.verdicts), "Verdict of items that have none of their own.", zh: "项目结论。"),
      ]),
  ]

  /// `NAME.test.yaml`.
  static let testBlocks: [KeyBlock] = [
    KeyBlock(
      name: .tests, title: "A test file", titleZh: "测试文件",
      rows: [
        KeyRow("pipeline", .text, required: true, "The pipeline under test.", zh: "被测流水线。"),
        KeyRow("cases", .list(.block(.testCase)), required: true, "The cases.", zh: "用例。"),
      ]),
    KeyBlock(
      name: .testCase, title: "cases[]", titleZh: "用例",
      rows: [
        KeyRow("name", .text, required: true, "What the case shows.", zh: "用例名称。"),
        KeyRow("layout", .text, "Layout; absent: the matcher must find it.", zh: "布局；不写则由匹配决定。"),
        KeyRow("input", .anyText, "The delivered text.", zh: "报送内容。"),
        KeyRow("input_file", .text, "Or a file, relative to the folder that holds pipelines.", zh: "或文件路径。"),
        KeyRow("file_name", .text, "The name under which input is delivered, for the matcher.", zh: "报送文件名。"),
        KeyRow("expect", .block(.expect), required: true, "What must come out.", zh: "期望结果。"),
      ]),
    KeyBlock(
      name: .expect, title: "cases[].expect", titleZh: "期望",
      rows: [
        KeyRow("accounts", .block(.accounts), "Where the rows went; any subset.", zh: "行数账目。"),
        KeyRow(
          "samples", .list(.map(keys: FieldWords.sampleColumns, .anyText)),
          "All samples in order; any subset of columns.", zh: "全部样品，列可省略。"),
        KeyRow(
          "items", .list(.map(keys: FieldWords.itemColumns, .anyText)), "All items in order; any subset of columns.",
          zh: "全部检验项目，列可省略。"),
        KeyRow(
          "diagnostics", .list(.word(FieldWords.diagnostics)),
          "All codes of warning or above, those of rejected records included, each as often as it occurs, order ignored.",
          zh: "警告及以上的全部诊断代码，不计次序。"),
        KeyRow(
          "rejects", .list(.word(FieldWords.diagnostics)), "For each rejected record the code why, in order.",
          zh: "各拒收记录的原因代码。"),
        KeyRow("fatal", .word(FieldWords.diagnostics), "The code for which the whole file is refused.", zh: "整份退回的原因。"),
      ]),
    KeyBlock(
      name: .accounts, title: "cases[].expect.accounts", titleZh: "账目",
      rows: FieldWords.accounts.map {
        KeyRow($0, .integer(0...1_000_000_000), "Rows counted as \($0).", zh: "计入 \($0) 的行数。")
      }),
  ]
}
