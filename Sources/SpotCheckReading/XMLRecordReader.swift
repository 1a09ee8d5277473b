// UNSAFE FILE: reaches the parser's state through its pointer, which lives as long as the parser that it is asked
// from.

public import SpotCheckModel

/// Reads records from an XML document of any size in bounded memory.
///
///     <报告集 版本="2">                    column names of a record at /报告集/样品, items at 项目:
///       <机构>省检测院</机构>                ../@版本, ../机构
///       <样品 编号="A-1">                   @编号
///         <名称>大米</名称>                  名称
///         <项目><名>铅</名></项目>            名          (item row, relative to the item)
///       </样品>
///     </报告集>
///
/// - A record is one ``RowKind/record`` row, followed by one ``RowKind/item`` row for each of its items, all in one
///   chunk. Values of elements above the record that stand before it in open elements come with every record.
/// - Values are attributes and the text of elements: a leaf's text exactly as it stands (even blank), an element with
///   children only its own text, without the white space between elements. Namespace declarations are no values.
/// - ``Cell/source`` is the place of the start tag that the value belongs to; ``Cell/column`` an index into
///   ``columnNames``, which grows as new paths appear. Rows keep no raw text (`rawLength` 0).
/// - A problem ends the document with one fatal diagnostic. Records before it have been delivered, the one it is in
///   has not. Rows that decoding has damaged are marked so.
///
/// Nothing depends on how the payload is cut into blocks.
public struct XMLRecordReader: ~Copyable {
  private var text: TextStream
  private var parser: XMLPushParser
  private var hasBegun = false
  private var hasEnded = false
  private var diagnostics: [Diagnostic] = []

  /// - Parameters:
  ///   - text: the payload; an encoding label in the XML declaration is passed on to it.
  public init(_ text: consuming TextStream, options: XMLReadingOptions = .init(), limits: ReadingLimits = .init()) {
    self.init(text, options: options, limits: limits, plainStretch: XMLPlainReader.stretchBytes)
  }

  /// - Parameter plainStretch: bytes that the plain reader looks at in one go; 0 leaves everything to libxml2. Nothing
  ///   that is delivered depends on it: that is tested.
  package init(_ text: consuming TextStream, options: XMLReadingOptions, limits: ReadingLimits, plainStretch: Int) {
    self.text = text
    parser = XMLPushParser(options: options, limits: limits, plainStretch: plainStretch)
  }

  /// Path names of the columns met so far: `名称`, `@编号`, `a/b`, `a/@unit`, `.`, `../机构`.
  public var columnNames: [String] { parser.state.pointee.builder.paths.columnNames }

  /// A fatal diagnostic has ended the document, here or in the stages below.
  public var hasFailed: Bool { parser.hasFailed || text.hasFailed }

  /// The root element as `name` or `{namespace}name`; empty before it was seen.
  public var rootName: String { parser.state.pointee.builder.rootName }

  /// The character set decided on; nil as long as there was only ASCII.
  public var encoding: TextEncoding? { text.encoding }

  /// Bytes of the file, and of the payload, read so far.
  public var rawBytes: Int { text.rawBytes }
  public var payloadBytes: Int { text.payloadBytes }

  /// Fills the chunk with the next records; false at the end (the chunk is empty then).
  public mutating func next(into chunk: inout RecordChunk) throws -> Bool {
    let state = parser.state
    while !state.pointee.builder.handOver(to: &chunk) {
      if hasEnded {
        chunk.removeAll()
        return false
      }
      try advance()
    }
    return true
  }

  /// The diagnostics since the last call, those of the stages below first.
  public mutating func takeDiagnostics() -> [Diagnostic] {
    defer { diagnostics = [] }
    return text.takeDiagnostics() + diagnostics
  }

  /// Reads the rest of the file without parsing it: for digests, and to verify a gzip to its last byte.
  public mutating func drain() throws { try text.drain() }

  /// Reads and parses one more piece of text.
  private mutating func advance() throws {
    let state = parser.state
    if !hasBegun {
      hasBegun = true
      let head = try text.head()
      if let label = XMLDeclaration.sniff(head)?.label { text.declare(label) }
    }
    let isMore = try text.append(to: &state.pointee.builder.block)
    if isMore || !text.hasFailed { parser.parse(atEnd: !isMore) } else { parser.breakOff() }
    if let problem = parser.diagnostic() {
      diagnostics.append(problem)
      hasEnded = true
    }
    if !isMore { hasEnded = true }
    if hasEnded { parser.close() }
  }
}
