/// Builds one JSON object, fields in the order given.
public struct JSONObject: Sendable {
  private var bytes: [UInt8] = [UInt8(ascii: "{")]

  public init() {}

  public mutating func set(_ name: String, _ value: String) {
    begin(name)
    JSONText.append(value, to: &bytes)
  }

  public mutating func set(_ name: String, _ value: Int) { set(name, json: String(value)) }
  public mutating func set(_ name: String, _ value: Int64) { set(name, json: String(value)) }
  public mutating func set(_ name: String, _ value: Bool) { set(name, json: value ? "true" : "false") }

  /// A value that is JSON already.
  public mutating func set(_ name: String, json: String) {
    begin(name)
    bytes.append(contentsOf: json.utf8)
  }

  public var text: String { String(decoding: bytes, as: UTF8.self) + "}" }

  private mutating func begin(_ name: String) {
    if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
    JSONText.append(name, to: &bytes)
    bytes.append(UInt8(ascii: ":"))
  }
}
