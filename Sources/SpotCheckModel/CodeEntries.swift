import Synchronization

/// Where the entries of a table lie that need not all be read.
public protocol CodeEntrySource: Sendable {
  /// Those of a code, in their order.
  func entries(of code: String) -> [CodeEntry]
  /// All of them. They need not be asked for twice.
  func allEntries() -> [CodeEntry]
}

/// The entries of a code table, found by code and by text.
struct CodeEntries: Sendable {
  let list: [CodeEntry]
  /// The first entry of each code, and the next of the same code behind each entry; -1 behind the last.
  private var firstOfCode: [String: Int] = [:]
  private var nextOfCode: [Int]
  private let texts: TextIndex

  /// - Parameter resolves: see ``CodeTable/init(name:entries:resolves:)``.
  init(_ list: [CodeEntry], resolves: Bool) {
    self.list = list
    firstOfCode.reserveCapacity(list.count)
    nextOfCode = Array(repeating: -1, count: list.count)
    // From the end, so that each is put in front of those behind it.
    for index in list.indices.reversed() {
      if let later = firstOfCode.updateValue(index, forKey: list[index].code) { nextOfCode[index] = later }
    }
    texts = resolves ? .made(TextIndex.index(list)) : .deferred(DeferredIndex(list))
  }

  /// The entries of a code, in their order.
  func of(_ code: String) -> [CodeEntry] {
    var found: [CodeEntry] = []
    var index = firstOfCode[code] ?? -1
    while index >= 0 {
      found.append(list[index])
      index = nextOfCode[index]
    }
    return found
  }

  func resolve(_ text: String, on day: CalendarDay?) -> CodeResolution {
    let key = CodeTable.normalise(text)
    guard !key.isEmpty, let indices = texts[key] else { return .unknown }
    let valid = Set(indices.filter { list[$0].isValid(on: day) }.map { list[$0].code })
    if valid.count == 1, let code = valid.first { return .code(code) }
    if valid.count > 1 { return .ambiguous(valid.sorted()) }
    let all = Set(indices.map { list[$0].code })
    if all.count == 1, let code = all.first { return .retired(code) }
    // Several retired codes: the one that was in use last before the day.
    let latest = indices.max { (list[$0].validTo ?? .distantFuture) < (list[$1].validTo ?? .distantFuture) }
    return latest.map { .retired(list[$0].code) } ?? .unknown
  }

  /// Entries by their texts, made at once or when first needed.
  private enum TextIndex: Sendable {
    case made([String: [Int]])
    case deferred(DeferredIndex)

    subscript(_ key: String) -> [Int]? {
      switch self {
      case .made(let index): index[key]
      case .deferred(let index): index[key]
      }
    }

    static func index(_ entries: [CodeEntry]) -> [String: [Int]] {
      var byText = [String: [Int]](minimumCapacity: 2 * entries.count)
      for (index, entry) in entries.enumerated() {
        for text in [entry.code, entry.name] + entry.aliases {
          let key = CodeTable.normalise(text)
          // Entries come in order, so that this one's own number would be the last.
          if !key.isEmpty, byText[key]?.last != index { byText[key, default: []].append(index) }
        }
      }
      return byText
    }
  }

  private final class DeferredIndex: Sendable {
    private let entries: [CodeEntry]
    private let made = Mutex<[String: [Int]]?>(nil)

    init(_ entries: [CodeEntry]) { self.entries = entries }

    subscript(_ key: String) -> [Int]? {
      made.withLock { made in
        let index = made ?? TextIndex.index(entries)
        made = index
        return index[key]
      }
    }
  }
}

/// Entries that are read when somebody asks for more than those of a code.
final class UnreadCodeEntries: Sendable {
  private let source: any CodeEntrySource
  private let read = Mutex<CodeEntries?>(nil)

  init(_ source: some CodeEntrySource) { self.source = source }

  var all: CodeEntries {
    read.withLock { read in
      let entries = read ?? CodeEntries(source.allEntries(), resolves: false)
      read = entries
      return entries
    }
  }

  /// Who asks for more codes than this reads the whole: then each costs a look into an index.
  private static let mostAsked = 64
  private let asked = Mutex<[String: [CodeEntry]]>([:])

  func of(_ code: String) -> [CodeEntry] {
    if let read = read.withLock({ $0 }) { return read.of(code) }
    // Unicode calls other texts equal that are not the same bytes; the source may not.
    guard code.utf8.allSatisfy({ $0 < 0x80 }) else { return source.entries(of: code) }
    let known = asked.withLock { asked in (entries: asked[code], isFull: asked.count >= UnreadCodeEntries.mostAsked) }
    if let entries = known.entries { return entries }
    if known.isFull { return all.of(code) }
    let entries = source.entries(of: code)
    asked.withLock { $0[code] = entries }
    return entries
  }
}
