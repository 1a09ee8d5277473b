import Yams

/// A YAML file as written: every key and value with its place. What it means is none of its business.
public struct PipelineDocument: Sendable {
  /// One value.
  public struct Node: Sendable {
    public indirect enum Content: Sendable {
      /// A text, and whether it stood without quotes (then `true`, `12` and nothing may be meant otherwise).
      case scalar(String, plain: Bool)
      case list([Node])
      case map([Entry])
    }
    public var content: Content
    public var line: Int
    public var column: Int

    /// The text of a scalar.
    public var text: String? {
      if case .scalar(let text, _) = content { return text }
      return nil
    }

    /// A key without a value.
    var isNothing: Bool {
      if case .scalar(let text, true) = content { return text.isEmpty || text == "~" || text == "null" }
      return false
    }

    /// What stands here, for messages.
    var kindName: String {
      switch content {
      case .scalar: isNothing ? "nothing" : "a text"
      case .list: "a list"
      case .map: "a map of keys"
      }
    }

    /// Scalars to mark with carets.
    var length: Int {
      guard case .scalar(let text, let plain) = content, !text.contains("\n") else { return 1 }
      return max(1, text.unicodeScalars.count + (plain ? 0 : 2))
    }
  }

  public struct Entry: Sendable {
    public var key: String
    public var line: Int
    public var column: Int
    public var value: Node
  }

  public var file: String
  public var root: Node
  public var lines: [String]

  /// Larger files are refused: the largest honest pipeline has a few hundred lines.
  public static let byteLimit = 4 << 20
  /// Values nested deeper are refused.
  public static let depthLimit = 40

  /// Reads YAML text. On failure the document is nil; problems may also come with a document (duplicate keys).
  public static func read(_ bytes: [UInt8], file: String) -> (document: PipelineDocument?, problems: [PipelineProblem])
  {
    guard bytes.count <= byteLimit else {
      return (nil, [PipelineProblem(file: file, "the file is larger than \(byteLimit) bytes")])
    }
    let withoutMark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard let text = String(validating: withoutMark, as: UTF8.self) else {
      let line = 1 + validPrefix(withoutMark).reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
      return (nil, [PipelineProblem(file: file, line: line, "the file is not valid UTF-8")])
    }
    var reader = DocumentReader(file: file, text: text)
    let document = reader.read()
    return (document, reader.problems)
  }

  private static func validPrefix(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var end = 0
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { end += UTF8.width(scalar) }
    return bytes[..<min(end, bytes.count)]
  }

  /// A problem at a place of this file.
  public func problem(
    _ severity: PipelineProblem.Severity = .error, line: Int, column: Int, length: Int = 1, _ message: String
  ) -> PipelineProblem {
    PipelineProblem(
      severity, file: file, line: line, column: column, length: length, message,
      sourceLine: line >= 1 && line <= lines.count ? lines[line - 1] : "")
  }

  public func problem(_ severity: PipelineProblem.Severity = .error, at node: Node, _ message: String)
    -> PipelineProblem
  {
    problem(severity, line: node.line, column: node.column, length: node.length, message)
  }

  public func problem(_ severity: PipelineProblem.Severity = .error, key entry: Entry, _ message: String)
    -> PipelineProblem
  {
    problem(
      severity, line: entry.line, column: entry.column, length: entry.key.unicodeScalars.count, message)
  }
}

extension PipelineDocument.Node {
  /// The entries of a map, or none.
  public var entries: [PipelineDocument.Entry] {
    if case .map(let entries) = content { return entries }
    return []
  }

  /// The elements of a list; anything else is a list of one.
  public var elements: [PipelineDocument.Node] {
    if case .list(let elements) = content { return elements }
    return [self]
  }

  public func entry(_ key: String) -> PipelineDocument.Entry? { entries.first { $0.key == key } }

  public subscript(_ key: String) -> PipelineDocument.Node? { entry(key)?.value }
}

/// Turns Yams' nodes into ours; refuses anchors, aliases, tags, duplicate keys and bottomless nesting.
private struct DocumentReader {
  let file: String
  let text: String
  var lines: [String]
  var problems: [PipelineProblem] = []

  init(file: String, text: String) {
    self.file = file
    self.text = text
    lines = DocumentReader.lines(of: text)
  }

  /// Ended by a line feed, a carriage return or both. By bytes: characters are slow to find, and no line end is a part of one.
  private static func lines(of text: String) -> [String] {
    let bytes = text.utf8
    var lines: [String] = []
    var start = bytes.startIndex
    var index = start
    while index < bytes.endIndex {
      let end = index
      let byte = bytes[index]
      bytes.formIndex(after: &index)
      guard byte == 0x0A || byte == 0x0D else { continue }
      if byte == 0x0D, index < bytes.endIndex, bytes[index] == 0x0A { bytes.formIndex(after: &index) }
      lines.append(String(text[start..<end]))
      start = index
    }
    lines.append(String(text[start...]))
    return lines
  }

  mutating func read() -> PipelineDocument? {
    if text.utf8.contains(UInt8(ascii: "&")) {
      // Anchors first, in a copy that has no aliases: Yams hashes the keys of every map, and hashing a key that is
      // an alias of aliases of aliases takes for ever.
      let harmless = String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "*" ? "\u{E000}" : $0 }))
      guard compose(harmless, { reader, node in reader.refuseAnchors(node, depth: 0) }) else { return nil }
      guard problems.isEmpty else { return nil }
    }
    var root: PipelineDocument.Node?
    guard compose(text, { reader, node in root = reader.convert(node, depth: 0) }) else { return nil }
    guard let root else {
      if problems.isEmpty { problems.append(PipelineProblem(file: file, "the file is empty")) }
      return nil
    }
    return PipelineDocument(file: file, root: root, lines: lines)
  }

  /// The Yams parser must live while its nodes are looked at: anchors are weak references into it.
  private mutating func compose(_ text: String, _ visit: (inout DocumentReader, Yams.Node) -> Void) -> Bool {
    do {
      let parser = try Parser(yaml: text, resolver: .basic, constructor: .default, encoding: .utf8)
      let root = try parser.singleRoot()
      if let root { visit(&self, root) }
      withExtendedLifetime(parser) {}
      return true
    } catch let error as YamlError {
      problems.append(translate(error))
    } catch {
      problems.append(PipelineProblem(file: file, "not readable as YAML: \(error)"))
    }
    return false
  }

  private mutating func refuseAnchors(_ node: Yams.Node, depth: Int) {
    guard depth <= PipelineDocument.depthLimit else { return }
    if node.anchor != nil {
      add(node.mark, "anchors and aliases (& and *) are not allowed here; write the value out")
    }
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

  private mutating func convert(_ node: Yams.Node, depth: Int) -> PipelineDocument.Node {
    let line = node.mark?.line ?? 1
    let column = node.mark?.column ?? 1
    func make(_ content: PipelineDocument.Node.Content) -> PipelineDocument.Node {
      PipelineDocument.Node(content: content, line: line, column: column)
    }
    guard depth <= PipelineDocument.depthLimit else {
      add(node.mark, "values are nested deeper than \(PipelineDocument.depthLimit) levels")
      return make(.scalar("", plain: true))
    }
    switch node {
    case .scalar(let scalar):
      checkTag(scalar.tag, node.mark)
      return make(.scalar(scalar.string, plain: scalar.style == .plain || scalar.style == .any))
    case .sequence(let sequence):
      checkTag(sequence.tag, node.mark)
      var elements: [PipelineDocument.Node] = []
      for value in sequence { elements.append(convert(value, depth: depth + 1)) }
      return make(.list(elements))
    case .mapping(let mapping):
      checkTag(mapping.tag, node.mark)
      var entries: [PipelineDocument.Entry] = []
      for (key, value) in mapping {
        guard case .scalar(let name) = key else {
          add(key.mark, "a key must be a text")
          continue
        }
        entries.append(
          PipelineDocument.Entry(
            key: name.string, line: key.mark?.line ?? line, column: key.mark?.column ?? column,
            value: convert(value, depth: depth + 1)))
      }
      return make(.map(entries))
    case .alias:
      add(node.mark, "anchors and aliases (& and *) are not allowed here; write the value out")
      return make(.scalar("", plain: true))
    }
  }

  private mutating func checkTag(_ tag: Tag, _ mark: Mark?) {
    switch tag.description {
    case "", "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq": break
    default: add(mark, "the tag '\(tag.description)' is not allowed here")
    }
  }

  private mutating func add(_ mark: Mark?, _ message: String) {
    problems.append(make(mark, message))
  }

  private func make(_ mark: Mark?, length: Int = 1, _ message: String) -> PipelineProblem {
    make(line: mark?.line ?? 0, column: mark?.column ?? 0, length: length, message)
  }

  private func make(line: Int, column: Int, length: Int, _ message: String) -> PipelineProblem {
    PipelineProblem(
      file: file, line: line, column: column, length: length, message,
      sourceLine: line >= 1 && line <= lines.count ? lines[line - 1] : "")
  }

  private func translate(_ error: YamlError) -> PipelineProblem {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      if problem.contains("undefined alias") || context?.text.contains("scanning an alias") == true {
        return make(context?.mark ?? mark, "a value that begins with * must be quoted (bare, it is a YAML alias)")
      }
      let whole = context.map { " " + $0.text + " (line \($0.mark.line))" } ?? ""
      return make(mark, problem + whole)
    case .duplicatedKeysInMapping(let names, let context):
      let name = names.first ?? ""
      return make(
        line: secondLine(of: name, after: context.mark) ?? context.mark.line, column: context.mark.column,
        length: name.unicodeScalars.count,
        "duplicate key '\(name)' (first on line \(context.mark.line))")
    case .reader(let problem, _, _, _):
      return PipelineProblem(file: file, "not readable as YAML: \(problem)")
    default:
      return PipelineProblem(file: file, "not readable as YAML")
    }
  }

  /// Yams says where the first of two equal keys is; people want to see the second. Block style: the next line
  /// with the key in the same column.
  private func secondLine(of name: String, after mark: Mark) -> Int? {
    let key = Array(name.unicodeScalars)
    let column = max(0, mark.column - 1)
    for (index, line) in lines.enumerated().dropFirst(max(0, mark.line)) {
      let scalars = Array(line.unicodeScalars)
      guard scalars.count > column + key.count, scalars[..<column].allSatisfy({ $0 == " " || $0 == "-" }) else {
        continue
      }
      for quote in [0, 1] where scalars[min(column + quote, scalars.count)...].starts(with: key) {
        let rest = scalars[min(column + quote * 2 + key.count, scalars.count)...].drop { $0 == " " }
        if rest.first == ":" { return index + 1 }
      }
    }
    return nil
  }
}
