import SpotCheckModel

/// The language of what stands around the data of an answer that people read.
///
/// Data speak the language they were delivered in, and machine formats have one form: their names and codes are stable. The
/// environment's locale has no say, so that the same question has the same bytes everywhere.
public enum AnswerLanguage: String, Sendable, CaseIterable {
  case chinese = "zh"
  case english = "en"

  /// Before a note.
  var noteLabel: String { self == .chinese ? "注：" : "Note: " }

  func text(_ note: QueryNote) -> String { self == .chinese ? note.textZh : note.text }

  /// Under a table of which `count` cells were cut.
  func cutCells(_ count: Int) -> String {
    self == .chinese
      ? "（有 \(count) 个单元格因终端宽度被截短；完整内容请用 --format csv，或输出到文件）"
      : "(\(count) cells were cut to the terminal's width; --format csv, or a file, has them whole)"
  }

  /// What of the question a reader must know, by its name in the `query` object.
  func question(_ name: String) -> String? {
    guard let heading = AnswerLanguage.questions[name] else { return nil }
    return self == .chinese ? heading : EnglishWords.spaced(name)
  }

  var colon: String { self == .chinese ? "：" : ": " }
  var semicolon: String { self == .chinese ? "；" : "; " }
  var snapshot: String { self == .chinese ? "快照" : "Snapshot" }
  var yes: String { self == .chinese ? "是" : "yes" }
  /// Names in a workbook.
  var sheet: (data: String, explanation: String, note: String, column: String, name: String) {
    self == .chinese
      ? ("数据", "说明", "注", "列", "程序所用的名称") : ("Data", "Notes", "Note", "Column", "Name in machine formats")
  }

  /// The tag of RFC 5646.
  var tag: String { self == .chinese ? "zh-CN" : "en" }

  private static let questions = [
    "by": "分组", "where": "条件", "period": "时期", "having": "只列", "sort": "排序", "top": "前几行", "pivot": "横向",
    "pivot_measure": "数值", "target": "目标", "suppress_below": "样本少于此数不公布",
  ]
}

extension Report {
  /// The answer in another language. Columns of codes and columns that were delivered are not touched.
  public func speaking(_ language: AnswerLanguage) -> Report {
    guard language != self.language else { return self }
    precondition(self.language == .chinese, "an answer is made in Chinese, and translated once")
    var report = self
    report.language = language
    let words = EnglishWords(columns)
    report.columns = columns.indices.map { index in
      var column = columns[index]
      column.heading = words.headings[index]
      return column
    }
    let rows = rows
    report.rows = { body in try rows { try body(words.translated($0)) } }
    report.subtotals = subtotals.map(words.translated)
    report.total = total.map(words.translated)
    return report
  }
}

/// Headings and words of an answer in English, from its stable names and codes.
///
/// Where a column `x` is followed by `x_name`, the second is the word for the code in the first. For closed vocabularies and
/// periods the code itself is the English word; names of code tables and delivered texts stay.
struct EnglishWords: Sendable {
  let headings: [String]
  /// By column: whether the column to its left holds the code of its word, and whether that code is the word.
  private let isWord: [Bool]
  private let hasOwnNames: [Bool]
  private let rateName: Int?

  init(_ columns: [ReportColumn]) {
    let isWord = columns.indices.map { $0 > 0 && columns[$0].name == columns[$0 - 1].name + "_name" }
    headings = columns.indices.map { EnglishWords.heading(columns[$0], isWord: isWord[$0]) }
    self.isWord = isWord
    hasOwnNames = columns.indices.map { $0 > 0 && EnglishWords.isOfData(columns[$0 - 1].name) }
    rateName = columns.firstIndex { $0.name == "rate_name" }
  }

  func translated(_ cells: [ReportCell]) -> [ReportCell] {
    var cells = cells
    for index in cells.indices where index < isWord.count {
      if index == rateName, case .text(let name) = cells[index] {
        cells[index] = .text(EnglishWords.rate(name))
      } else if isWord[index], case .text(let code) = cells[index - 1], case .text = cells[index] {
        if let word = EnglishWords.special(code) {
          cells[index] = .text(word)
        } else if !hasOwnNames[index] {
          cells[index] = .text(EnglishWords.spaced(code))
        }
      }
    }
    return cells
  }

  static func spaced(_ name: String) -> String { String(name.map { $0 == "_" ? " " : $0 }) }

  private static func heading(_ column: ReportColumn, isWord: Bool) -> String {
    if column.display == .intervalStart {
      // `wilson_low` and `wilson_high` are the interval of the rate beside them.
      let owner = column.name.hasSuffix("_low") ? String(column.name.dropLast(4)) : column.name
      return (owner == "wilson" ? "" : spaced(owner) + " ") + "95% interval"
    }
    // A code that stands beside its name needs the word for itself.
    if column.heading.hasSuffix("代码") { return spaced(column.name) + " code" }
    return spaced(isWord ? String(column.name.dropLast(5)) : column.name)
  }

  /// Whether the column holds codes of a table or delivered texts, with or without a level behind its name.
  private static func isOfData(_ name: String) -> Bool {
    let kind = name.reversed().drop { $0.isNumber || $0 == "_" }.reversed()
    switch DimensionKind(rawValue: String(kind)) {
    case nil: return false
    case .stage, .level, .purpose, .version, .verdict, .hazard, .year, .quarter, .month: return false
    default: return true
    }
  }

  /// Codes that stand for no code.
  private static func special(_ code: String) -> String? {
    switch code {
    case CodeBook.totalCode: "total"
    case "": "not given"
    case CodeTable.unmappedCode: "not mapped"
    default: nil
    }
  }

  private static func rate(_ name: String) -> String {
    if name == RateRow.pooledRateName { return "pass rate (pooled)" }
    guard let purpose = Purpose.allCases.first(where: { $0.passRateName == name }) else { return name }
    return name == Purpose.selective.passRateName ? "pass rate" : spaced(purpose.rawValue) + " pass rate"
  }
}
