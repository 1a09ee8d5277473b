import SpotCheckModel
import Testing

@testable import SpotCheckQuery

/// Pages of a list: together they are the list, whatever their sizes.
@Suite struct ListPageTests {
  private func whole(_ report: Report) throws -> [[ReportCell]] { try report.collected() }

  /// What a page is asked with.
  private struct Asked {
    var query: ListQuery
    var having: String?
    var sort: String?
    var top: Int?
    var question: ListQuestion {
      ListQuestion(query.kind.rawValue, [query.filter, having, sort, top.map(String.init)])
    }
    var isShaped: Bool { having != nil || sort != nil || top != nil }

    func report(_ source: QuerySource, _ paging: ListPaging = .none, limit: Int? = nil) throws -> Report {
      var query = query
      (query.paging, query.limit) = (paging, limit)
      var report = try query.report(on: source)
      if let having { report = try report.having(having) }
      if let sort { report = try report.sorted(by: sort) }
      if let top { report = try report.top(top) }
      return report
    }

    func page(_ source: QuerySource, _ limit: Int?, after cursor: ListCursor?) throws -> Report {
      let paging = isShaped ? ListPaging.whole : .behind(cursor)
      return try report(source, paging, limit: limit).page(limit, after: cursor, of: question, paging)
    }
  }

  private func asked(_ numbers: inout SeededNumbers) -> Asked {
    let isItems = numbers.chance(60)
    var query = ListQuery(
      isItems ? .items : .samples, columns: ["segment", "row", "product", "verdict"] + (isItems ? ["value"] : []))
    query.filter = numbers.chance(50) ? numbers.pick(["verdict = pass", "purpose != selective", "year = 1850"]) : nil
    query.includesExcluded = numbers.chance(30)
    var asked = Asked(query: query)
    if numbers.chance(50) { asked.sort = numbers.pick(["product", "verdict desc, row", "row desc"]) }
    if numbers.chance(30) { asked.having = "row >= 7" }
    if numbers.chance(20) { asked.top = Int.random(in: 1...40, using: &numbers) }
    return asked
  }

  @Test(arguments: 0..<60) func pagesTogetherAreTheList(_ seed: Int) throws {
    var numbers = SeededNumbers(state: UInt64(seed) &* 77 &+ 3)
    let source = RandomStore.source(segments: 1 + seed % 4, rows: 40, seed: UInt64(seed))
    let asked = asked(&numbers)
    let all = try whole(try asked.report(source))
    var pages: [[ReportCell]] = []
    var cursor: ListCursor?
    var count = 0
    repeat {
      let limit = numbers.pick([1, 2, 3, 7, 20, 1000])
      let page = try asked.page(source, limit, after: cursor)
      let rows = try whole(page)
      #expect(rows.count <= limit && rows.allSatisfy { $0.count == page.columns.count })
      pages += rows
      // A cursor is written down and typed again.
      cursor = try page.pageEnd?.next.map { try ListCursor($0.description, of: asked.question) }
      // Whoever says that there is more has filled the page.
      #expect(cursor == nil || rows.count == limit)
      count += 1
    } while cursor != nil && count < 2000
    #expect(pages == all, "\(asked)")
  }

  @Test func theRestNeedsNoLimit() throws {
    let source = RandomStore.source(segments: 3, rows: 40, seed: 5)
    for sort in [nil, "row desc"] {
      let asked = Asked(query: ListQuery(.items, columns: ["segment", "row"]), sort: sort)
      let first = try asked.page(source, 11, after: nil)
      let head = try whole(first)
      let rest = try asked.page(source, nil, after: try #require(first.pageEnd?.next))
      #expect(try head + whole(rest) == whole(try asked.report(source)) && rest.pageEnd?.next == nil)
      // A page that ends exactly with the list has none behind it.
      let exact = try asked.page(source, try whole(rest).count, after: first.pageEnd?.next)
      #expect(try whole(exact).count > 0 && exact.pageEnd?.next == nil)
      #expect(try asked.page(source, Int.max, after: nil).collected().count == whole(try asked.report(source)).count)
    }
  }

  @Test func jsonSaysWhereItGoesOn() throws {
    let source = RandomStore.source(segments: 1, rows: 9, seed: 5)
    let asked = Asked(query: ListQuery(.samples, columns: ["row"]))
    let page = try asked.page(source, 2, after: nil)
    let text = try JSONEmitter().text(page)
    let next = try #require(page.pageEnd?.next)
    #expect(text.hasSuffix(",\"total\":null,\"next\":\"\(next)\"}\n"))
    let last = try asked.page(source, nil, after: next)
    #expect(try JSONEmitter().text(last).hasSuffix(",\"next\":null}\n"))
    #expect(try JSONEmitter().text(last).contains("\"after\":\"\(next)\""))
    #expect(try !JSONEmitter().text(asked.report(source)).contains("\"next\""))
    // Widths are found first, and the rows lent twice.
    #expect(try MarkdownEmitter(text: RateText(targets: [])).text(page).split(separator: "\n").count == 4)
    #expect(page.pageEnd?.next == next)
  }

  @Test func whatIsNoCursorIsRefused() throws {
    let source = RandomStore.source(segments: 2, rows: 30, seed: 9)
    let asked = Asked(query: ListQuery(.items, columns: ["row"]))
    let page = try asked.page(source, 5, after: nil)
    _ = try whole(page)
    let text = try #require(page.pageEnd?.next).description
    #expect(try ListCursor(text, of: asked.question).description == text)
    let parts = text.split(separator: ".").map(String.init)
    for nonsense in [
      "", "5", "v1", "v1.items", ".", "...", "v1.items.\(parts[2]).", "v01" + text.dropFirst(2), "x" + text, text + " ",
      text + "é", "v-1" + text.dropFirst(2), "v99999999999999999999" + text.dropFirst(2), text.uppercased(),
      "\u{1B}[2J",
    ] {
      let error = #expect(throws: QueryError.self) { try ListCursor(nonsense, of: asked.question) }
      #expect(error?.description.contains("is no cursor") == true && error?.description.contains("\u{1B}") == false)
    }
    // Another list, or another question.
    for other in [ListQuery(.samples), ListQuery(.items, filter: "verdict = fail")] {
      let error = #expect(throws: QueryError.self) { try ListCursor(text, of: Asked(query: other).question) }
      #expect(error?.description.contains("of another") == true && error?.description.contains("--after out") == true)
    }
    #expect(throws: QueryError.self) {
      try ListCursor(text, of: Asked(query: ListQuery(.items), sort: "row").question)
    }
    // Rows that are not there: never a page that silently begins elsewhere.
    let head = parts.prefix(3).joined(separator: ".")
    let place = Array(parts.dropFirst(3))
    var places = [
      [place[0], "9", place[2], place[3]], ["00000000", place[1], place[2], place[3]],
      [place[0], place[1], "30", "0"], [place[0], place[1], place[2], "100000"], [place[0], place[1], place[2]],
      place + ["1"], ["1"], [place[0], "", place[2], place[3]], [place[0], "99999999999999999999", "1", "1"],
    ]
    places.append([place[0], place[1], "0", place[2] == "0" ? "100" : place[3]])
    for place in places {
      let cursor = try ListCursor(head + "." + place.joined(separator: "."), of: asked.question)
      for sort in [nil, "row"] {
        let asked = Asked(query: asked.query, sort: sort)
        let error = #expect(throws: QueryError.self) { try asked.page(source, 3, after: cursor).collected() }
        #expect(error?.description.contains("is not in snapshot") == true, "\(place)")
      }
    }
  }
}
