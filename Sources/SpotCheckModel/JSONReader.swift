/// Just enough JSON to read our own answers, manifests and the like: RFC 8259, no number is converted, nesting is
/// bounded, and nothing that stands in the text can trap.
public struct JSONReader {
  public indirect enum Value: Sendable {
    case null
    case boolean(Bool)
    /// As written.
    case number(String)
    case text(String)
    case list([Element])
    case object([(key: String, value: Element)])
  }

  public struct Element: Sendable {
    public var value: Value
    /// Where it begins, both from 1; the column in bytes.
    public var line: Int
    public var column: Int

    /// The first value with this key; nil if there is none, or this is no object.
    public subscript(_ key: String) -> Element? {
      guard case .object(let entries) = value else { return nil }
      return entries.first { $0.key == key }?.value
    }

    public var text: String? {
      if case .text(let text) = value { return text }
      return nil
    }

    /// A whole number that fits; nil for anything else.
    public var integer: Int? {
      if case .number(let digits) = value { return Int(digits) }
      return nil
    }

    public var list: [Element]? {
      if case .list(let elements) = value { return elements }
      return nil
    }
  }

  /// Why a text is not JSON, and where.
  public struct Problem: Error, Sendable, Hashable {
    public var line: Int
    public var column: Int
    public var message: String
  }

  public static let depthLimit = 32

  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var lineStart = 0

  /// All values of a text: one for JSON, one a line for NDJSON.
  public static func read(_ text: String) throws(Problem) -> [Element] {
    var reader = JSONReader(bytes: Array(text.utf8))
    var result: [Element] = []
    reader.skip()
    while reader.index < reader.bytes.count {
      result.append(try reader.value(depth: 0))
      reader.skip()
    }
    return result
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var current: UInt8 { index < bytes.count ? bytes[index] : 0 }

  private func problem(_ message: String) -> Problem {
    Problem(line: line, column: index - lineStart + 1, message: "not readable as JSON: \(message)")
  }

  private mutating func skip() {
    while index < bytes.count {
      switch bytes[index] {
      case 0x0A:
        index += 1
        line += 1
        lineStart = index
      case 0x20, 0x09, 0x0D: index += 1
      default: return
      }
    }
  }

  private mutating func value(depth: Int) throws(Problem) -> Element {
    guard depth <= JSONReader.depthLimit else { throw problem("nested deeper than \(JSONReader.depthLimit) levels") }
    let (line, column) = (line, index - lineStart + 1)
    func element(_ value: Value) -> Element { Element(value: value, line: line, column: column) }
    switch current {
    case UInt8(ascii: "{"): return element(.object(try object(depth)))
    case UInt8(ascii: "["): return element(.list(try list(depth)))
    case UInt8(ascii: "\""): return element(.text(try string()))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      let begin = index
      while index < bytes.count, JSONReader.isOfNumber(bytes[index]) { index += 1 }
      guard index - begin <= 64 else { throw problem("a number of \(index - begin) characters") }
      return element(.number(String(decoding: bytes[begin..<index], as: UTF8.self)))
    default:
      for (word, value) in [("true", Value.boolean(true)), ("false", .boolean(false)), ("null", .null)] {
        guard bytes[index...].starts(with: word.utf8) else { continue }
        index += word.utf8.count
        return element(value)
      }
      throw problem(index < bytes.count ? "a value was expected here" : "the text ends too early")
    }
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    byte >= 0x30 && byte <= 0x39 || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
  }

  private mutating func take(_ byte: Unicode.Scalar) -> Bool {
    skip()
    guard index < bytes.count, bytes[index] == UInt8(ascii: byte) else { return false }
    index += 1
    return true
  }

  private mutating func object(_ depth: Int) throws(Problem) -> [(key: String, value: Element)] {
    index += 1
    var entries: [(key: String, value: Element)] = []
    if take("}") { return entries }
    repeat {
      skip()
      guard current == UInt8(ascii: "\"") else { throw problem("a key in quotes was expected here") }
      let key = try string()
      guard take(":") else { throw problem("':' was expected here") }
      skip()
      entries.append((key, try value(depth: depth + 1)))
    } while take(",")
    guard take("}") else { throw problem("',' or '}' was expected here") }
    return entries
  }

  private mutating func list(_ depth: Int) throws(Problem) -> [Element] {
    index += 1
    var elements: [Element] = []
    if take("]") { return elements }
    repeat {
      skip()
      elements.append(try value(depth: depth + 1))
    } while take(",")
    guard take("]") else { throw problem("',' or ']' was expected here") }
    return elements
  }

  private mutating func string() throws(Problem) -> String {
    index += 1
    var out: [UInt8] = []
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: out, as: UTF8.self)
      case UInt8(ascii: "\\"):
        let escape = current
        index += 1
        switch escape {
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "u"):
          out.append(contentsOf: String(Character(try escapedScalar())).utf8)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(escape)
        default: throw problem("an unknown escape")
        }
      case 0x00...0x1F: throw problem("a control character in a text")
      default: out.append(byte)
      }
    }
    throw problem("a text that does not end")
  }

  /// Behind `\u`: four digits, or two such escapes that make one scalar; half a pair is U+FFFD.
  private mutating func escapedScalar() throws(Problem) -> Unicode.Scalar {
    let first = try fourDigits()
    guard (0xD800...0xDBFF).contains(first), bytes[min(index, bytes.count)...].starts(with: Array("\\u".utf8)) else {
      return Unicode.Scalar(first) ?? "\u{FFFD}"
    }
    let before = index
    index += 2
    let second = try fourDigits()
    if (0xDC00...0xDFFF).contains(second) {
      return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)) ?? "\u{FFFD}"
    }
    index = before
    return "\u{FFFD}"
  }

  private mutating func fourDigits() throws(Problem) -> UInt32 {
    guard index + 4 <= bytes.count,
      bytes[index..<index + 4].allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }),
      let code = UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
    else { throw problem("four hexadecimal digits were expected here") }
    index += 4
    return code
  }
}
