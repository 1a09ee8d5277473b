import SpotCheckModel

/// Puts beside each sample what was delivered about it. Samples are taken a stretch at a time, and a file is read once a
/// stretch.
struct RawListing: Sendable {
  static let stretch = 16_384
  /// What the rows end in: where their record stands.
  static let placeColumns = ["batch", "byte"]

  let rows: RowListing
  /// How many cells of a row are shown; the place comes behind them.
  let shown: Int
  let read: @Sendable ([RecordPlace]) throws -> [RecordPlace: RecordText]

  func replaceRows(of report: inout Report) {
    report.columns += [
      ReportColumn("raw_text", heading: "raw_text"),
      ReportColumn("raw_note", heading: "raw_note", display: .hidden),
      ReportColumn("raw_note_zh", heading: "raw_note"),
    ]
    report.query.append(("raw", .boolean(true)))
    // A record is longer than any terminal is wide.
    report.isWide = true
    report.rows = { body in try forEachRow(body) }
  }

  private func forEachRow(_ body: ([ReportCell]) throws -> Void) throws {
    var held: [[ReportCell]] = []
    try rows.forEachRow { cells in
      held.append(cells)
      if held.count == RawListing.stretch { try lend(&held, body) }
    }
    try lend(&held, body)
  }

  private func lend(_ held: inout [[ReportCell]], _ body: ([ReportCell]) throws -> Void) throws {
    let texts = try read(held.compactMap(place))
    for cells in held {
      let text = place(cells).flatMap { texts[$0] } ?? RecordText()
      try body(
        cells.prefix(shown) + [RawListing.cell(text.text), RawListing.cell(text.note), RawListing.cell(text.noteZh)]
          + cells.dropFirst(shown + RawListing.placeColumns.count))
    }
    held.removeAll(keepingCapacity: true)
  }

  private func place(_ cells: [ReportCell]) -> RecordPlace? {
    guard cells.count >= shown + 2, case .text(let batch) = cells[shown], case .integer(let byte) = cells[shown + 1]
    else { return nil }
    return RecordPlace(batch: batch, byteOffset: byte)
  }

  private static func cell(_ text: String) -> ReportCell { text.isEmpty ? .missing : .text(text) }
}
