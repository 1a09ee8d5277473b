import SpotCheckModel

/// How a piece of a picture looks where colours are allowed. Nothing is said by colour alone.
enum ChartStyle: Sendable, Hashable {
  case plain, faint, good, bad, doubtful, bar
  /// One of several lines.
  case series(Int)
  /// A class of a heat map, 0 = lowest rates.
  case shade(Int)

  /// The numbers of the escape sequence; nil for plain text.
  var code: String? {
    switch self {
    case .plain: nil
    case .faint: "2"
    case .good: "32"
    case .bad: "31"
    case .doubtful: "33"
    case .bar: "36"
    case .series(let index): ["34", "31", "32", "35", "36", "33"][index % 6]
    // From the 256 colours: dark blue with white text for low rates, to pale blue with black.
    case .shade(let index):
      ["48;5;24;38;5;231", "48;5;31;38;5;231", "48;5;117;38;5;16", "48;5;195;38;5;16"][min(index, 3)]
    }
  }
}

/// A line for a terminal, made of pieces, each with its look.
struct StyledLine: Sendable {
  private var pieces: [(text: String, style: ChartStyle)] = []
  private(set) var width = 0

  mutating func append(_ text: String, _ style: ChartStyle = .plain) {
    guard !text.isEmpty else { return }
    width += DisplayWidth.of(text)
    if let last = pieces.indices.last, pieces[last].style == style {
      pieces[last].text += text
    } else {
      pieces.append((text, style))
    }
  }

  /// The text and blanks up to a width.
  mutating func append(_ text: String, to width: Int, right: Bool = false, _ style: ChartStyle = .plain) {
    let blanks = String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
    // A background fills its cell.
    let isFilled = if case .shade = style { true } else { false }
    if right { append(blanks, isFilled ? style : .plain) }
    append(text, style)
    if !right { append(blanks, isFilled ? style : .plain) }
  }

  mutating func append(_ line: StyledLine) { for piece in line.pieces { append(piece.text, piece.style) } }

  /// Without blanks at its end.
  func text(colours: Bool) -> String {
    var pieces = pieces
    while let last = pieces.last, !colours || last.style == .plain {
      let bare = String(last.text.reversed().drop { $0 == " " }.reversed())
      if bare.isEmpty {
        pieces.removeLast()
      } else {
        pieces[pieces.count - 1].text = bare
        break
      }
    }
    return pieces.reduce(into: "") { result, piece in
      guard colours, let code = piece.style.code else { return result += piece.text }
      result += "\u{1B}[" + code + "m" + piece.text + "\u{1B}[0m"
    }
  }
}

/// A grid of characters with dots between them: Braille has two dots across and four down in a character.
struct PlotCanvas: Sendable {
  let width: Int
  let height: Int
  private var marks: [(text: String, style: ChartStyle)?]
  private var dots: [UInt8]
  private var dotStyles: [ChartStyle]

  init(width: Int, height: Int) {
    (self.width, self.height) = (max(width, 1), max(height, 1))
    marks = Array(repeating: nil, count: self.width * self.height)
    dots = Array(repeating: 0, count: self.width * self.height)
    dotStyles = Array(repeating: .plain, count: self.width * self.height)
  }

  var dotWidth: Int { width * 2 }
  var dotHeight: Int { height * 4 }

  /// The dot at a share of the width from the left and of the height from the bottom.
  func dot(_ x: Double, _ y: Double) -> (x: Int, y: Int) {
    (Int((x * Double(dotWidth - 1)).rounded()), Int(((1 - y) * Double(dotHeight - 1)).rounded()))
  }

  /// The character that holds a dot.
  func cell(_ dot: (x: Int, y: Int)) -> (x: Int, y: Int) { (dot.x / 2, dot.y / 4) }

  /// Puts one character of width 1; what lies outside is left out.
  mutating func put(_ text: String, _ x: Int, _ y: Int, _ style: ChartStyle = .plain, overMarks: Bool = true) {
    guard (0..<width).contains(x), (0..<height).contains(y), overMarks || marks[y * width + x] == nil else { return }
    marks[y * width + x] = (text, style)
  }

  func isMarked(_ x: Int, _ y: Int) -> Bool {
    (0..<width).contains(x) && (0..<height).contains(y) && marks[y * width + x] != nil
  }

  mutating func set(_ x: Int, _ y: Int, _ style: ChartStyle = .plain) {
    guard (0..<dotWidth).contains(x), (0..<dotHeight).contains(y) else { return }
    let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
    dots[y / 4 * width + x / 2] |= bits[x % 2][y % 4]
    dotStyles[y / 4 * width + x / 2] = style
  }

  /// A straight line of dots (Bresenham), both ends included.
  mutating func line(_ from: (x: Int, y: Int), _ to: (x: Int, y: Int), _ style: ChartStyle = .plain) {
    let (dx, dy) = (abs(to.x - from.x), -abs(to.y - from.y))
    let (sx, sy) = (from.x < to.x ? 1 : -1, from.y < to.y ? 1 : -1)
    var (x, y, error) = (from.x, from.y, dx + dy)
    while true {
      set(x, y, style)
      if x == to.x && y == to.y { return }
      let twice = error * 2
      if twice >= dy {
        error += dy
        x += sx
      }
      if twice <= dx {
        error += dx
        y += sy
      }
    }
  }

  func row(_ y: Int) -> StyledLine {
    var line = StyledLine()
    for x in 0..<width {
      if let mark = marks[y * width + x] {
        line.append(mark.text, mark.style)
      } else if dots[y * width + x] != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(dots[y * width + x])) {
        line.append(String(scalar), dotStyles[y * width + x])
      } else {
        line.append(" ")
      }
    }
    return line
  }
}
