import Synchronization
import Testing

@testable import SpotCheckModel

/// Code tables that are read as far as they are asked for.
struct UnreadCodeEntriesTests {
  private final class Source: CodeEntrySource {
    let entries: [CodeEntry]
    let asked = Mutex<(codes: [String], whole: Int)>(([], 0))

    init(_ entries: [CodeEntry]) { self.entries = entries }

    func entries(of code: String) -> [CodeEntry] {
      asked.withLock { $0.codes.append(code) }
      return entries.filter { $0.code == code }
    }

    func allEntries() -> [CodeEntry] {
      asked.withLock { $0.whole += 1 }
      return entries
    }
  }

  private let entries =
    (0..<200).map { CodeEntry(code: "c\($0)", name: "n\($0)") } + [CodeEntry(code: "c7", name: "again")]

  @Test func aCodeIsReadOnce() {
    let source = Source(entries)
    let unread = UnreadCodeEntries(source)
    for _ in 0..<3 {
      #expect(unread.of("c7").map(\.name) == ["n7", "again"])
      #expect(unread.of("none").isEmpty)
    }
    #expect(source.asked.withLock { $0.codes } == ["c7", "none"])
    #expect(source.asked.withLock { $0.whole } == 0)
  }

  @Test func whoAsksForManyReadsTheWhole() {
    let source = Source(entries)
    let unread = UnreadCodeEntries(source)
    for _ in 0..<2 { for entry in entries { #expect(unread.of(entry.code).contains(entry)) } }
    #expect(source.asked.withLock { $0.whole } == 1)
    #expect(source.asked.withLock { $0.codes.count } < 100)
  }
}
