import SpotCheckModel
import SpotCheckTestSupport
import Testing

@testable import SpotCheckShell

@Suite struct LineScreenTests {
  @Test func aShortLine() {
    var screen = LineScreen()
    #expect(
      screen.draw(prompt: "s@v1> ", line: Array("湟中".unicodeScalars), cursor: 1, columns: 80, rows: 24)
        == "\r\u{1B}[Js@v1> 湟中\r\u{1B}[8C")
    #expect(screen.leave() == "\r\n")
  }

  /// Drawn again and again on a terminal, the screen shows what it should, with the cursor where it belongs, and never
  /// touches what stood above.
  @Test func whatATerminalShows() {
    var numbers = SeededNumbers(state: 3)
    let letters: [Unicode.Scalar] = ["a", "b", " ", "湟", "中", "\u{301}", "e"]
    for _ in 0..<200 {
      let (columns, height) = (4 + numbers.next(12), 2 + numbers.next(6))
      var (screen, terminal, editor) = (LineScreen(), NaiveTerminal(columns: columns, rows: height + 2), LineEditor())
      terminal.obey("old\r\n")
      for _ in 0..<numbers.next(40) {
        _ = editor.handle(
          numbers.pick([
            .scalar(numbers.pick(letters)), .scalar(numbers.pick(letters)), .scalar(numbers.pick(letters)), .left,
            .home,
            .backspace, .end,
          ]))
        let line = editor.buffer.scalars
        terminal.obey(
          screen.draw(prompt: "s> ", line: line, cursor: editor.buffer.cursor, columns: columns, rows: height))
        let expected = NaiveTerminal.wrapped("s> ", line, editor.buffer.cursor, columns)
        let first = max(0, min(expected.row - height + 1, expected.rows.count - height))
        let shown = Array(expected.rows[first..<min(expected.rows.count, first + height)])
        let top = terminal.row - (expected.row - first)
        #expect(terminal.column == expected.column)
        #expect((0..<shown.count).map { terminal.text(top + $0) } == shown)
        #expect(terminal.text(top - 1) == "old")
        #expect((top + shown.count..<terminal.grid.count).allSatisfy { terminal.text($0).isEmpty })
      }
      terminal.obey(screen.leave() + "go")
      #expect(terminal.text(terminal.row) == "go" && terminal.column == 2)
    }
  }
}

/// A terminal that knows what is needed here: it keeps all rows, those that have left the screen too.
private struct NaiveTerminal {
  let columns: Int
  let rows: Int
  var grid: [[String]] = [[]]
  var row = 0
  var column = 0

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  func text(_ row: Int) -> String {
    guard grid.indices.contains(row) else { return "" }
    var text = grid[row].joined()
    while text.hasSuffix(" ") { text.removeLast() }
    return text
  }

  mutating func obey(_ text: String) {
    var scalars = Array(text.unicodeScalars)[...]
    while let scalar = scalars.popFirst() {
      switch scalar {
      case "\r": column = 0
      case "\n":
        row += 1
        if row == grid.count { grid.append([]) }
      case "\u{1B}":
        _ = scalars.popFirst()
        let digits = scalars.prefix { ("0"..."9").contains($0) }
        scalars = scalars.dropFirst(digits.count)
        let number = Int(String(String.UnicodeScalarView(digits))) ?? 1
        switch scalars.popFirst() {
        case "A":
          row -= number
          // The top of the screen is where a cursor cannot pass.
          #expect(row >= grid.count - rows && row >= 0)
        case "C": column = min(columns - 1, column + number)
        case "J":
          grid.removeSubrange((row + 1)...)
          grid[row].removeSubrange(min(column, grid[row].count)...)
        default: Issue.record("an unknown sequence")
        }
      default: put(scalar)
      }
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = DisplayWidth.of(scalar)
    guard width > 0 else {
      if column > 0 {
        // The mark goes onto the character, whose first cell has its text.
        let place = grid[row].indices.prefix(column).last { !grid[row][$0].isEmpty } ?? 0
        grid[row][place].unicodeScalars.append(scalar)
      }
      return
    }
    #expect(column + width <= columns, "the terminal would have broken the row itself")
    while grid[row].count < column + width { grid[row].append(" ") }
    grid[row][column] = String(Character(scalar))
    if width == 2 { grid[row][column + 1] = "" }
    column += width
  }

  /// What a terminal of so many columns shows for a line, and where the cursor is.
  static func wrapped(
    _ prompt: String, _ line: [Unicode.Scalar], _ cursor: Int, _ columns: Int
  ) -> (rows: [String], row: Int, column: Int) {
    var rows = [""]
    var place = (row: 0, column: 0)
    var used = 0
    let all = Array(prompt.unicodeScalars) + line
    for (index, scalar) in all.enumerated() {
      let width = DisplayWidth.of(scalar)
      if used + width > columns {
        rows.append("")
        used = 0
      }
      if index - prompt.unicodeScalars.count == cursor { place = (rows.count - 1, min(used, columns - 1)) }
      rows[rows.count - 1].unicodeScalars.append(scalar)
      used += width
    }
    if cursor == line.count {
      if used == columns {
        rows.append("")
        used = 0
      }
      place = (rows.count - 1, used)
    }
    return (
      rows.map { row in
        var row = row
        while row.hasSuffix(" ") { row.removeLast() }
        return row
      }, place.row, place.column
    )
  }
}
