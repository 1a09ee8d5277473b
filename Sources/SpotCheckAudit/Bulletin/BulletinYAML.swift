import Yams

/// Reads YAML into nodes with places. Anchors, aliases, tags, duplicate keys and deep nesting are refused: a bulletin
/// needs none of them, and they are how YAML is made to explode.
struct BulletinYAML {
  /// Larger files are refused; the largest honest bulletin has a few hundred lines.
  static let byteLimit = 1 << 20
  /// Values nested deeper are refused; the format needs seven levels.
  static let depthLimit = 16
  /// More problems are not listed.
  static let problemLimit = 50

  private(set) var problems: [AuditProblem] = []
  let lines: [Substring]
  private let text: String

  /// - Throws: ``AuditRefusal`` with every problem found.
  static func read(_ text: String) throws(AuditRefusal) -> (root: BulletinNode, lines: [Substring]) {
    guard text.utf8.count <= byteLimit else {
      throw AuditRefusal("the bulletin is larger than \(byteLimit) bytes; that is no bulletin written by hand")
    }
    var reader = BulletinYAML(text)
    let root = reader.root()
    guard let root, reader.problems.isEmpty else {
      throw AuditRefusal(reader.problems.isEmpty ? [AuditProblem(.document, "the file is empty")] : reader.problems)
    }
    return (root, reader.lines)
  }

  private init(_ text: String) {
    self.text = text
    lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
  }

  private mutating func root() -> BulletinNode? {
    if text.utf8.contains(UInt8(ascii: "&")) {
      // Anchors first, in a copy that has no aliases: Yams hashes the keys of every map, and hashing a key that is an
      // alias of aliases of aliases takes for ever.
      let harmless = String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "*" ? "\u{E000}" : $0 }))
      compose(harmless) { reader, node in reader.refuseAnchors(node, depth: 0) }
      guard problems.isEmpty else { return nil }
    }
    var root: BulletinNode?
    compose(text) { reader, node in root = reader.convert(node, depth: 0) }
    return root
  }

  /// The Yams parser must live while its nodes are looked at: anchors are weak references into it.
  private mutating func compose(_ text: String, _ visit: (inout BulletinYAML, Yams.Node) -> Void) {
    do {
      let parser = try Parser(yaml: text, resolver: .basic, constructor: .default, encoding: .utf8)
      if let root = try parser.singleRoot() { visit(&self, root) }
      withExtendedLifetime(parser) {}
    } catch let error as YamlError {
      add(error)
    } catch {
      problems.append(AuditProblem(.document, "not readable as YAML: \(error)"))
    }
  }

  private mutating func refuseAnchors(_ node: Yams.Node, depth: Int) {
    guard depth <= BulletinYAML.depthLimit else { return }
    if node.anchor != nil { add(node.mark, "anchors and aliases (& and *) are not allowed here; write the value out") }
    switch node {
    case .mapping(let mapping):
      for (key, value) in mapping {
        refuseAnchors(key, depth: depth + 1)
        refuseAnchors(value, depth: depth + 1)
      }
    case .sequence(let sequence):
      for value in sequence { refuseAnchors(value, depth: depth + 1) }
    case .scalar, .alias: break
    }
  }

  private mutating func convert(_ node: Yams.Node, depth: Int) -> BulletinNode {
    let position = BulletinYAML.position(node.mark) ?? AuditPosition(line: 1, column: 1)
    func make(_ content: BulletinNode.Content) -> BulletinNode { BulletinNode(content: content, position: position) }
    guard depth <= BulletinYAML.depthLimit else {
      add(node.mark, "values are nested deeper than \(BulletinYAML.depthLimit) levels")
      return make(.scalar("", isPlain: true))
    }
    checkTag(node)
    switch node {
    case .scalar(let scalar):
      return make(.scalar(scalar.string, isPlain: scalar.style == .plain || scalar.style == .any))
    case .sequence(let sequence):
      return make(.list(sequence.map { convert($0, depth: depth + 1) }))
    case .mapping(let mapping):
      var entries: [BulletinEntry] = []
      for (key, value) in mapping {
        guard case .scalar(let name) = key else {
          add(key.mark, "a key must be a text")
          continue
        }
        entries.append(
          BulletinEntry(
            key: name.string, position: BulletinYAML.position(key.mark) ?? position,
            value: convert(value, depth: depth + 1)))
      }
      return make(.map(entries))
    case .alias:
      add(node.mark, "anchors and aliases (& and *) are not allowed here; write the value out")
      return make(.scalar("", isPlain: true))
    }
  }

  private mutating func checkTag(_ node: Yams.Node) {
    switch node.tag.description {
    case "", "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq": break
    default: add(node.mark, "the tag '\(node.tag.description)' is not allowed here")
    }
  }

  private static func position(_ mark: Mark?) -> AuditPosition? {
    mark.map { AuditPosition(line: $0.line, column: $0.column) }
  }

  private mutating func add(_ mark: Mark?, _ message: String) {
    guard problems.count < BulletinYAML.problemLimit else { return }
    let position = BulletinYAML.position(mark) ?? .document
    let isLine = position.line >= 1 && position.line <= lines.count
    problems.append(AuditProblem(position, message, sourceLine: isLine ? String(lines[position.line - 1]) : ""))
  }

  private mutating func add(_ error: YamlError) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      let isAlias = problem.contains("alias")
      add(mark, isAlias ? "a value that begins with * must be quoted (bare, it is a YAML alias)" : problem)
    case .duplicatedKeysInMapping(let names, let context):
      add(context.mark, "duplicate key '\(names.first ?? "")'")
    case .reader(let problem, _, _, _):
      problems.append(AuditProblem(.document, "not readable as YAML: \(problem)"))
    default:
      problems.append(AuditProblem(.document, "not readable as YAML"))
    }
  }
}
