/// A text with places for parameters: `district = {district} and product like '%{product}%'`.
struct QueryTemplate: Sendable {
  enum Piece: Sendable, Hashable {
    case text(String)
    case parameter(String)
    /// In an expression, between quotes that end with this character.
    case quoted(String, Character)
  }

  let pieces: [Piece]
  /// Whether a text that stands alone has to be quoted.
  let isExpression: Bool

  /// - Throws: ``SavedQueryError`` for braces that name nothing.
  init(_ text: String, isExpression: Bool) throws(SavedQueryError) {
    self.isExpression = isExpression
    var (pieces, plain): ([Piece], String) = ([], "")
    var quote: Character?
    var rest = text[...]
    while let character = rest.popFirst() {
      switch character {
      case "{":
        guard let end = rest.firstIndex(of: "}") else { throw SavedQueryError("'{' is not closed") }
        let name = String(rest[..<end])
        guard QueryTemplate.isName(name) else { throw SavedQueryError("'{\(name)}' names no parameter") }
        if !plain.isEmpty { pieces.append(.text(plain)) }
        plain = ""
        pieces.append(quote.map { .quoted(name, $0) } ?? .parameter(name))
        rest = rest[rest.index(after: end)...]
      case "}": throw SavedQueryError("'}' closes nothing")
      default:
        if isExpression {
          if character == quote {
            quote = nil
          } else if quote == nil {
            quote = QueryTemplate.closing[character]
          }
        }
        plain.append(character)
      }
    }
    if !plain.isEmpty { pieces.append(.text(plain)) }
    self.pieces = pieces
  }

  var names: [String] {
    pieces.compactMap { piece in
      switch piece {
      case .text: nil
      case .parameter(let name), .quoted(let name, _): name
      }
    }
  }

  /// With values in their places. In an expression a text is a quoted text, whatever it holds.
  func filled(_ values: [String: (text: String, isNumber: Bool)]) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): return text
      case .quoted(let name, let quote):
        return (values[name]?.text ?? "").replacing(String(quote), with: String(quote) + String(quote))
      case .parameter(let name):
        guard let value = values[name] else { return "" }
        if !isExpression || value.isNumber { return value.text }
        return "'" + value.text.replacing("'", with: "''") + "'"
      }
    }.joined()
  }

  /// Quotes of the filter's grammar, each with the one that ends it.
  private static let closing: [Character: Character] = ["'": "'", "\"": "\"", "“": "”", "‘": "’"]

  static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, (97...122).contains(first) else { return false }
    return name.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 0x5F }
  }
}
