import SpotCheckModel

/// One page that stands alone: no script, no network, nothing but its table, its notes and what was asked. For mail, print
/// and the archive.
///
/// Every text is escaped, and the page forbids itself to load anything (SEC-21).
public struct HTMLEmitter: Emitter {
  public var text: RateText

  public init(text: RateText = RateText()) { self.text = text }

  public func emit(_ report: Report, to sink: inout some ByteSink) throws {
    let grid = try TextGrid(report, text)
    var out = HTMLEmitter.head(report.language)
    out += "<table>\n<caption>" + HTMLEmitter.escaped(HTMLEmitter.question(report)) + "</caption>\n<thead><tr>"
    for (column, heading) in grid.headings.enumerated() {
      out += "<th scope=\"col\"" + cellClass(grid, column) + ">" + HTMLEmitter.escaped(heading) + "</th>"
    }
    out += "</tr></thead>\n<tbody>\n"
    for (index, line) in grid.lines.enumerated() {
      if index == grid.firstSum { out += "</tbody>\n<tfoot>\n" }
      out += "<tr>"
      for (column, cell) in line.enumerated() {
        out += "<td" + cellClass(grid, column) + ">" + HTMLEmitter.escaped(cell) + "</td>"
      }
      out += "</tr>\n"
      if out.utf8.count > 1 << 16 {
        try sink.write(Array(out.utf8))
        out = ""
      }
    }
    out += grid.firstSum < grid.lines.count ? "</tfoot>\n</table>\n" : "</tbody>\n</table>\n"
    if !report.notes.isEmpty {
      out += "<ul>\n"
      for note in report.notes {
        out += "<li>" + report.language.noteLabel + HTMLEmitter.escaped(report.language.text(note)) + "</li>\n"
      }
      out += "</ul>\n"
    }
    let source =
      report.language == .chinese
      ? "快照 v\(report.snapshot)，由 SpotCheck 生成。" : "Snapshot v\(report.snapshot), made by SpotCheck."
    out += "<p>" + source + "</p>\n</body>\n</html>\n"
    try sink.write(Array(out.utf8))
  }

  private func cellClass(_ grid: TextGrid, _ column: Int) -> String { grid.isNumeric[column] ? " class=\"n\"" : "" }

  /// What was asked, in words: `分组：district；时期：2024`.
  static func question(_ report: Report, without left: Set<String> = []) -> String {
    let language = report.language
    return report.query.compactMap { name, value in
      left.contains(name)
        ? nil : language.question(name).flatMap { heading in shown(value).map { heading + language.colon + $0 } }
    }.joined(separator: language.semicolon)
  }

  static func shown(_ value: ReportValue) -> String? {
    switch value {
    case .none, .boolean(false): nil
    case .boolean(true): ""
    case .text(let text): text.isEmpty ? nil : text
    case .integer(let number): String(number)
    case .list(let texts): texts.isEmpty ? nil : texts.joined(separator: ", ")
    }
  }

  /// Nothing of a text is markup, and nothing in it turns the page around.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in DisplayWidth.harmless(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func head(_ language: AnswerLanguage) -> String {
    "<!DOCTYPE html>\n<html lang=\"\(language.tag)\">\n" + head
  }

  private static let head = """
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>SpotCheck</title>
    <style>
    body { font: 14px/1.5 "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 2em; color: #222; }
    table { border-collapse: collapse; }
    caption { text-align: left; color: #555; padding-bottom: .5em; }
    th, td { padding: .2em .7em; border-bottom: 1px solid #ccc; text-align: left; }
    th { border-bottom: 2px solid #222; }
    tfoot td { border-top: 1px solid #222; font-weight: bold; }
    .n { text-align: right; font-variant-numeric: tabular-nums; }
    ul, p { color: #555; }
    @media print { body { margin: 0; } thead { display: table-header-group; } }
    </style>
    </head>
    <body>

    """
}
