/// A piece of a filter text.
struct FilterToken: Equatable {
  enum Kind: Equatable {
    /// A bare word: a column, a keyword, a code, a date, a number.
    case word(String)
    /// A text in quotes.
    case quoted(String)
    case comparison(FilterComparison)
    case open, close, comma, end
  }
  var kind: Kind
  /// Offset in Unicode scalars.
  var position: Int
}

/// How a column is compared with a value.
public enum FilterComparison: String, Sendable, Hashable {
  case equal = "="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  /// A text against a pattern (``LikePattern``).
  case like
}

/// Cuts a filter into tokens. Full-width brackets, commas and operators, as Chinese input methods type them, count too.
enum FilterLexer {
  /// Longer filters are refused.
  static let longest = 65_536

  static func tokens(_ text: String) throws -> [FilterToken] {
    let scalars = Array(text.unicodeScalars)
    guard scalars.count <= longest else { throw QueryError("the filter is longer than \(longest) characters") }
    var tokens: [FilterToken] = []
    var index = 0
    while index < scalars.count {
      let start = index
      let scalar = scalars[index]
      if scalar.properties.isWhitespace {
        index += 1
        continue
      }
      let kind: FilterToken.Kind
      switch scalar {
      case "(", "（": kind = .open
      case ")", "）": kind = .close
      case ",", "，", "、": kind = .comma
      case "=", "＝":
        if index + 1 < scalars.count, scalars[index + 1] == "=" { index += 1 }
        kind = .comparison(.equal)
      case "!", "！", "<", "＜", ">", "＞", "≤", "≥", "≠":
        kind = .comparison(try comparison(scalars, &index, text))
      case "'", "\"", "“", "‘":
        kind = .quoted(try quotedText(scalars, &index, text))
      default:
        var word = String.UnicodeScalarView()
        while index < scalars.count, isWord(scalars[index]) {
          word.append(scalars[index])
          index += 1
        }
        index -= 1
        kind = .word(String(word))
      }
      index += 1
      tokens.append(FilterToken(kind: kind, position: start))
    }
    tokens.append(FilterToken(kind: .end, position: scalars.count))
    return tokens
  }

  /// Whether a bare word may hold it.
  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "(", "（", ")", "）", ",", "，", "、", "=", "＝", "!", "！", "<", "＜", ">", "＞", "≤", "≥", "≠", "'", "\"", "“", "‘":
      false
    default: !scalar.properties.isWhitespace
    }
  }

  private static func comparison(_ scalars: [Unicode.Scalar], _ index: inout Int, _ text: String) throws
    -> FilterComparison
  {
    let hasEqual = index + 1 < scalars.count && (scalars[index + 1] == "=" || scalars[index + 1] == "＝")
    switch scalars[index] {
    case "≤": return .lessOrEqual
    case "≥": return .greaterOrEqual
    case "≠": return .notEqual
    case "!", "！":
      guard hasEqual else {
        throw QueryError("'!' stands alone", source: text, position: index, advice: "Write != or not.")
      }
      index += 1
      return .notEqual
    case "<", "＜":
      if index + 1 < scalars.count, scalars[index + 1] == ">" {
        index += 1
        return .notEqual
      }
      if hasEqual { index += 1 }
      return hasEqual ? .lessOrEqual : .less
    default:
      if hasEqual { index += 1 }
      return hasEqual ? .greaterOrEqual : .greater
    }
  }

  /// Leaves the index on the closing quote. A doubled quote inside stands for itself.
  private static func quotedText(_ scalars: [Unicode.Scalar], _ index: inout Int, _ text: String) throws -> String {
    let start = index
    let closing: Unicode.Scalar
    switch scalars[index] {
    case "“": closing = "”"
    case "‘": closing = "’"
    default: closing = scalars[index]
    }
    var result = String.UnicodeScalarView()
    index += 1
    while index < scalars.count {
      if scalars[index] == closing {
        guard index + 1 < scalars.count, scalars[index + 1] == closing else { return String(result) }
        index += 1
      }
      result.append(scalars[index])
      index += 1
    }
    throw QueryError("the quote is not closed", source: text, position: start)
  }
}
