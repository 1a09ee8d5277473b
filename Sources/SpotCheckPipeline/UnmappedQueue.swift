public import SpotCheckCatalogue
import SpotCheckCuration
public import SpotCheckModel
public import SpotCheckStore

/// The delivered texts that are in no code table: what somebody has to look at.
public struct UnmappedQueue: Sendable {
  public struct Entry: Sendable, Hashable {
    public var table: String
    public var text: String
    /// How often it was met.
    public var count = 0
    /// Files that it was met in.
    public var files = 0
    /// A file with it, and the line of a sample that counts; 0: there is none.
    public var exampleFile = ""
    public var exampleLine = 0
    public var suggestions: [Suggestion] = []
  }

  /// A code that the text may mean.
  public struct Suggestion: Sendable, Hashable {
    public var code: String
    public var name: String
    /// The spelling that resembles the text.
    public var spelling: String
  }

  /// By table, the most frequent first.
  public private(set) var entries: [Entry] = []

  /// Most suggestions for a text.
  private static let suggestionLimit = 3

  /// - Parameter tables: the present ones, for suggestions; and what has a meaning in them is left out.
  /// - Throws: ``CatalogueError``, ``StoreError``.
  public init(layout: StoreLayout, catalogue: Catalogue, tables: [String: CodeTable]) throws {
    var found: [UnmappedText: Entry] = [:]
    let names = Dictionary(uniqueKeysWithValues: try catalogue.batches().map { ($0.id, $0.record.name) })
    for (batch, record) in try catalogue.unmapped() {
      switch tables[record.table]?.resolve(record.text, on: nil) {
      // Somebody has mapped it already; a replay takes it out of the batches.
      case .code, .retired: continue
      default: break
      }
      let key = UnmappedText(table: record.table, text: record.text)
      var entry = found[key] ?? Entry(table: record.table, text: record.text)
      entry.count += record.count
      entry.files += 1
      if entry.exampleFile.isEmpty { entry.exampleFile = names[batch] ?? "" }
      found[key] = entry
    }
    try UnmappedQueue.findExamples(&found, layout, catalogue)
    for key in found.keys {
      guard let table = tables[key.table] else { continue }
      found[key]?.suggestions = UnmappedQueue.suggestions(key.text, in: table)
    }
    entries = found.values.sorted {
      ($0.table, -$0.count, $0.text) < ($1.table, -$1.count, $1.text)
    }
  }

  /// The columns in which texts of a table are kept as delivered.
  private static let columns: [(table: String, code: SampleText, text: SampleText)] = [
    ("categories", .category, .categoryText), ("districts", .unitDistrict, .unitDistrictText),
    ("districts", .producerDistrict, .producerDistrictText),
  ]

  /// The first counting sample with each text.
  private static func findExamples(
    _ found: inout [UnmappedText: Entry], _ layout: StoreLayout, _ catalogue: Catalogue
  ) throws {
    var missing = Set(found.keys.filter { key in columns.contains { $0.table == key.table } })
    let state = try StoreState(catalogue, at: try catalogue.latestSnapshot())
    var files: [String: String] = [:]
    for stored in state.segments where !missing.isEmpty {
      let segment = try Segment(try SegmentDescription(record: stored.record), in: layout)
      let closed = state.closed[stored.record.id]
      for column in columns {
        let texts = try segment.dictionary(of: column.text)
        let wanted = texts.map { missing.contains(UnmappedText(table: column.table, text: $0)) }
        guard wanted.contains(true) else { continue }
        let codes = try segment.codes(of: column.text)
        for row in codes.indices where wanted[Int(codes[row])] && closed[UInt32(row)] == nil {
          let key = UnmappedText(table: column.table, text: texts[Int(codes[row])])
          guard missing.remove(key) != nil else { continue }
          let file = try segment.text(.batch, row: row)
          if files[file] == nil { files[file] = try catalogue.acceptedBatch(fileDigest: file)?.record.name ?? file }
          found[key]?.exampleFile = files[file] ?? ""
          found[key]?.exampleLine = try segment.line(row).line
        }
      }
    }
  }

  /// Codes with a spelling that contains the text, is contained in it, or differs in few letters; the nearest first.
  static func suggestions(_ text: String, in table: CodeTable) -> [Suggestion] {
    let wanted = Array(CodeTable.normalise(text).unicodeScalars)
    guard !wanted.isEmpty, wanted.count <= 200 else { return [] }
    var best: [(distance: Int, suggestion: Suggestion)] = []
    for entry in table.entries {
      var nearest: (distance: Int, spelling: String)?
      for spelling in [entry.name] + entry.aliases {
        let letters = Array(CodeTable.normalise(spelling).unicodeScalars)
        guard !letters.isEmpty, letters.count <= 200 else { continue }
        guard let distance = distance(wanted, letters) else { continue }
        if distance < nearest?.distance ?? .max { nearest = (distance, spelling) }
      }
      guard let nearest else { continue }
      best.append(
        (nearest.distance, Suggestion(code: entry.code, name: entry.name, spelling: nearest.spelling)))
    }
    best.sort { ($0.distance, $0.suggestion.code) < ($1.distance, $1.suggestion.code) }
    var seen: Set<String> = []
    return best.map(\.suggestion).filter { seen.insert($0.code).inserted }.prefix(suggestionLimit).map { $0 }
  }

  /// Twice the edits, or the letters that one has more than the other if it holds it; nil: too far apart.
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int? {
    let (short, long) = left.count <= right.count ? (left, right) : (right, left)
    if short.count >= 2, long.count >= short.count,
      (0...long.count - short.count).contains(where: { Array(long[$0..<$0 + short.count]) == short })
    {
      return long.count - short.count
    }
    let allowed = max(1, left.count / 3)
    guard long.count - short.count <= allowed, left.count > 1 else { return nil }
    let edits = NearestWord.distance(left, right)
    return edits <= allowed ? edits * 2 : nil
  }
}
