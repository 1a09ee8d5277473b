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
        // No line begins with a mark that closes: what it closes goes with it.
        let closing = isClosing(character) ? line.reversed().prefix(while: isClosing).count + 1 : 0
        let last = closing < 4 ? String(line.suffix(closing)) : ""
        line.removeLast(last.count)
        lines.append(line)
        (line, used) = (last, DisplayWidth.of(last))
      }
      line.append(character)
      used += next
    }
    return lines + [line]
  }

  private static func isClosing(_ character: Character) -> Bool { "）；，。、".contains(character) }
}
