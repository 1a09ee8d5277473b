import ArgumentParser
import SpotCheck

/// A list in pages that stay together: all of them are of one snapshot, whatever is imported meanwhile.
struct PageOptions: ParsableArguments {
  @Option(help: ArgumentHelp("At most so many rows; what the next page begins behind is said.", valueName: "rows"))
  var limit: Int?

  @Option(
    help: ArgumentHelp(
      "The next page: what the page before said at its end. The snapshot is that page's.", valueName: "cursor"))
  var after: String?

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit takes a number above 0") }
  }

  /// The page that is asked for; nil: the whole list.
  func page(of question: ListQuestion) throws -> ListPage? {
    guard limit != nil || after != nil else { return nil }
    return ListPage(limit: limit, cursor: try after.map { try ListCursor($0, of: question) }, question: question)
  }
}

/// A page that was asked for.
struct ListPage {
  var limit: Int?
  var cursor: ListCursor?
  var question: ListQuestion

  func paging(isShaped: Bool) -> ListPaging { isShaped ? .whole : .behind(cursor) }

  /// The snapshot, as `--as-of` names it: the cursor's. Where both are said they must mean the same.
  func snapshot(asOf: String?, in store: OpenStore) throws -> String? {
    guard let cursor else { return asOf }
    if let asOf {
      let said = try store.catalogue.resolve(asOf: asOf)
      guard said == cursor.snapshot else {
        throw CommandFailure(
          .usage,
          "the cursor is of snapshot v\(cursor.snapshot), and --as-of \(PathText.printable(asOf)) means v\(said); "
            + "leave --as-of out: the pages of a list are of one snapshot")
      }
    }
    return "v\(cursor.snapshot)"
  }

  /// Writes the page, then what the next one begins behind: on standard error, in JSON also as `next`.
  func emit(_ report: Report, isShaped: Bool, as answer: AnswerOptions) throws {
    let page = try report.page(limit, after: cursor, of: question, paging(isShaped: isShaped))
    try Output.emit(page, as: answer)
    if let next = page.pageEnd?.next { Console.note("next page: --after \(next)") }
  }
}
