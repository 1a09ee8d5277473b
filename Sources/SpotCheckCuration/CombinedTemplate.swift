import SpotCheckModel

/// One template of a combined cell: `{analyte} {value} (MRL = {limit})`, compiled.
///
/// Matching fills a table of (token, position) from the right, so it is linear in the text for every token and cannot
/// blow up; from the left the names then take as much as they can.
struct CombinedTemplate: Sendable {
  private enum Token: Sendable {
    case literal(Unicode.Scalar)
    /// Any run of blanks; `required` between two placeholders.
    case blanks(required: Bool)
    /// A run of text, as long as it can be.
    case text(FieldTarget)
    /// A number with an optional sign of comparison.
    case number(FieldTarget)
  }

  private var tokens: [Token] = []

  init(_ template: String) {
    let scalars = Array(TextFolding.trimmed(template).unicodeScalars)
    var index = 0
    while index < scalars.count {
      let scalar = scalars[index]
      if scalar == "{", let close = scalars[index...].firstIndex(of: "}") {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[(index + 1)..<close])
        if let target = CombinedTemplate.target(String(view)) {
          let isNumber = target == .value || target == .detectionLimit
          tokens.append(isNumber ? .number(target) : .text(target))
          index = close + 1
          continue
        }
      }
      if scalar == " " {
        if case .blanks = tokens.last {} else { tokens.append(.blanks(required: false)) }
      } else {
        tokens.append(.literal(ScalarCursor.lower(scalar)))
      }
      index += 1
    }
    for index in tokens.indices.dropFirst().dropLast() {
      guard case .blanks = tokens[index] else { continue }
      if isPlaceholder(tokens[index - 1]), isPlaceholder(tokens[index + 1]) { tokens[index] = .blanks(required: true) }
    }
  }

  private static func target(_ name: String) -> FieldTarget? {
    name == "unit" ? .valueUnit : FieldTarget(rawValue: name)
  }

  private func isPlaceholder(_ token: Token) -> Bool {
    switch token {
    case .text, .number: true
    default: false
    }
  }

  /// The placeholders' texts if the whole of `text` fits, else nil.
  func match(_ text: String) -> [(FieldTarget, String)]? {
    let cursor = ScalarCursor(TextFolding.trimmed(text).split(whereSeparator: \.isNewline).joined(separator: " "))
    let scalars = cursor.scalars
    let width = scalars.count + 1
    // following[token * width + position]: where the token ends if the rest fits from there, else -1.
    var following = [Int32](repeating: -1, count: (tokens.count + 1) * width)
    following[tokens.count * width + scalars.count] = Int32(scalars.count)
    for token in tokens.indices.reversed() {
      let next = (token + 1) * width
      var farthest: Int32 = -1
      for position in stride(from: scalars.count, through: 0, by: -1) {
        let cell = token * width + position
        switch tokens[token] {
        case .literal(let wanted):
          if position < scalars.count, ScalarCursor.lower(scalars[position]) == wanted,
            following[next + position + 1] >= 0
          {
            following[cell] = Int32(position + 1)
          }
        case .blanks(let required):
          var end = position
          while end < scalars.count, CombinedTemplate.isBlank(scalars[end]) { end += 1 }
          if end > position || !required, following[next + end] >= 0 { following[cell] = Int32(end) }
        case .text:
          // Longest first: the greatest end to the right of here from which the rest fits.
          if position < scalars.count, !CombinedTemplate.isBlank(scalars[position]), farthest > position {
            following[cell] = farthest
          }
          if following[next + position] >= 0, farthest < 0,
            position > 0, !CombinedTemplate.isBlank(scalars[position - 1])
          {
            farthest = Int32(position)
          }
        case .number:
          guard let end = CombinedTemplate.numberEnd(cursor, position) else { continue }
          if following[next + end] >= 0 {
            following[cell] = Int32(end)
            continue
          }
          // A unit may be glued to the number: the longest from whose end the rest fits.
          var glued = end
          while glued < scalars.count, glued - end < 20, CombinedTemplate.isOfUnit(scalars, glued, from: end) {
            glued += 1
            if following[next + glued] >= 0 { following[cell] = Int32(glued) }
          }
        }
      }
    }
    guard following[0] >= 0 else { return nil }
    var result: [(FieldTarget, String)] = []
    var position = 0
    for (index, token) in tokens.enumerated() {
      let end = Int(following[index * width + position])
      switch token {
      case .text(let target), .number(let target):
        result.append((target, cursor.text(from: position, to: end)))
      default: break
      }
      position = end
    }
    return result
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0x20 || scalar.value == 0xA0 || scalar.value == 0x3000 || scalar.value == 0x09
  }

  /// Letters, `%‰°℃/·` and, behind the first letter, digits: `MPa`, `mg/kg`, `CFU/25g`, `个/100mL`.
  private static func isOfUnit(_ scalars: [Unicode.Scalar], _ index: Int, from start: Int) -> Bool {
    let scalar = scalars[index]
    if ScalarCursor.digit(scalar) != nil { return index > start && scalars[start] != "/" }
    return scalar.properties.isAlphabetic || "%‰°℃/·²³".unicodeScalars.contains(scalar)
  }

  private static func numberEnd(_ start: ScalarCursor, _ position: Int) -> Int? {
    // A number does not start inside another one, nor inside a word.
    var cursor = start
    cursor.position = position
    guard let first = cursor.next, ScalarCursor.digit(first) != nil || "<>≤≥=.-＜＞".unicodeScalars.contains(first) else {
      return nil
    }
    while let next = cursor.next, "<>≤≥=＜＞ ".unicodeScalars.contains(next) { cursor.position += 1 }
    guard DecimalReader.number(&cursor) != nil else { return nil }
    return cursor.position
  }
}
