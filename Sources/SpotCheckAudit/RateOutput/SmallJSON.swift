/// Just enough JSON to read our own answers: RFC 8259, no number is converted, nesting is bounded.
struct SmallJSON {
  indirect enum Value {
    case null
    case boolean(Bool)
    /// As written.
    case number(String)
    case text(String)
    case list([Element])
    case object([(key: String, value: Element)])
  }

  struct Element {
    var value: Value
    var position: AuditPosition

    subscript(_ key: String) -> Element? {
      guard case .object(let entries) = value else { return nil }
      return entries.first { $0.key == key }?.value
    }

    var text: String? {
      if case .text(let text) = value { return text }
      return nil
    }
  }

  static let depthLimit = 32

  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var lineStart = 0

  /// All values of a text: one for JSON, one a line for NDJSON.
  static func read(_ text: String) throws(AuditProblem) -> [Element] {
    var reader = SmallJSON(bytes: Array(text.utf8))
    var result: [Element] = []
    reader.skip()
    while reader.index < reader.bytes.count {
      result.append(try reader.value(depth: 0))
      reader.skip()
    }
    return result
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var position: AuditPosition { AuditPosition(line: line, column: index - lineStart + 1) }

  private var current: UInt8 { index < bytes.count ? bytes[index] : 0 }

  private func problem(_ message: String) -> AuditProblem { AuditProblem(position, "not readable as JSON: \(message)") }

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

  private mutating func value(depth: Int) throws(AuditProblem) -> Element {
    guard depth <= SmallJSON.depthLimit else { throw problem("nested deeper than \(SmallJSON.depthLimit) levels") }
    let start = position
    switch current {
    case UInt8(ascii: "{"): return Element(value: .object(try object(depth)), position: start)
    case UInt8(ascii: "["): return Element(value: .list(try list(depth)), position: start)
    case UInt8(ascii: "\""): return Element(value: .text(try string()), position: start)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      let begin = index
      while index < bytes.count, SmallJSON.isOfNumber(bytes[index]) { index += 1 }
      guard index - begin <= 64 else { throw problem("a number of \(index - begin) characters") }
      return Element(value: .number(String(decoding: bytes[begin..<index], as: UTF8.self)), position: start)
    default:
      for (word, value) in [("true", Value.boolean(true)), ("false", .boolean(false)), ("null", .null)] {
        guard bytes[index...].starts(with: word.utf8) else { continue }
        index += word.utf8.count
        return Element(value: value, position: start)
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

  private mutating func object(_ depth: Int) throws(AuditProblem) -> [(key: String, value: Element)] {
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

  private mutating func list(_ depth: Int) throws(AuditProblem) -> [Element] {
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

  /// Names are compared, never shown as anything else: `\u` escapes outside the basic plane become U+FFFD.
  private mutating func string() throws(AuditProblem) -> String {
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
          guard index + 4 <= bytes.count,
            let code = UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
          else { throw problem("four hexadecimal digits were expected here") }
          index += 4
          out.append(contentsOf: String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")).utf8)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(escape)
        default: throw problem("an unknown escape")
        }
      case 0x00...0x1F: throw problem("a control character in a text")
      default: out.append(byte)
      }
    }
    throw problem("a text that does not end")
  }
}
