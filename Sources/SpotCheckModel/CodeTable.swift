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
  private let content: Content

  private enum Content: Sendable {
    case known(CodeEntries)
    case unread(UnreadCodeEntries)
  }

  /// - Parameter resolves: texts will be asked for (``resolve(_:on:)``). False: it is seldom, and the index of them is
  ///   made when it first happens.
  public init(name: String, entries: [CodeEntry], resolves: Bool = true) {
    self.name = name
    content = .known(CodeEntries(entries, resolves: resolves))
  }

  /// A table of which nothing is read before it is asked for, and only the entries of a code if no more is.
  public init(name: String, source: some CodeEntrySource) {
    self.name = name
    content = .unread(UnreadCodeEntries(source))
  }

  private var all: CodeEntries {
    switch content {
    case .known(let entries): entries
    case .unread(let unread): unread.all
    }
  }

  public var entries: [CodeEntry] { all.list }

  /// The entries of a code, in their order.
  private func entries(of code: String) -> [CodeEntry] {
    switch content {
    case .known(let entries): entries.of(code)
    case .unread(let unread): unread.of(code)
    }
  }

  /// The entry of a code; of several, the one valid on `day`, else the newest.
  public func entry(_ code: String, on day: CalendarDay? = nil) -> CodeEntry? {
    let entries = entries(of: code)
    return entries.first { $0.isValid(on: day) }
      ?? entries.max { ($0.validTo ?? .distantFuture) < ($1.validTo ?? .distantFuture) }
  }

  public func name(of code: String) -> String? { entry(code)?.name }

  /// What a delivered text means on a day. Nil day = today's map first, then any.
  public func resolve(_ text: String, on day: CalendarDay?) -> CodeResolution { all.resolve(text, on: day) }

  /// The codes that stand in the place of a code on today's map, chains followed; the code itself if still in use.
  public func current(_ code: String) -> [String] {
    var result: Set<String> = []
    var pending = [code]
    var seen: Set<String> = []
    while let next = pending.popLast() {
      guard seen.insert(next).inserted else { continue }
      let entries = entries(of: next)
      let living = entries.contains { $0.validTo == nil }
      let following = entries.flatMap(\.successors).filter { $0 != next }
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
