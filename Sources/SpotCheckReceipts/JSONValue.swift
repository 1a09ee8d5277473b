import SpotCheckModel

/// JSON with its keys in the order given, for files that people read too.
indirect enum JSONValue {
  case text(String)
  case integer(Int64)
  /// A number that is already text.
  case number(String)
  case boolean(Bool)
  case null
  case list([JSONValue])
  case object([(key: String, value: JSONValue)])

  static func integer(_ number: Int) -> JSONValue { .integer(Int64(number)) }
  static func text(_ text: String?) -> JSONValue { text.map { .text($0) } ?? .null }
  static func integer(_ number: Int64?) -> JSONValue { number.map { .integer($0) } ?? .null }
  static func counts(_ counts: [String: Int]) -> JSONValue {
    .object(counts.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })
  }

  /// One line, no line break at its end.
  var line: [UInt8] {
    var out: [UInt8] = []
    append(to: &out)
    return out
  }

  /// Indented by two, with a line break at its end.
  var file: [UInt8] {
    var out: [UInt8] = []
    append(to: &out, indent: 0)
    out.append(0x0A)
    return out
  }

  private func append(to out: inout [UInt8]) {
    switch self {
    case .text(let text): JSONText.append(text, to: &out)
    case .integer(let number): out.append(contentsOf: String(number).utf8)
    case .number(let text): out.append(contentsOf: text.utf8)
    case .boolean(let flag): out.append(contentsOf: (flag ? "true" : "false").utf8)
    case .null: out.append(contentsOf: "null".utf8)
    case .list(let values):
      out.append(0x5B)
      for (index, value) in values.enumerated() {
        if index > 0 { out.append(0x2C) }
        value.append(to: &out)
      }
      out.append(0x5D)
    case .object(let pairs):
      out.append(0x7B)
      for (index, pair) in pairs.enumerated() {
        if index > 0 { out.append(0x2C) }
        JSONText.append(pair.key, to: &out)
        out.append(0x3A)
        pair.value.append(to: &out)
      }
      out.append(0x7D)
    }
  }

  private func append(to out: inout [UInt8], indent: Int) {
    func newLine(_ depth: Int) {
      out.append(0x0A)
      out.append(contentsOf: repeatElement(0x20, count: depth * 2))
    }
    switch self {
    case .list(let values) where !values.isEmpty:
      out.append(0x5B)
      for (index, value) in values.enumerated() {
        if index > 0 { out.append(0x2C) }
        newLine(indent + 1)
        value.append(to: &out, indent: indent + 1)
      }
      newLine(indent)
      out.append(0x5D)
    case .object(let pairs) where !pairs.isEmpty:
      out.append(0x7B)
      for (index, pair) in pairs.enumerated() {
        if index > 0 { out.append(0x2C) }
        newLine(indent + 1)
        JSONText.append(pair.key, to: &out)
        out.append(contentsOf: [0x3A, 0x20])
        pair.value.append(to: &out, indent: indent + 1)
      }
      newLine(indent)
      out.append(0x7D)
    default: append(to: &out)
    }
  }
}
