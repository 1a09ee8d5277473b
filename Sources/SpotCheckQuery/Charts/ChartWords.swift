import SpotCheckModel

/// Words around a picture.
enum ChartWords {
  /// A text in lines of at most so many columns, each broken where it is full.
  static func lines(_ text: String, columns: Int) -> [String] {
    var lines: [String] = []
    var (line, used) = ("", 0)
    for character in DisplayWidth.harmless(text) {
      let next = DisplayWidth.of(String(character))
      if used + next > columns {
        // No line begins with a mark that closes.
        let last = "）；，。、".contains(character) ? line.popLast().map(String.init) ?? "" : ""
        lines.append(line)
        (line, used) = (last, DisplayWidth.of(last))
      }
      line.append(character)
      used += next
    }
    return lines + [line]
  }
}
