public import SpotCheckCatalogue
import SpotCheckModel

extension ListQuery {
  /// Lists what the catalogue knows: rejects, batches, runs, unmapped texts.
  ///
  /// - Parameter snapshot: what was accepted later is left out. Refused files belong to no snapshot and are always there.
  public func report(on catalogue: Catalogue, snapshot: SnapshotNumber) throws -> Report {
    try report(try CatalogueList(kind, catalogue, snapshot, reveal: reveal), snapshot: snapshot)
  }

  /// Writes a list whose rows are made ready elsewhere.
  func report(_ list: CatalogueList, snapshot: SnapshotNumber) throws -> Report {
    let chosen = try (columns ?? list.names).map { name in
      guard let index = list.names.firstIndex(of: name) else {
        let nearest = NearestName.of(name, among: list.names)
        throw QueryError(
          "unknown column '\(name)'",
          advice: nearest.map { "Did you mean '\($0)'?" } ?? "Columns: " + list.names.joined(separator: ", ") + ".")
      }
      return index
    }
    let columns = list.names.map { ReportColumn($0, heading: $0, isNumeric: list.numeric.contains($0)) }
    let test = try filter.map { try CellFilter($0, columns: columns) }
    let (limit, cursor, isPlaced) = (readLimit, cursor, isPlaced)
    let start = try cursor.map { cursor in
      guard let place = cursor.numbers(1) else { throw cursor.lost() }
      return (line: place.numbers[0], check: place.first)
    }
    return Report(
      columns: chosen.map { columns[$0] },
      query: described, snapshot: snapshot
    ) { body in
      var left = limit
      guard left > 0 else { return }
      var line = 0
      try list.forEach { cells in
        line += 1
        if let start, let cursor, line <= start.line {
          // Lists of a snapshot stay as they are; if this one has not, no page is better than a wrong one.
          if line == start.line, list.check(cells) != start.check { throw cursor.lost() }
          return true
        }
        if let test, !test.matches(cells) { return true }
        let place: [ReportCell] = isPlaced ? [.text("\(list.check(cells)).\(line)")] : []
        try body(chosen.map { cells[$0] } + place)
        left -= 1
        return left > 0
      }
      if let start, let cursor, line < start.line || start.line < 1 { throw cursor.lost() }
    }
  }
}

/// The rows of one list; the body returns false to stop.
struct CatalogueList: Sendable {
  let names: [String]
  let numeric: Set<String>
  /// So many cells at the beginning of a row say which one it is.
  var identity = 1
  let forEach: @Sendable (_ body: ([ReportCell]) throws -> Bool) throws -> Void

  /// A short text of a row's identity.
  func check(_ cells: [ReportCell]) -> String {
    ShortHash.of(
      cells.prefix(identity).map { cell in
        switch cell {
        case .text(let text): "=" + text
        case .integer(let number): String(number)
        default: "-"
        }
      }.joined(separator: "\u{0}"))
  }

  init(
    names: [String], numeric: Set<String>, identity: Int,
    forEach: @escaping @Sendable (_ body: ([ReportCell]) throws -> Bool) throws -> Void
  ) {
    self.names = names
    self.numeric = numeric
    self.identity = identity
    self.forEach = forEach
  }

  init(
    _ kind: ListKind, _ catalogue: Catalogue, _ snapshot: SnapshotNumber,
    reveal: (@Sendable (Reject, StoredBatch) throws -> String?)? = nil
  ) throws {
    switch kind {
    case .rejects:
      names = [
        "batch", "file", "line", "byte", "code", "field", "field_name", "message", "message_zh", "raw_text",
      ]
      numeric = ["line", "byte", "field"]
      identity = 4
      let batches = try CatalogueList.batches(catalogue, snapshot)
      forEach = { body in
        try catalogue.forEachReject(at: snapshot) { id, reject in
          guard let batch = batches[id] else { return true }
          let cause = reject.cause
          // Rows are stored masked; what an older version stored is masked here.
          let whole = try reveal?(reject, batch)
          return try body([
            .text(batch.record.fileDigest), .text(batch.record.name), .integer(reject.position.line),
            .integer(reject.position.byteOffset), CatalogueList.text(cause?.code.rawValue),
            cause?.position.field.map { .integer($0) } ?? .missing, CatalogueList.text(cause?.position.fieldName),
            CatalogueList.text(cause.map { PersonalData.masked($0.message) }),
            CatalogueList.text(cause.map { PersonalData.masked($0.messageZh) }),
            CatalogueList.text(whole ?? PersonalData.masked(reject.rawText)),
          ])
        }
      }
    case .batches:
      names = [
        "batch", "file", "state", "bureau", "pipeline", "layout", "revision", "snapshot", "run", "read", "accepted",
        "rejected", "duplicate", "blank", "samples", "items", "bytes", "payload_bytes", "payload_digest",
        "duplicate_of", "refusal_code", "refusal_message", "received", "imported",
      ]
      numeric = [
        "snapshot", "read", "accepted", "rejected", "duplicate", "blank", "samples", "items", "bytes", "payload_bytes",
      ]
      let batches = try catalogue.batches(at: snapshot)
      let digests = Dictionary(batches.map { ($0.id, $0.record.fileDigest) }) { first, _ in first }
      forEach = { body in
        for batch in batches {
          guard try body(CatalogueList.cells(batch, duplicateOf: batch.record.duplicateOf.flatMap { digests[$0] }))
          else { return }
        }
      }
    case .runs:
      names = [
        "run", "command", "version", "state", "started", "ended", "first_snapshot", "last_snapshot", "message",
      ]
      numeric = ["first_snapshot", "last_snapshot"]
      let runs = try catalogue.runs()
      forEach = { body in
        for run in runs {
          let record = run.record
          guard
            try body([
              .text(record.id), CatalogueList.text(record.command), CatalogueList.text(record.version),
              CatalogueList.text(record.state), CatalogueList.time(record.started), CatalogueList.time(record.ended),
              .integer(Int(run.firstSnapshot)), .integer(Int(run.lastSnapshot)), CatalogueList.text(record.message),
            ])
          else { return }
        }
      }
    case .unmapped:
      names = ["table", "text", "count", "batch", "file"]
      numeric = ["count"]
      identity = 2
      let batches = try CatalogueList.batches(catalogue, snapshot)
      let texts = try catalogue.unmapped(at: snapshot)
      forEach = { body in
        for (id, entry) in texts {
          let batch = batches[id]?.record
          guard
            try body([
              .text(entry.table), .text(PersonalData.masked(entry.text)), .integer(entry.count),
              CatalogueList.text(batch?.fileDigest),
              CatalogueList.text(batch?.name),
            ])
          else { return }
        }
      }
    case .samples, .items, .duplicates:
      throw QueryError("the list '\(kind.rawValue)' is read from segments")
    }
  }

  private static func batches(_ catalogue: Catalogue, _ snapshot: SnapshotNumber) throws -> [BatchID: StoredBatch] {
    Dictionary(try catalogue.batches(at: snapshot).map { ($0.id, $0) }) { first, _ in first }
  }

  private static func cells(_ batch: StoredBatch, duplicateOf: String?) -> [ReportCell] {
    let record = batch.record
    let accounts = record.accounts
    var cells: [ReportCell] = [
      .text(record.fileDigest), text(record.name), text(record.state.rawValue), text(record.bureau),
      text(record.pipeline), text(record.layout), text(record.revision),
      batch.snapshot.map { .integer(Int($0)) } ?? .missing, text(record.runID),
    ]
    cells += [
      accounts.read, accounts.accepted, accounts.rejected, accounts.duplicate, accounts.blank, record.samples,
      record.items, record.fileBytes, record.payloadBytes,
    ].map { .integer($0) }
    cells += [
      text(record.payloadDigest), text(duplicateOf), text(record.refusalCode), text(record.refusalMessage),
      time(record.received), time(record.imported),
    ]
    return cells
  }

  private static func text(_ text: String?) -> ReportCell {
    guard let text, !text.isEmpty else { return .missing }
    return .text(text)
  }

  /// UTC, ISO 8601, whole seconds.
  static func time(_ milliseconds: Int64?) -> ReportCell {
    guard let milliseconds else { return .missing }
    var seconds = milliseconds / 1000
    if milliseconds % 1000 < 0 { seconds -= 1 }
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    guard let day = Int32(exactly: days) else { return .missing }
    let second = Int(seconds - days * 86_400)
    func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
    let clock = [second / 3600, second / 60 % 60, second % 60].map(two).joined(separator: ":")
    return .text(CalendarDay(daysSinceEpoch: day).description + "T" + clock + "Z")
  }
}
