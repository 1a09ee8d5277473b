/// A pipe table (GitHub Flavored Markdown): for notes, issues and reports.
public struct MarkdownEmitter: Emitter {
  public var text: RateText

  public init(text: RateText = RateText()) { self.text = text }

  public func emit(_ report: Report, to sink: inout some ByteSink) throws {
    let grid = try TextGrid(report, text)
    var out: [UInt8] = []
    func append(_ cells: [String]) {
      out.append(contentsOf: ("| " + cells.joined(separator: " | ") + " |\n").utf8)
    }
    append(grid.headings.map(MarkdownEmitter.escaped))
    append(grid.isNumeric.map { $0 ? "---:" : "---" })
    for line in grid.lines { append(line.map(MarkdownEmitter.escaped)) }
    for (index, note) in report.notes.enumerated() {
      let text = report.language.noteLabel + MarkdownEmitter.escaped(report.language.text(note))
      out.append(contentsOf: ((index == 0 ? "\n" : "") + "- " + text + "\n").utf8)
    }
    try sink.write(out)
  }

  /// Nothing in a cell is markup.
  static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "|", "\\", "`", "*", "_", "<", ">", "[", "]", "~", "&":
        result.append("\\")
        result.append(scalar)
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
