import SpotCheckModel

/// A row as a block: its first text as a headline, then every other column as heading and value, as many on a line as fit.
enum TextBlocks {
  /// Longer answers stay tables.
  static let mostRows = 60

  static func text(_ grid: TextGrid, _ notes: [QueryNote], _ language: AnswerLanguage, width: Int) -> [UInt8] {
    var out: [UInt8] = []
    func append(_ line: String) {
      out.append(contentsOf: line.utf8)
      out.append(0x0A)
    }
    let headline = grid.isNumeric.firstIndex(of: false) ?? 0
    for line in grid.lines {
      append(line[headline])
      var current = " "
      for column in line.indices where column != headline && line[column] != RateText.none {
        let pair = " " + grid.headings[column] + " " + line[column] + " "
        if DisplayWidth.of(current) + DisplayWidth.of(pair) > width, current != " " {
          append(trimmed(current))
          current = " "
        }
        current += pair
      }
      if current != " " { append(trimmed(current)) }
    }
    for note in notes { append(language.noteLabel + DisplayWidth.harmless(language.text(note))) }
    return out
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return line
  }
}
