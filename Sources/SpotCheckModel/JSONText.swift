/// Writes JSON text as bytes: for output that must be fast, deterministic and free of Foundation.
public enum JSONText {
  /// Appends a JSON string with quotes. Control characters are escaped (RFC 8259, 7); invalid UTF-8 must not occur.
  public static func append(_ text: Span<UInt8>, to out: inout [UInt8]) {
    out.append(0x22)
    for index in 0..<text.count { appendEscaped(text[index], to: &out) }
    out.append(0x22)
  }

  public static func append(_ text: String, to out: inout [UInt8]) {
    out.append(0x22)
    for byte in text.utf8 { appendEscaped(byte, to: &out) }
    out.append(0x22)
  }

  /// The text as a JSON string.
  public static func quoted(_ text: String) -> String {
    var out: [UInt8] = []
    append(text, to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  private static let quote = UInt8(ascii: "\"")
  private static let backslash = UInt8(ascii: "\\")

  /// How deep arrays and objects nest in a text, well-formed or not: for refusing what a parser would choke on.
  public static func nesting(of text: Span<UInt8>) -> Int {
    var (depth, deepest) = (0, 0)
    var index = 0
    while index < text.count {
      let byte = text[index]
      index += 1
      switch byte {
      case quote:
        while index < text.count, text[index] != quote { index += text[index] == backslash ? 2 : 1 }
        index += 1
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        deepest = max(deepest, depth)
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      default: break
      }
    }
    return deepest
  }

  @inlinable
  static func appendEscaped(_ byte: UInt8, to out: inout [UInt8]) {
    switch byte {
    case 0x22, 0x5C:
      out.append(0x5C)
      out.append(byte)
    case 0x0A:
      out.append(0x5C)
      out.append(0x6E)
    case 0x0D:
      out.append(0x5C)
      out.append(0x72)
    case 0x09:
      out.append(0x5C)
      out.append(0x74)
    case 0x00...0x1F, 0x7F:
      let digits: StaticHex = StaticHex(byte)
      out.append(contentsOf: [0x5C, 0x75, 0x30, 0x30, digits.high, digits.low])
    default: out.append(byte)
    }
  }
}

@usableFromInline
struct StaticHex {
  @usableFromInline var high: UInt8
  @usableFromInline var low: UInt8
  @usableFromInline
  init(_ byte: UInt8) {
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
    high = digit(byte >> 4)
    low = digit(byte & 15)
  }
}

extension Diagnostic {
  /// One JSON object: code, severity, place, message in both languages, raw text, remedy.
  public func json(file: String? = nil) -> String {
    var parts = ["\"code\":" + JSONText.quoted(code.rawValue), "\"severity\":" + JSONText.quoted(severity.rawValue)]
    if let file { parts.append("\"file\":" + JSONText.quoted(file)) }
    parts.append("\"line\":\(position.line)")
    parts.append("\"byte\":\(position.byteOffset)")
    if let field = position.field { parts.append("\"field\":\(field)") }
    if let name = position.fieldName { parts.append("\"field_name\":" + JSONText.quoted(name)) }
    parts.append("\"message\":" + JSONText.quoted(message.isEmpty ? code.text.title : message))
    parts.append("\"message_zh\":" + JSONText.quoted(messageZh.isEmpty ? code.text.titleZh : messageZh))
    parts.append("\"remedy\":" + JSONText.quoted(code.text.remedy))
    parts.append("\"remedy_zh\":" + JSONText.quoted(code.text.remedyZh))
    if !rawText.isEmpty { parts.append("\"raw\":" + JSONText.quoted(rawText)) }
    return "{" + parts.joined(separator: ",") + "}"
  }
}
