/// The first line of a table.
struct TableHeader {
  enum Kind: Hashable {
    case count(CountRole)
    case rate(RateKind)
  }
  struct Column {
    var index: Int
    var kind: Kind
  }
  var separator: TableCells.Separator
  var width: Int
  var columns: [Column]
  var nameColumn: Int
  /// The heading of the name column.
  var title: String
  /// A column counts samples that were taken but not judged (未检, 不判定): rates are not of all that were taken.
  var hasUnjudged: Bool

  static func read(_ source: SourceText, _ line: Range<Int>) -> TableHeader? {
    // Headings are short; a line of megabytes is none.
    guard line.count <= 2000 else { return nil }
    for separator in TableCells.Separator.allCases {
      let cells = TableCells.cut(source, line, separator)
      // Clauses between commas look like cells; headings have no numbers.
      guard cells.count >= 3, separator == .pipe || !TableCells.hasDigit(source, line) else { continue }
      var columns: [Column] = []
      var nameColumn: Int?
      for (index, cell) in cells.enumerated() {
        let text = String(source.text(cell).filter { $0 != " " && $0 != "*" })
        if let kind = kind(of: text) {
          if !columns.contains(where: { $0.kind == kind }) { columns.append(Column(index: index, kind: kind)) }
        } else if nameColumn == nil, !numbering.contains(text) {
          nameColumn = index
        }
      }
      guard columns.count >= 2, let nameColumn else { continue }
      return TableHeader(
        separator: separator, width: cells.count, columns: columns, nameColumn: nameColumn,
        title: String(source.text(cells[nameColumn]).filter { $0 != " " && $0 != "*" }),
        hasUnjudged: cells.contains { cell in unjudged.contains { source.text(cell).contains($0) } })
    }
    return nil
  }

  /// Words of headings that are no figures of batches: names, and figures of other things.
  private static let others = [
    "企业", "家数", "户", "项目", "项次", "占", "其中", "同比", "环比", "上年", "去年", "目的", "类型", "性质", "单位", "机构", "地点", "环节", "领域",
    "级别", "日期", "时间", "编号", "名称", "种类", "类别", "依据", "结果", "人员", "。",
  ]
  private static let unjudged = ["未检", "拒检", "无证", "不判定", "未判定", "未抽到", "风险监测"]
  private static let numbering: Set<String> = ["序号", "编号", "No.", "#", ""]

  /// What a heading says, or nil. Figures about enterprises, items or shares are others.
  private static func kind(of heading: String) -> Kind? {
    func has(_ words: String...) -> Bool { words.contains { heading.contains($0) } }
    guard heading.unicodeScalars.count <= 14, !others.contains(where: { heading.contains($0) }) else { return nil }
    // A sentence's clause is no heading.
    guard !heading.unicodeScalars.contains(where: { $0.value >= 0x30 && $0.value <= 0x39 }) else { return nil }
    if has("率") {
      if has("问题") { return .rate(.finding) }
      if has("不合格") { return .rate(.failure) }
      return has("合格") ? .rate(.pass) : nil
    }
    if has("不合格", "问题") { return .count(.failed) }
    if has("合格") { return .count(.passed) }
    if has("检验", "检测", "实检") { return .count(.inspected) }
    if has("抽检", "抽样", "抽查", "样品", "批次") { return .count(.sampled) }
    return nil
  }

  /// The cells of a row of this table; empty for the line under a Markdown heading; nil if the table has ended.
  func cells(_ source: SourceText, _ line: Range<Int>) -> [Range<Int>]? {
    guard line.count <= 20_000, !TableCells.isEmpty(source, line) else { return nil }
    let cells = TableCells.cut(source, line, separator)
    if cells.allSatisfy({ cell in source.scalars[cell].allSatisfy { $0 == "-" || $0 == ":" || $0 == " " } }) {
      return []
    }
    if cells.count == width { return cells }
    // The row 合计 often spans the column of numbers.
    guard cells.count == width - 1, nameColumn == 1, let first = cells.first else { return nil }
    return [first.lowerBound..<first.lowerBound] + cells
  }
}
