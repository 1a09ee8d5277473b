import SpotCheckModel

extension RunFigures {
  /// The run's record as a JSON file; keys always present and in this order.
  public var json: [UInt8] {
    JSONValue.object([
      ("schema", .integer(RunFigures.schemaVersion)), ("run", .text(id)), ("command", .text(command)),
      ("arguments", .list(arguments.map { .text($0) })), ("program", .text(program)), ("host", .text(host)),
      ("configuration", .text(configuration)), ("started", .text(started.text)), ("ended", .text(ended?.text)),
      ("duration_ms", .integer(durationMilliseconds)), ("state", .text(state)), ("exit_status", .integer(exitStatus)),
      ("message", .text(PersonalData.masked(message))), ("snapshot_before", .integer(snapshotBefore)),
      ("snapshot_after", .integer(snapshotAfter)), ("files_by_state", .counts(filesByState)),
      ("rows", Receipt.value(rows)), ("codes", .counts(counts)),
      ("files", .list(files.map { RunFigures.value($0) })), ("waiting", .list(waiting.map { .text($0) })),
      ("deferred", .list(deferred.map { .text($0) })), ("findings", .list(findings.map { RunFigures.value($0) })),
      ("log", .text(log)), ("journal_head", .text(journalHead)),
    ]).file
  }

  private static func value(_ file: FileFigures) -> JSONValue {
    .object([
      ("delivery", .text(file.delivery)), ("bureau", .text(file.bureau)), ("name", .text(file.name)),
      ("sha256", .text(file.digest)), ("bytes", .integer(file.bytes)), ("state", .text(file.state)),
      ("code", .text(file.code)), ("layout", .text(file.layout)), ("revision", .text(file.revision)),
      ("batch", .integer(file.batch)), ("snapshot", .integer(file.snapshot)), ("attempt", .integer(file.attempt)),
      ("rows", Receipt.value(file.rows)), ("samples", .integer(file.samples)), ("items", .integer(file.items)),
      ("superseded", .integer(file.superseded)), ("codes", .counts(file.counts)),
      ("duration_ms", .integer(file.milliseconds)), ("place", .text(file.place)),
    ])
  }

  private static func value(_ finding: RunFinding) -> JSONValue {
    .object([
      ("kind", .text(finding.kind)), ("code", .text(finding.code)), ("severity", .text(finding.severity.rawValue)),
      ("bureau", .text(finding.bureau)), ("message", .text(PersonalData.masked(finding.message))),
    ])
  }
}
