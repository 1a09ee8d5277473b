import Foundation

/// As much of JSON Schema as `receipt.schema.json` uses; what it does not know is a fault, not a pass.
struct SmallSchema {
  private let root: [String: Any]
  private static let known: Set<String> = [
    "$schema", "title", "description", "type", "const", "enum", "minimum", "pattern", "additionalProperties",
    "required",
    "properties", "items",
  ]

  init(_ data: Data) throws {
    root = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  /// What is wrong with the value; empty if nothing.
  func faults(_ data: Data) throws -> [String] {
    SmallSchema.check(try JSONSerialization.jsonObject(with: data, options: [.fragmentsAllowed]), root, "$")
  }

  private static func check(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    var faults = schema.keys.filter { !known.contains($0) }.map { "\(path): the schema uses '\($0)'" }
    if let type = schema["type"] {
      let wanted = type as? [String] ?? [type as? String ?? "?"]
      if !wanted.contains(name(value)) { return faults + ["\(path): \(name(value)), not \(wanted)"] }
    }
    if let const = schema["const"] as? NSObject, const != value as? NSObject { faults.append("\(path): not \(const)") }
    if let words = schema["enum"] as? [String], !words.contains(value as? String ?? "") {
      faults.append("\(path): not one of \(words)")
    }
    if let least = schema["minimum"] as? Int, let number = value as? Int, number < least {
      faults.append("\(path): below \(least)")
    }
    if let pattern = schema["pattern"] as? String, let text = value as? String,
      text.range(of: pattern, options: .regularExpression) == nil
    {
      faults.append("\(path): '\(text)' does not match")
    }
    if let object = value as? [String: Any] {
      let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
      for key in schema["required"] as? [String] ?? [] where object[key] == nil { faults.append("\(path): no \(key)") }
      for (key, child) in object.sorted(by: { $0.key < $1.key }) {
        if let wanted = properties[key] ?? (schema["additionalProperties"] as? [String: Any]) {
          faults += check(child, wanted, path + "." + key)
        } else {
          faults.append("\(path): unknown key \(key)")
        }
      }
    }
    if let list = value as? [Any], let items = schema["items"] as? [String: Any] {
      for (index, child) in list.enumerated() { faults += check(child, items, "\(path)[\(index)]") }
    }
    return faults
  }

  private static func name(_ value: Any) -> String {
    switch value {
    case is NSNull: "null"
    case is String: "string"
    case is [Any]: "array"
    case is [String: Any]: "object"
    case let number as NSNumber where number.doubleValue == number.doubleValue.rounded(): "integer"
    default: "number"
    }
  }
}
