/// What a diagnostic code means, in English and Chinese: shown in messages, receipts and the reference page.
public struct DiagnosticText: Sendable {
  public var title: String
  /// What the deliverer should do.
  public var remedy: String
  public var titleZh: String
  public var remedyZh: String

  init(_ title: String, _ remedy: String, _ titleZh: String, _ remedyZh: String) {
    self.title = title
    self.remedy = remedy
    self.titleZh = titleZh
    self.remedyZh = remedyZh
  }
}

extension DiagnosticCode {
  /// Title and remedy in both languages.
  public var text: DiagnosticText {
    switch self {
    case .fileUnreadable:
      DiagnosticText(
        "The file cannot be read",
        "Check that the file exists and that the importer may read it",
        "文件无法读取",
        "请检查文件是否存在、是否有读取权限")
    case .fileNotRegular:
      DiagnosticText(
        "Not a regular file",
        "Deliver a plain file, not a folder, link, pipe or device",
        "不是普通文件",
        "请提交普通文件，不要提交文件夹、链接或管道")
    case .fileSymbolicLink:
      DiagnosticText(
        "A symbolic link, not a file",
        "Deliver the file itself; a link is left where it is",
        "是符号链接，不是文件",
        "请提交文件本身；链接不予处理，原处保留")
    case .fileHardLink:
      DiagnosticText(
        "The file has several names (hard links)",
        "Deliver a copy; a file that is also known elsewhere is left where it is",
        "文件存在多个硬链接",
        "请提交一份独立的副本；该文件不予处理，原处保留")
    case .fileNameInvalid:
      DiagnosticText(
        "The file name cannot be printed as it is",
        "Nothing to do; next time use a name in UTF-8 without control characters",
        "文件名含有无法显示的字符",
        "无需处理；今后请使用 UTF-8 编码、不含控制字符的文件名")
    case .fileEmpty:
      DiagnosticText(
        "The file is empty",
        "Export the report again and check the size before uploading",
        "文件为空",
        "请重新导出报表，上传前检查文件大小")
    case .fileTooBig:
      DiagnosticText(
        "The file is larger than allowed",
        "Split the delivery, or raise limits.file_bytes",
        "文件超过允许大小",
        "请拆分后提交，或由管理员调高上限")
    case .fileChangedDuringRead:
      DiagnosticText(
        "The file changed while it was being read",
        "Upload under another name and rename when complete",
        "读取过程中文件发生变化",
        "请先用临时文件名上传，传完后再改名")
    case .fileDuplicate:
      DiagnosticText(
        "The same file was imported before",
        "Nothing to do; the earlier import stands",
        "该文件已导入过",
        "无需处理，以先前导入为准")
    case .fileDuplicatePayload:
      DiagnosticText(
        "The same content was imported before in another packing",
        "Nothing to do; the earlier import stands",
        "内容相同的文件已导入过（仅压缩方式不同）",
        "无需处理，以先前导入为准")
    case .fileWithoutRecords:
      DiagnosticText(
        "The file holds no record",
        "If something should be in it, export it again: it may be cut off behind the header, or have another layout",
        "文件中没有任何记录",
        "如应有数据，请重新导出：文件可能在表头之后中断，或格式不同")
    case .filePoison:
      DiagnosticText(
        "The file has ended the program, or could not be read, too often",
        "Deliver it again, or send it to whoever runs the importer: it is kept in quarantine",
        "该文件多次导致程序中断或无法读取，已隔离",
        "请重新导出后报送；原文件已隔离保存，请联系管理员查明原因")
    case .manifestMissing:
      DiagnosticText(
        "File and done file (or manifest) have not come together",
        "Deliver what is missing, or take away what is left over",
        "数据文件与完成标志（或清单）没有成对出现",
        "请补交缺少的文件，或撤回多余的文件")
    case .manifestMismatch:
      DiagnosticText(
        "The file is not what its manifest says",
        "Upload the file again, or correct size and checksum in the manifest",
        "文件与清单所列不符",
        "请重新上传文件，或更正清单中的大小和校验值")
    case .manifestRowCount:
      DiagnosticText(
        "The file has not as many rows as its manifest says",
        "Export the file again, or correct the row count in the manifest",
        "文件行数与清单所列不符",
        "请重新导出文件，或更正清单中的行数")
    case .pipelineNone:
      DiagnosticText(
        "No pipeline fits this file",
        "Check the column names or root element against the list, or name a pipeline with --pipeline",
        "没有适用的导入规则",
        "请核对表头或根元素，或由管理员指定导入规则")
    case .pipelineAmbiguous:
      DiagnosticText(
        "More than one pipeline fits this file",
        "Name one with --pipeline, or make the match conditions exclusive",
        "有多个导入规则同时适用",
        "请由管理员用 --pipeline 指定其中之一")
    case .gzipNotGzip:
      DiagnosticText(
        "Named .gz but not gzip data",
        "Compress with gzip, or drop the .gz ending",
        "扩展名为 .gz 但内容不是 gzip",
        "请用 gzip 重新压缩，或去掉 .gz 扩展名")
    case .gzipTruncated:
      DiagnosticText(
        "The gzip data breaks off",
        "Upload the file again; the transfer was cut short",
        "gzip 数据不完整",
        "文件传输中断，请重新上传")
    case .gzipCRC:
      DiagnosticText(
        "The gzip checksum does not match",
        "The file was damaged on its way; upload it again",
        "gzip 校验和不符",
        "文件传输中损坏，请重新上传")
    case .gzipLength:
      DiagnosticText(
        "The gzip length does not match",
        "The file was damaged on its way; upload it again",
        "gzip 长度校验不符",
        "文件传输中损坏，请重新上传")
    case .gzipData:
      DiagnosticText(
        "The gzip data is damaged",
        "The file was damaged on its way; upload it again",
        "gzip 数据损坏",
        "文件传输中损坏，请重新上传")
    case .gzipRatio:
      DiagnosticText(
        "The gzip data expands beyond the allowed ratio",
        "Deliver real report data; raise limits.gzip_ratio only for known files",
        "解压比例超过上限",
        "请确认文件内容正常")
    case .gzipOutputLimit:
      DiagnosticText(
        "The decompressed size exceeds the limit",
        "Split the delivery, or raise limits.payload_bytes",
        "解压后大小超过上限",
        "请拆分后提交，或由管理员调高上限")
    case .gzipNested:
      DiagnosticText(
        "The gzip data contains another gzip file",
        "Compress once only",
        "文件被重复压缩",
        "请只压缩一次")
    case .gzipTrailingGarbage:
      DiagnosticText(
        "There is foreign data behind the gzip data",
        "Compress the report again; nothing may follow it",
        "gzip 数据之后有多余内容",
        "请重新压缩后提交")
    case .gzipTrailingZeros:
      DiagnosticText(
        "Zero bytes behind the gzip data were ignored",
        "Nothing to do",
        "已忽略 gzip 数据之后的零字节",
        "无需处理")
    case .gzipMultiMember:
      DiagnosticText(
        "The file consists of several gzip members",
        "Nothing to do; all were read",
        "文件由多段 gzip 组成",
        "无需处理，已全部读取")
    case .encodingUndeclared:
      DiagnosticText(
        "The character set was not declared and was recognised as GB18030",
        "Save as UTF-8, or declare the character set in the pipeline",
        "未声明字符集，已按 GB18030 识别",
        "建议保存为 UTF-8")
    case .encodingMismatch:
      DiagnosticText(
        "The declared character set is not the real one",
        "Correct the declaration; the real one was used",
        "声明的字符集与实际不符",
        "请更正声明，已按实际字符集读取")
    case .encodingUnknown:
      DiagnosticText(
        "The declared character set is not supported",
        "Use UTF-8, GB18030 (GBK, GB2312) or UTF-16",
        "不支持声明的字符集",
        "请使用 UTF-8、GB18030(GBK、GB2312)或 UTF-16")
    case .encodingInvalidSequence:
      DiagnosticText(
        "Bytes that are no character in this character set",
        "Correct the text at this place and deliver again",
        "存在无法解码的字节",
        "请更正该处文字后重新提交")
    case .encodingTooManyInvalid:
      DiagnosticText(
        "Too many invalid bytes",
        "The character set is wrong or the file is damaged; export again",
        "无法解码的字节过多",
        "字符集不对或文件损坏，请重新导出")
    case .encodingPrivateUse:
      DiagnosticText(
        "Characters from the private use area",
        "Replace user-defined characters by standard ones",
        "含有自造字（专用区字符）",
        "请改用标准汉字")
    case .encodingNUL:
      DiagnosticText(
        "A NUL character in the text",
        "Remove it; the file may be damaged",
        "文本中含有空字符（NUL）",
        "请删除该字符，并检查文件是否损坏")
    case .encodingBOMConflict:
      DiagnosticText(
        "The byte order mark contradicts the declared character set",
        "Save the file again in one character set",
        "字节序标记与声明的字符集矛盾",
        "请用同一字符集重新保存")
    case .csvDialectAmbiguous:
      DiagnosticText(
        "The column separator cannot be decided",
        "Name it in the pipeline: csv.delimiter",
        "无法判定列分隔符",
        "请由管理员在导入规则中指定分隔符")
    case .csvHeaderMissing:
      DiagnosticText(
        "The header row was not found",
        "Keep the column names of the agreed layout",
        "未找到表头行",
        "请保留约定的表头列名")
    case .csvHeaderDuplicate:
      DiagnosticText(
        "Two columns have the same name",
        "Remove or rename one of them",
        "表头列名重复",
        "请删除或改名其中一列")
    case .csvHeaderBlank:
      DiagnosticText(
        "A column with data has no name",
        "Give the column a name",
        "有数据的列没有列名",
        "请补充列名")
    case .csvHeaderUnknown:
      DiagnosticText(
        "A column is not known to the pipeline and is not used",
        "Check its spelling, or add it to the pipeline",
        "存在未知列，未被使用",
        "请检查列名，或在导入规则中补充")
    case .csvHeaderReordered:
      DiagnosticText(
        "The columns stand in another order than usual",
        "Nothing to do; columns are found by name",
        "列的顺序与约定不同",
        "无需处理，按列名识别")
    case .csvHeaderRepeated:
      DiagnosticText(
        "The header row is repeated inside the data",
        "Nothing to do; it is not counted as a record",
        "数据中重复出现表头行",
        "无需处理，不计入记录")
    case .csvTitleRow:
      DiagnosticText(
        "Rows above the header were not taken as records",
        "Nothing to do if they are titles",
        "表头之上的行不作为记录",
        "如为标题行则无需处理")
    case .csvFooterRow:
      DiagnosticText(
        "A footer or remark row was not taken as a record",
        "Nothing to do if it is no record",
        "表尾或备注行不作为记录",
        "如非数据行则无需处理")
    case .csvFewColumns:
      DiagnosticText(
        "The row has fewer fields than the header",
        "Check separators and quotes in this row",
        "该行列数少于表头",
        "请检查该行的分隔符和引号")
    case .csvManyColumns:
      DiagnosticText(
        "The row has more fields than the header",
        "A separator inside a text must be quoted",
        "该行列数多于表头",
        "文本中的分隔符应加引号")
    case .csvUnclosedQuote:
      DiagnosticText(
        "A quoted field is never closed",
        "Close the quote that opens here",
        "引号没有闭合",
        "请补上与此处对应的引号")
    case .csvStrayQuote:
      DiagnosticText(
        "A quote where none may stand",
        "Double quotes inside a quoted field, or remove it",
        "引号位置错误",
        "引号内的引号应写成两个，或删除")
    case .csvLineTooLong:
      DiagnosticText(
        "The row is longer than allowed",
        "Check for a missing line end or quote",
        "该行过长",
        "请检查是否缺少换行或引号")
    case .csvMixedLineEnds:
      DiagnosticText(
        "Different line ends in one file",
        "Nothing to do",
        "文件中换行符不一致",
        "无需处理")
    case .csvBlankRow:
      DiagnosticText(
        "Blank rows were skipped",
        "Nothing to do",
        "已跳过空行",
        "无需处理")
    case .xmlNotWellFormed:
      DiagnosticText(
        "The XML is not well-formed",
        "Correct the markup at this place",
        "XML 格式不正确",
        "请更正此处标记")
    case .xmlTruncated:
      DiagnosticText(
        "The XML document breaks off",
        "Upload the file again; the transfer was cut short",
        "XML 文档不完整",
        "文件传输中断，请重新上传")
    case .xmlDoctype:
      DiagnosticText(
        "A document type declaration is not accepted",
        "Remove <!DOCTYPE …> from the file",
        "不接受文档类型声明",
        "请删除 <!DOCTYPE …>")
    case .xmlEntity:
      DiagnosticText(
        "A named entity is not accepted",
        "Write the character itself",
        "不接受自定义实体",
        "请直接写出该字符")
    case .xmlDepth:
      DiagnosticText(
        "Elements are nested too deeply",
        "Keep to the agreed layout",
        "元素嵌套过深",
        "请按约定格式提交")
    case .xmlTagTooLong:
      DiagnosticText(
        "A start tag is longer than allowed",
        "Put long text into elements, not attributes",
        "起始标签过长",
        "请将长文本放入元素内容")
    case .xmlAttributeCount:
      DiagnosticText(
        "An element has too many attributes",
        "Keep to the agreed layout",
        "元素的属性过多",
        "请按约定格式提交")
    case .xmlNameLimit:
      DiagnosticText(
        "Too many different names, or a name that is too long",
        "Keep to the agreed layout",
        "元素名称过多或过长",
        "请按约定格式提交")
    case .xmlNamespace:
      DiagnosticText(
        "A namespace is used wrongly",
        "Declare the prefix and use it as declared",
        "命名空间使用错误",
        "请声明并正确使用前缀")
    case .xmlTextLimit:
      DiagnosticText(
        "A text is longer than allowed",
        "Check the element at this place",
        "文本过长",
        "请检查此处元素")
    case .xmlRecordLimit:
      DiagnosticText(
        "One record is larger than allowed",
        "Check for a missing end tag",
        "单条记录过大",
        "请检查是否缺少结束标签")
    case .xmlRootUnknown:
      DiagnosticText(
        "The document has no records at the agreed place",
        "Check the root element and record element against the layout",
        "文档中没有约定的记录元素",
        "请核对根元素和记录元素")
    case .xmlUnknownElement:
      DiagnosticText(
        "An element is not known to the pipeline and is not used",
        "Check its spelling, or add it to the pipeline",
        "存在未知元素，未被使用",
        "请检查元素名，或在导入规则中补充")
    case .xmlMissingElement:
      DiagnosticText(
        "A required element is missing",
        "Add it to the record",
        "缺少必需的元素",
        "请补充该元素")
    case .cellRequired:
      DiagnosticText(
        "A required value is missing",
        "Fill in the value",
        "必填项为空",
        "请填写该项")
    case .cellPattern:
      DiagnosticText(
        "The value does not have the agreed form",
        "Correct the value",
        "格式不符合约定",
        "请更正该值")
    case .cellLength:
      DiagnosticText(
        "The value is longer than allowed",
        "Shorten the value",
        "内容过长",
        "请缩短内容")
    case .cellNumber:
      DiagnosticText(
        "The value is not a number",
        "Write a plain number",
        "不是有效数字",
        "请填写数字")
    case .cellDate:
      DiagnosticText(
        "The date cannot be read",
        "Write dates as 2024-03-05",
        "日期无法识别",
        "日期请写成 2024-03-05")
    case .cellUnit:
      DiagnosticText(
        "The unit is unknown or does not fit",
        "Use the unit of the limit",
        "计量单位未知或不一致",
        "请使用与限量一致的单位")
    case .cellLimit:
      DiagnosticText(
        "The limit cannot be read",
        "Write limits as ≤0.5, ≥10, 1～5 or 不得检出",
        "标准限量无法识别",
        "限量请写成 ≤0.5、≥10、1～5 或 不得检出")
    case .cellCheckDigit:
      DiagnosticText(
        "The check digit is wrong",
        "Check the code for typing errors",
        "校验位不正确",
        "请核对代码是否录入有误")
    case .cellFormula:
      DiagnosticText(
        "A cell looks like a spreadsheet formula",
        "Deliver values, not formulas",
        "单元格疑似公式",
        "请提交数值而不是公式")
    case .cellExcelScientific:
      DiagnosticText(
        "A spreadsheet has turned an identifier into a rounded number",
        "Format the column as text and enter the identifier again",
        "编号被表格软件改成科学计数法，已失真",
        "请将该列设为文本格式并重新录入编号")
    case .cellExcelDate:
      DiagnosticText(
        "A date was delivered as a spreadsheet's day number",
        "Format the column as date",
        "日期被导出成序列数",
        "请将该列设为日期格式")
    case .cellSuperscript:
      DiagnosticText(
        "A power of ten seems to have lost its superscript",
        "Write 1.9×10^5",
        "疑似丢失上标的乘方",
        "请写成 1.9×10^5")
    case .cellCombined:
      DiagnosticText(
        "A combined cell cannot be taken apart",
        "Write 项目║结果║标准值",
        "合并填写的单元格无法拆分",
        "请写成 项目║结果║标准值")
    case .rowDuplicateKey:
      DiagnosticText(
        "The row repeats another one and was not counted again",
        "Nothing to do",
        "该行与另一行重复，不再计数",
        "无需处理")
    case .rowConflict:
      DiagnosticText(
        "The same item is given twice with different results",
        "Decide which one holds and deliver it once",
        "同一项目出现两个不同结果",
        "请确认后只保留一个")
    case .rowOrphan:
      DiagnosticText(
        "A continuation row without a sample above it",
        "Fill in the sampling number",
        "续行之上没有样品",
        "请填写抽样编号")
    case .rowSplitSample:
      DiagnosticText(
        "The rows of one sample stand too far apart",
        "Sort the file by sampling number",
        "同一样品的行相距过远",
        "请按抽样编号排序后提交")
    case .rowContradiction:
      DiagnosticText(
        "The reported verdict contradicts value and limit",
        "Check verdict, value and limit; the reported verdict was kept",
        "报告结论与检验值、限量矛盾",
        "请核对；系统保留报告结论")
    case .rowDateOrder:
      DiagnosticText(
        "The dates are in an impossible order",
        "Check sampling, receipt and report dates",
        "日期先后矛盾",
        "请核对抽样、收检、报告日期")
    case .rowRule:
      DiagnosticText(
        "A rule of the pipeline does not hold",
        "See the message",
        "不符合导入规则",
        "见具体说明")
    case .rowIncompleteSample:
      DiagnosticText(
        "A row of this sample was refused",
        "Correct the refused row and deliver the sample again",
        "该样品有行被拒收",
        "请更正被拒收的行并重新提交该样品")
    case .rowPossibleDuplicate:
      DiagnosticText(
        "Another level seems to have sampled the same lot; both samples count",
        "Find out whether it is one lot; if so, withdraw the sample that should not have been taken",
        "疑与其他级别抽取的样品为同一批次，两者均计入",
        "请核实是否同一批次；如是，请撤回不应重复抽取的样品")
    case .codeUnknownCategory:
      DiagnosticText(
        "The category is in no table; counted as unmapped",
        "Correct the spelling, or add an alias",
        "类别未收录，计入“未映射”",
        "请更正写法，或由管理员补充别名")
    case .codeUnknownDistrict:
      DiagnosticText(
        "The district is in no table; counted as unmapped",
        "Correct the spelling, or add an alias",
        "区县未收录，计入“未映射”",
        "请更正写法，或由管理员补充别名")
    case .codeUnknownWord:
      DiagnosticText(
        "The word is not in its table",
        "Use one of the agreed words",
        "用语未收录",
        "请使用约定用语")
    case .codeRetired:
      DiagnosticText(
        "The code was no longer in use on that day; its successor was taken",
        "Nothing to do; use the new name from now on",
        "该代码当时已停用，已按新代码处理",
        "无需处理，今后请使用新名称")
    case .codeAmbiguous:
      DiagnosticText(
        "The text fits several codes",
        "Write the full name or the code",
        "对应多个代码，无法确定",
        "请写全称或代码")
    case .gateRejects:
      DiagnosticText(
        "Too many rows were refused; the whole file was refused",
        "Correct the refused rows and deliver the file again",
        "被拒收的行过多，整个文件不予接收",
        "请更正被拒收的行后重新提交整个文件")
    case .gateRowDrop:
      DiagnosticText(
        "Far fewer records than this layout's deliveries usually have",
        "Check whether the file is whole; if it is, tell whoever runs the store",
        "记录数明显少于同类报送的通常数量",
        "请核对文件是否完整；确属完整的，请告知系统管理员")
    case .gateUnmapped:
      DiagnosticText(
        "Too many values stand in no code table; the whole file was refused",
        "Use the agreed names or codes, or have new ones entered in the code tables",
        "未映射的名称过多，整个文件不予接收",
        "请使用规定的名称或代码，或联系系统管理员增补代码表")
    }
  }
}
