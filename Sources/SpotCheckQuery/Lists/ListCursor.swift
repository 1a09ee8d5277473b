public import SpotCheckCatalogue
import SpotCheckModel
import Synchronization

/// What a list is asked for, as far as it decides which rows there are, and their order. Columns and formats do not.
public struct ListQuestion: Sendable, Hashable {
  /// The list: `samples`, `rejects`, `trace` …
  public var list: String
  fileprivate let digest: String

  /// - Parameter words: all that decides, in an order of their own; nil: not said.
  public init(_ list: String, _ words: [String?]) {
    self.list = list
    digest = ShortHash.of(words.map { $0.map { "=" + $0 } ?? "-" }.joined(separator: "\u{0}"))
  }
}

/// The last row of a page, and so where the next one begins: `v12.items.5d41c2aa.7fca9298.3.17.203`.
///
/// It names the snapshot, so that pages belong together while imports run; the question, so that it is not used for another
/// one; and the row itself, not how many came before it. Nothing in it needs quotes.
public struct ListCursor: Sendable, Hashable, CustomStringConvertible {
  public let snapshot: SnapshotNumber
  let place: String
  private let question: ListQuestion

  init(_ snapshot: SnapshotNumber, _ question: ListQuestion, _ place: String) {
    self.snapshot = snapshot
    self.question = question
    self.place = place
  }

  public var description: String { "v\(snapshot).\(question.list).\(question.digest).\(place)" }

  /// - Throws: ``QueryError`` for what is no cursor, or one of another question.
  public init(_ text: String, of question: ListQuestion) throws(QueryError) {
    let parts = text.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0].first == "v", let snapshot = SnapshotNumber(parts[0].dropFirst()), snapshot >= 0,
      "v\(snapshot)" == parts[0], !parts[3].isEmpty,
      parts[3].utf8.allSatisfy({ ListCursor.isPlaceSign($0) })
    else {
      throw QueryError(
        "'\(String(DisplayWidth.harmless(text).prefix(80)))' is no cursor",
        advice: "It stands behind 'next page: --after' under the page before; without --after a list begins at its top."
      )
    }
    let advice = "Ask as for the page before (--where, --having, --sort, --top, --all), or leave --after out."
    guard parts[1] == question.list else {
      throw QueryError(
        "the cursor is of another list: \(parts[1] == "trace" ? "trace" : "list " + parts[1])", advice: advice)
    }
    guard parts[2] == question.digest else { throw QueryError("the cursor is of another question", advice: advice) }
    self.init(snapshot, question, String(parts[3]))
  }

  private static func isPlaceSign(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
      || byte == UInt8(ascii: ".")
  }

  /// The numbers behind the first part of the place; nil if one of them is none.
  func numbers(_ count: Int) -> (first: String, numbers: [Int])? {
    let parts = place.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == count + 1 else { return nil }
    let numbers = parts.dropFirst().compactMap { Int($0) }
    return numbers.count == count ? (String(parts[0]), numbers) : nil
  }

  /// A row that is not where the cursor says.
  func lost() -> QueryError {
    QueryError(
      "the row of the cursor is not in snapshot v\(snapshot) of this store", advice: "Begin anew, without --after.")
  }
}

/// How a list is read for pages.
public enum ListPaging: Sendable {
  /// There are none: rows say nothing of where they stand.
  case none
  /// Rows in the order of the store, behind the cursor's; one more than the limit, so that the end is known.
  case behind(ListCursor?)
  /// All rows, because they are going to be sorted or judged.
  case whole
}

extension ListQuery {
  /// Whether a cell with the row's place stands behind its columns.
  var isPlaced: Bool { if case .none = paging { false } else { true } }

  /// How many rows are read.
  var readLimit: Int {
    switch paging {
    case .none: limit ?? Int.max
    case .behind: limit.map { $0 == Int.max ? $0 : max(0, $0) + 1 } ?? Int.max
    case .whole: Int.max
    }
  }

  /// Rows up to this one were on earlier pages.
  var cursor: ListCursor? { if case .behind(let cursor) = paging { cursor } else { nil } }
}

/// Where a page ends; known when its rows have been written.
public final class PageEnd: Sendable {
  private let found = Mutex<ListCursor?>(nil)
  init() {}

  /// What comes behind `--after` for the next page; nil: there is none.
  public var next: ListCursor? { found.withLock { $0 } }
  func set(_ cursor: ListCursor?) { found.withLock { $0 = cursor } }
}

extension Report {
  /// A page of a report whose rows say where they stand: at most so many, behind the cursor's.
  ///
  /// - Parameter paging: how the rows were read.
  /// - Throws: ``QueryError`` if the cursor's row is not among them.
  public func page(_ limit: Int?, after cursor: ListCursor?, of question: ListQuestion, _ paging: ListPaging) throws
    -> Report
  {
    var result = self
    var source = rows
    if case .whole = paging, let cursor {
      let all = try collected()
      guard let place = all.firstIndex(where: { $0.last == .text(cursor.place) }) else { throw cursor.lost() }
      source = { body in for cells in all[(place + 1)...] { try body(cells) } }
    }
    let (end, rows, snapshot) = (PageEnd(), source, snapshot)
    result.pageEnd = end
    if let cursor { result.query.append(("after", .text(cursor.description))) }
    result.rows = { body in
      var left = limit ?? Int.max
      var last: ReportCell?
      end.set(nil)
      try rows { cells in
        if left > 0 {
          try body(Array(cells.dropLast()))
          left -= 1
          last = cells.last
        } else if end.next == nil, case .text(let place)? = last {
          end.set(ListCursor(snapshot, question, place))
        }
      }
    }
    return result
  }
}

/// A few digits that tell texts apart: FNV-1a, 32 bits (Fowler, Noll and Vo; RFC 9923). No defence against anybody.
enum ShortHash {
  static func of(_ text: String) -> String {
    let hash = text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
