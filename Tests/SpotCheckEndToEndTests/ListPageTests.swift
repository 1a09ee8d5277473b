import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// Pages of lists while the store goes on living.
@Suite("Pages of lists", .enabled(if: FileManager.default.fileExists(atPath: Program.path)))
struct ListPageTests {
  private static let files = [
    "nyncj-2024Q1.csv.gz", "scjgj-2023-failed.csv.gz", "lcj-2023Q1.csv.gz", "lcj-2023Q2.csv.gz", "lcj-2023Q3.csv.gz",
  ].map { Repository.path("samples/deliveries/" + $0) }

  private struct Page {
    var lines: [Substring]
    var next: String?
  }

  private func page(_ words: [String], _ store: ScratchStore) throws -> Page {
    let end = try Program.run(words + ["--store", store.root, "--format", "ndjson"])
    #expect(end.status == 0, "\(words): \(end.errors)")
    let mark = "next page: --after "
    let next = end.errors.split(separator: "\n").first { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
    return Page(lines: end.output.split(separator: "\n"), next: next)
  }

  private func compact(_ store: ScratchStore) throws {
    #expect(try Program.run(["store", "compact", "--all", "--store", store.root]).status == 0)
  }

  private static let questions = [
    ["list", "samples", "--columns", "sampling_number,file,line"],
    ["list", "samples", "--columns", "sampling_number,sampled_day,file", "--sort", "sampled_day desc"],
    ["list", "items", "--where", "verdict = fail", "--all"],
    ["list", "items", "--sort", "value desc, analyte", "--having", "value > 0.01", "--top", "90"],
    ["list", "rejects"], ["list", "rejects", "--where", "line > 3", "--sort", "code desc"], ["list", "batches"],
    ["list", "unmapped"], ["list", "duplicates"], ["trace", "--by", "year", "--row", "2024,*"],
    ["trace", "--by", "year", "--row", "2024,*", "--number", "failed", "--raw"],
  ]

  /// Imports, a refused file and a compaction between the pages change none of them.
  @Test func pagesAreOfOneSnapshot() throws {
    let store = try ScratchStore()
    _ = try store.importFiles(Array(ListPageTests.files.prefix(3)))
    let bad = "抽样编号,样品名称\n" + (1...9).map { "X\($0),\n" }.joined()
    _ = try store.importFiles([try store.file("bad.csv", Array(bad.utf8))])
    let snapshot = try OpenStore(store.root).catalogue.latestSnapshot()
    let questions = ListPageTests.questions
    let whole = try questions.map { try page($0, store).lines }
    var pages = questions.map { _ in [Substring]() }
    var next = questions.map { _ in String?.none }
    for turn in 0..<12 {
      for (index, words) in questions.enumerated() where turn == 0 || next[index] != nil {
        let size = max(1, whole[index].count / 5) + turn
        let page = try page(words + ["--limit", "\(size)"] + (next[index].map { ["--after", $0] } ?? []), store)
        pages[index] += page.lines
        next[index] = page.next
      }
      switch turn {
      case 0: _ = try store.importFiles([ListPageTests.files[3], try store.file("no.csv", Array("a,b\n1,2\n".utf8))])
      case 1: try compact(store)
      case 2: _ = try store.importFiles([ListPageTests.files[4]])
      default: break
      }
      // The pages of most lists are still being turned when all of that has happened.
      if turn == 2 { #expect(next.count { $0 != nil } >= 5) }
    }
    for (index, words) in questions.enumerated() {
      let later = try page(words + ["--as-of", "v\(snapshot)"], store).lines
      #expect(pages[index] == later && next[index] == nil, "\(words)")
      // Refused files belong to no snapshot, and stand at the end of the list of batches.
      #expect(words.last == "batches" ? later.count == whole[index].count + 1 : later == whole[index], "\(words)")
    }
    #expect(whole.count { $0.count > 4 } >= 6, "\(whole.map(\.count))")
  }

  @Test func whatDoesNotBelongToThePageBeforeIsRefused() throws {
    let store = try ScratchStore()
    _ = try store.importFiles([ListPageTests.files[0]])
    let list = ["list", "samples", "--where", "verdict = pass"]
    let first = try page(list + ["--limit", "3"], store)
    let cursor = try #require(first.next)
    #expect(cursor.hasPrefix("v1.samples.") && cursor.allSatisfy { $0.isLetter || $0.isNumber || $0 == "." })
    _ = try store.importFiles([ListPageTests.files[1]])
    func refusal(_ words: [String]) throws -> String {
      let end = try Program.run(words + ["--store", store.root])
      #expect(end.status != 0 && end.output.isEmpty, "\(words)")
      return end.errors
    }
    #expect(try refusal(["list", "samples", "--after", cursor]).contains("the cursor is of another question"))
    #expect(try refusal(["list", "items", "--after", cursor]).contains("of another list: list samples"))
    #expect(try refusal(list + ["--sort", "product", "--after", cursor]).contains("Ask as for the page before"))
    #expect(try refusal(list + ["--after", "page2"]).contains("'page2' is no cursor"))
    #expect(try refusal(list + ["--as-of", "v2", "--after", cursor]).contains("leave --as-of out"))
    #expect(try refusal(list + ["--after", "v9" + cursor.dropFirst(2)]).contains("no snapshot is called 'v9'"))
    #expect(try refusal(list + ["--limit", "0"]).contains("--limit takes a number above 0"))
    // The same snapshot may be said; columns and formats may differ.
    let same = try page(list + ["--as-of", "v1", "--after", cursor, "--columns", "file"], store)
    let more = try page(list + ["--after", cursor], store)
    #expect(same.lines.count == more.lines.count && more.lines.count > 3 && more.next == nil)
    // A store with other content under the same numbers.
    let other = try ScratchStore()
    _ = try other.importFiles([ListPageTests.files[1]])
    let lost = try Program.run(list + ["--after", cursor, "--store", other.root])
    #expect(lost.status == 2 && lost.output.isEmpty && lost.errors.contains("is not in snapshot v1"))
  }

  @Test func everyFormatStaysAsItIs() throws {
    let store = try ScratchStore()
    _ = try store.importFiles([ListPageTests.files[0]])
    for format in ["table", "csv", "excel-csv", "tsv", "json", "ndjson", "markdown", "html", "arrow"] {
      let words = ["list", "samples", "--store", store.root, "--limit", "3", "--format", format]
      let end = try Program.run(words)
      #expect(end.status == 0 && end.errors.hasPrefix("next page: --after v1.samples."), "\(format)")
      let cursor = end.errors.dropFirst("next page: --after ".count).dropLast()
      #expect(end.output.contains(cursor) == (format == "json"), "\(format)")
    }
  }
}
