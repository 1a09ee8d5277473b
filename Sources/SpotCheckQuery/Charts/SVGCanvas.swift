import SpotCheckModel
import SpotCheckStatistics

/// Elements of an SVG, written one after the other: no ids, no script, no reference, every text escaped, numbers with one
/// fixed digit after the point.
struct SVGCanvas {
  /// Where a text stands relative to its x.
  enum Anchor: String {
    case start, middle, end
  }
  private(set) var body = ""

  /// Pixels of the text size 12 that a column of a terminal is wide, generously.
  static let column = 6.8

  static func width(_ text: String) -> Double { Double(DisplayWidth.of(text)) * column }

  static func number(_ value: Double) -> String {
    let text = NumberText.fixed(value.isFinite ? value : 0, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// A text for an attribute or an element; characters that XML forbids become the replacement character.
  static func escaped(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in HTMLEmitter.escaped(text).unicodeScalars {
      scalars.append(scalar.value & 0xFFFE == 0xFFFE ? "\u{FFFD}" : scalar)
    }
    return String(scalars)
  }

  private mutating func element(_ name: String, _ numbers: [(String, Double)], _ words: [(String, String)]) {
    body += "<" + name
    for (key, value) in numbers { body += " \(key)=\"\(SVGCanvas.number(value))\"" }
    for (key, value) in words where !value.isEmpty { body += " \(key)=\"\(value)\"" }
    body += "/>\n"
  }

  mutating func rect(_ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String, stroke: String = "") {
    element(
      "rect", [("x", x), ("y", y), ("width", max(width, 0)), ("height", max(height, 0))],
      [("fill", fill), ("stroke", stroke)])
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: String, dash: String = "", width: Double = 1
  ) {
    element(
      "line", [("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2), ("stroke-width", width)],
      [("stroke", stroke), ("stroke-dasharray", dash)])
  }

  mutating func polyline(_ points: [(Double, Double)], stroke: String, dash: String = "", width: Double = 1) {
    guard points.count > 1 else { return }
    let list = points.map { SVGCanvas.number($0.0) + "," + SVGCanvas.number($0.1) }.joined(separator: " ")
    element(
      "polyline", [("stroke-width", width)],
      [("points", list), ("fill", "none"), ("stroke", stroke), ("stroke-dasharray", dash)])
  }

  /// Shapes that differ without colour: circle, square, triangle, diamond, triangle on its tip, cross-shaped.
  mutating func mark(
    _ shape: Int, _ x: Double, _ y: Double, colour: String, isHollow: Bool = false, radius r: Double = 4
  ) {
    let looks = [("fill", isHollow ? "#ffffff" : colour), ("stroke", colour)]
    func polygon(_ points: [(Double, Double)]) -> [(String, String)] {
      [
        (
          "points",
          points.map { SVGCanvas.number(x + $0.0 * r) + "," + SVGCanvas.number(y + $0.1 * r) }.joined(separator: " ")
        )
      ]
        + looks
    }
    switch shape % 6 {
    case 0: element("circle", [("cx", x), ("cy", y), ("r", r)], looks)
    case 1: element("polygon", [], polygon([(0, -1.2), (1.1, 0.9), (-1.1, 0.9)]))
    case 2: element("polygon", [], polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]))
    case 3: element("polygon", [], polygon([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)]))
    case 4: element("polygon", [], polygon([(0, 1.2), (1.1, -0.9), (-1.1, -0.9)]))
    default: element("polygon", [], polygon([(-1.3, -0.5), (1.3, -0.5), (1.3, 0.5), (-1.3, 0.5)]))
    }
  }

  mutating func text(
    _ x: Double, _ y: Double, _ text: String, anchor: Anchor = .start, size: Double = 12, fill: String = "#222222",
    isBold: Bool = false
  ) {
    body += "<text x=\"\(SVGCanvas.number(x))\" y=\"\(SVGCanvas.number(y))\""
    if anchor != .start { body += " text-anchor=\"\(anchor.rawValue)\"" }
    if size != 12 { body += " font-size=\"\(SVGCanvas.number(size))\"" }
    if fill != "#222222" { body += " fill=\"\(fill)\"" }
    if isBold { body += " font-weight=\"bold\"" }
    body += ">" + SVGCanvas.escaped(text) + "</text>\n"
  }

  /// What belongs to one row: its whole sentence as title, its numbers as CSV writes them, and what is drawn for it.
  mutating func group(_ row: ChartRow, _ sentence: String, _ draw: (inout SVGCanvas) -> Void) {
    body += "<g data-inspected=\"\(row.inspected.map(String.init) ?? "")\""
    body += " data-rate=\"\(row.rate.map(NumberText.decimal) ?? "")\""
    if let interval = row.interval {
      body += " data-low=\"\(NumberText.decimal(interval.lower))\" data-high=\"\(NumberText.decimal(interval.upper))\""
    }
    body += "><title>" + SVGCanvas.escaped(sentence) + "</title>\n"
    draw(&self)
    body += "</g>\n"
  }
}
