import SpotCheckModel

/// The key table as JSON Schema (draft 2020-12), for editors: `pipelines/schema.json`.
public enum PipelineSchema {
  /// The file's whole text.
  public static func json() -> String {
    let definitions = KeyTable.blocks.map { (key: $0.name.rawValue, value: schema($0)) }
    let root = SchemaText.object([
      ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
      ("title", .text("SpotCheck pipelines, their tests, and the register of targets")),
      ("description", .text("Generated from the key table in Sources/SpotCheckPipeline; do not edit.")),
      ("if", .object([("required", .list([.text("cases")]))])),
      ("then", reference(.tests)),
      (
        "else",
        .object([
          ("if", .object([("required", .list([.text("targets")]))])), ("then", reference(.register)),
          ("else", reference(.pipeline)),
        ])
      ),
      ("$defs", .object(definitions)),
    ])
    return root.text(indent: 0) + "\n"
  }

  private static func schema(_ block: KeyBlock) -> SchemaText {
    var pairs: [(key: String, value: SchemaText)] = [
      ("type", .text("object")), ("description", .text("\(block.title) · \(block.titleZh)")),
      ("additionalProperties", .boolean(false)),
    ]
    let required = block.rows.filter(\.isRequired).map { SchemaText.text($0.name) }
    if !required.isEmpty { pairs.append(("required", .list(required))) }
    pairs.append(("properties", .object(block.rows.map { ($0.name, schema($0)) })))
    return .object(pairs)
  }

  private static func schema(_ row: KeyRow) -> SchemaText {
    var description = row.english + " " + row.chinese
    if !row.fallback.isEmpty { description += " (default: \(row.fallback))" }
    guard case .object(let pairs) = schema(row.kind) else { return .object([]) }
    return .object([("description", .text(description))] + pairs)
  }

  private static func schema(_ kind: KeyKind) -> SchemaText {
    switch kind {
    case .text, .anyText:
      .object([("type", .list([.text("string"), .text("number"), .text("boolean")]))])
    case .boolean: .object([("type", .text("boolean"))])
    case .integer(let range):
      .object([
        ("type", .text("integer")), ("minimum", .number(range.lowerBound)), ("maximum", .number(range.upperBound)),
      ])
    case .decimal: .object([("type", .text("number"))])
    case .day:
      .object([("type", .text("string")), ("pattern", .text(#"^\d{4}-\d{2}-\d{2}$"#))])
    case .fraction: .object([("type", .text("number")), ("minimum", .number(0)), ("maximum", .number(1))])
    case .word(let words): .object([("enum", .list(words.map { .text($0) }))])
    case .list(let element): .object([("type", .text("array")), ("items", schema(element))])
    case .oneOrMany(let element):
      .object([
        ("anyOf", .list([schema(element), .object([("type", .text("array")), ("items", schema(element))])]))
      ])
    case .map(let keys, let value):
      .object(
        [("type", .text("object"))]
          + (keys.isEmpty ? [] : [("propertyNames", .object([("enum", .list(keys.map { .text($0) }))]))])
          + [("additionalProperties", schema(value))])
    case .block(let name): reference(name)
    case .shortOrBlock(let short, let name): .object([("anyOf", .list([schema(short), reference(name)]))])
    }
  }

  private static func reference(_ name: BlockName) -> SchemaText {
    .object([("$ref", .text("#/$defs/\(name.rawValue)"))])
  }
}

/// JSON with its keys in the order given.
indirect enum SchemaText {
  case text(String)
  case number(Int)
  case boolean(Bool)
  case list([SchemaText])
  case object([(key: String, value: SchemaText)])

  func text(indent: Int) -> String {
    let pad = String(repeating: "  ", count: indent + 1)
    let end = "\n" + String(repeating: "  ", count: indent)
    switch self {
    case .text(let text): return JSONText.quoted(text)
    case .number(let number): return String(number)
    case .boolean(let flag): return String(flag)
    case .list(let elements):
      let parts = elements.map { $0.text(indent: indent + 1) }
      let line = "[" + parts.joined(separator: ", ") + "]"
      if !line.contains("\n"), line.unicodeScalars.count + indent * 2 < 100 { return line }
      return "[\n" + parts.map { pad + $0 }.joined(separator: ",\n") + end + "]"
    case .object(let pairs):
      if pairs.isEmpty { return "{}" }
      return "{\n"
        + pairs.map { pad + JSONText.quoted($0.key) + ": " + $0.value.text(indent: indent + 1) }.joined(
          separator: ",\n")
        + end + "}"
    }
  }
}
