import SpotCheckModel

/// What a value in YAML may be.
indirect enum KeyKind: Sendable {
  /// Any text that is not empty.
  case text
  /// Any text, the empty one included.
  case anyText
  case boolean
  case integer(ClosedRange<Int>)
  /// A number from 0 to 1.
  case fraction
  /// A number in plain digits, kept exactly.
  case decimal
  /// A day as `2024-03-05`.
  case day
  /// One of these words.
  case word([String])
  case list(KeyKind)
  /// One value, or a list of them.
  case oneOrMany(KeyKind)
  /// Keys of the writer's choice; `keys` names the allowed ones, or is empty.
  case map(keys: [String], KeyKind)
  case block(BlockName)
  /// A text or list of texts is the first, a map of keys the second.
  case shortOrBlock(KeyKind, BlockName)
}

/// The blocks of keys that exist.
enum BlockName: String, Sendable, CaseIterable {
  case pipeline, personal, verdicts, limits, field, step, layout, match, xml, csv, header, row, wide, combined
  case tests, testCase = "case", expect, accounts
  case register, document, target
  case operations, ignoring, budget, gates, gate, codeGate = "code_gate", rowDrop = "row_drop", freshness, hooks
  case polling, health, calendar, calendarYear = "calendar_year"
  case query, queryParameter = "query_parameter", settings
}

/// One key: everything that decoding, schema and documentation know about it.
struct KeyRow: Sendable {
  var name: String
  var kind: KeyKind
  var isRequired: Bool
  /// What holds when the key is absent, in words; empty: nothing.
  var fallback: String
  var english: String
  var chinese: String

  init(
    _ name: String, _ kind: KeyKind, required: Bool = false, default fallback: String = "", _ english: String,
    zh chinese: String
  ) {
    self.name = name
    self.kind = kind
    isRequired = required
    self.fallback = fallback
    self.english = english
    self.chinese = chinese
  }
}

/// A block of keys.
struct KeyBlock: Sendable {
  var name: BlockName
  var title: String
  var titleZh: String
  var rows: [KeyRow]

  var names: [String] { rows.map(\.name) }

  func row(_ name: String) -> KeyRow? { rows.first { $0.name == name } }
}

/// The one description of the YAML's keys. Strict decoding comes from it, and of what stands beside pipelines also
/// `schema.json` and the reference page.
enum KeyTable {
  static let blocks: [KeyBlock] = pipelineBlocks + layoutBlocks + testBlocks + targetBlocks

  private static let byName: [BlockName: KeyBlock] = Dictionary(
    (blocks + operationBlocks + queryBlocks + settingBlocks).map { ($0.name, $0) },
    uniquingKeysWith: { first, _ in first })

  static func block(_ name: BlockName) -> KeyBlock {
    byName[name] ?? KeyBlock(name: name, title: "", titleZh: "", rows: [])
  }
}
