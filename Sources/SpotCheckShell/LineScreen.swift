import SpotCheckModel

/// Draws the line that is being edited: what to send to a terminal so that it shows prompt, line and cursor.
///
/// Rows are broken here and not by the terminal, so that a wide character at the edge cannot confuse the count. Only
/// carriage return, line feed and four sequences that every terminal since the VT100 knows are used.
public struct LineScreen: Sendable {
  /// The row, below the first that is shown, in which the cursor was left.
  private var cursorRow = 0
  private var rowsShown = 1

  public init() {}

  /// - Parameters:
  ///   - columns: of the terminal; fewer than 4 are taken for 4.
  ///   - rows: of the terminal; of a longer line the part around the cursor is shown.
  public mutating func draw(
    prompt: String, line: [Unicode.Scalar], cursor: Int, columns: Int, rows: Int
  ) -> String {
    let layout = Layout(prompt: prompt, line: line, cursor: cursor, columns: max(4, columns))
    let height = max(1, rows)
    let first = max(0, min(layout.cursorRow - height + 1, layout.rows.count - height))
    let shown = layout.rows[first..<min(layout.rows.count, first + height)]
    var out = LineScreen.up(cursorRow) + "\r\u{1B}[J" + shown.joined(separator: "\r\n")
    cursorRow = layout.cursorRow - first
    rowsShown = shown.count
    out += LineScreen.up(rowsShown - 1 - cursorRow) + "\r"
    if layout.cursorColumn > 0 { out += "\u{1B}[\(layout.cursorColumn)C" }
    return out
  }

  /// Leaves the line: the cursor goes to the beginning of the row below it.
  public mutating func leave() -> String {
    defer { self = LineScreen() }
    return String(repeating: "\n", count: max(0, rowsShown - 1 - cursorRow)) + "\r\n"
  }

  /// Empties the screen; the next drawing is at its top.
  public mutating func clear() -> String {
    self = LineScreen()
    return "\u{1B}[H\u{1B}[2J"
  }

  private static func up(_ rows: Int) -> String { rows > 0 ? "\u{1B}[\(rows)A" : "" }

  /// Prompt and line cut into rows, and where the cursor is.
  struct Layout {
    private(set) var rows: [String] = [""]
    private(set) var cursorRow = 0
    private(set) var cursorColumn = 0
    private var column = 0
    private let columns: Int

    init(prompt: String, line: [Unicode.Scalar], cursor: Int, columns: Int) {
      self.columns = columns
      for scalar in prompt.unicodeScalars { append(scalar) }
      for (index, scalar) in line.enumerated() {
        if index == cursor { mark(before: DisplayWidth.of(scalar)) }
        append(scalar)
      }
      if cursor >= line.count { mark(before: 1) }
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
      let width = DisplayWidth.of(scalar)
      makeRoom(width)
      rows[rows.count - 1].unicodeScalars.append(scalar)
      column += width
    }

    private mutating func makeRoom(_ width: Int) {
      if column + width > columns {
        rows.append("")
        column = 0
      }
    }

    private mutating func mark(before width: Int) {
      // A full row: what comes next, and so the cursor, is in the row below.
      makeRoom(width)
      (cursorRow, cursorColumn) = (rows.count - 1, min(column, columns - 1))
    }
  }
}
