import Synchronization

/// One entry of a dated code table: a district, a category, a bureau …
public struct CodeEntry: Sendable, Hashable {
  public var code: String
  public var name: String
  /// Code of the parent, empty at the top.
  public var parent: String
  /// 1 at the top of the tree. A table says what its levels mean.
  public var level: Int
  /// First day on which the code is in use; nil = always.
  public var validFrom: CalendarDay?
  /// First day on which it no longer is; nil = still.
  public var validTo: CalendarDay?
  /// Codes that took its place, oldest step only; chains are followed by ``CodeTable/current(_:)``.
  public var successors: [String]
  /// Other spellings that mean this entry.
  public var aliases: [String]

  public init(
    code: String, name: String, parent: String = "", level: Int = 1, validFrom: CalendarDay? = nil,
    validTo: CalendarDay? = nil, successors: [String] = [], aliases: [String] = []
  ) {
    self.code = code
    self.name = name
    self.parent = parent
    self.level = level
    self.validFrom = validFrom
    self.validTo = validTo
    self.successors = successors
    self.aliases = aliases
  }

  public func isValid(on day: CalendarDay?) -> Bool {
    guard let day else { return validTo == nil }
    return (validFrom.map { $0 <= day } ?? true) && (validTo.map { day < $0 } ?? true)
  }
}

/// What a delivered text means in a code table.
public enum CodeResolution: Sendable, Hashable {
  /// A code in use on the day asked for.
  case code(String)
  /// A code that was not in use on that day, and no other fits.
  case retired(String)
  /// More than one code fits.
  case ambiguous([String])
  case unknown
}

/// A code table with validity dates, parents, successors and aliases.
///
/// Texts are compared after ``CodeTable/normalise(_:)``. A code may have several entries (names over time).
public struct CodeTable: Sendable {
  /// What a row is called whose delivered text is in no table. It stays inside every total.
  public static let unmappedCode = "?"
  public static let unmappedName = "未映射"

  /// `districts`, `categories` …
  public var name: String
  public var entries: [CodeEntry]
  /// The first entry of each code, and the next of the same code behind each entry; -1 behind the last.
  private var firstOfCode: [String: Int] = [:]
  private var nextOfCode: [Int]
  private let texts: TextIndex

  /// - Parameter resolves: texts will be asked for (``resolve(_:on:)``). False: it is seldom, and the index of them is
  ///   made when it first happens.
  public init(name: String, entries: [CodeEntry], resolves: Bool = true) {
    self.name = name
    self.entries = entries
    firstOfCode.reserveCapacity(entries.count)
    nextOfCode = Array(repeating: -1, count: entries.count)
    // From the end, so that each is put in front of those behind it.
    for index in entries.indices.reversed() {
      if let later = firstOfCode.updateValue(index, forKey: entries[index].code) { nextOfCode[index] = later }
    }
    texts = resolves ? .made(TextIndex.index(entries)) : .deferred(DeferredIndex(entries))
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
      var byText: [String: [Int]] = [:]
      for (index, entry) in entries.enumerated() {
        for text in [entry.code, entry.name] + entry.aliases {
          let key = CodeTable.normalise(text)
          if !key.isEmpty, byText[key]?.contains(index) != true { byText[key, default: []].append(index) }
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

  /// The entry of a code; of several, the one valid on `day`, else the newest.
  public func entry(_ code: String, on day: CalendarDay? = nil) -> CodeEntry? {
    let indices = entries(of: code)
    if let match = indices.first(where: { entries[$0].isValid(on: day) }) { return entries[match] }
    return indices.map { entries[$0] }.max { ($0.validTo ?? .distantFuture) < ($1.validTo ?? .distantFuture) }
  }

  /// The entries of a code, in their order.
  private func entries(of code: String) -> [Int] {
    var found: [Int] = []
    var index = firstOfCode[code] ?? -1
    while index >= 0 {
      found.append(index)
      index = nextOfCode[index]
    }
    return found
  }

  public func name(of code: String) -> String? { entry(code)?.name }

  /// What a delivered text means on a day. Nil day = today's map first, then any.
  public func resolve(_ text: String, on day: CalendarDay?) -> CodeResolution {
    let key = CodeTable.normalise(text)
    guard !key.isEmpty, let indices = texts[key] else { return .unknown }
    let valid = Set(indices.filter { entries[$0].isValid(on: day) }.map { entries[$0].code })
    if valid.count == 1, let code = valid.first { return .code(code) }
    if valid.count > 1 { return .ambiguous(valid.sorted()) }
    let all = Set(indices.map { entries[$0].code })
    if all.count == 1, let code = all.first { return .retired(code) }
    // Several retired codes: the one that was in use last before the day.
    let latest = indices.max { (entries[$0].validTo ?? .distantFuture) < (entries[$1].validTo ?? .distantFuture) }
    return latest.map { .retired(entries[$0].code) } ?? .unknown
  }

  /// The codes that stand in the place of a code on today's map, chains followed; the code itself if still in use.
  public func current(_ code: String) -> [String] {
    var result: Set<String> = []
    var pending = [code]
    var seen: Set<String> = []
    while let next = pending.popLast() {
      guard seen.insert(next).inserted else { continue }
      let indices = entries(of: next)
      let living = indices.contains { entries[$0].validTo == nil }
      let following = indices.flatMap { entries[$0].successors }.filter { $0 != next }
      if living || following.isEmpty { result.insert(next) } else { pending.append(contentsOf: following) }
    }
    return result.sorted()
  }

  /// The ancestor of a code at a level (1 = top), or the code itself if it stands at or above that level.
  public func ancestor(of code: String, level: Int) -> String {
    var current = code
    var steps = 0
    while let entry = entry(current), entry.level > level, !entry.parent.isEmpty, steps < 32 {
      current = entry.parent
      steps += 1
    }
    return current
  }
}

extension CalendarDay {
  /// Later than any real day: the end of validity of what is still valid.
  public static let distantFuture = CalendarDay(daysSinceEpoch: Int32.max)
}
