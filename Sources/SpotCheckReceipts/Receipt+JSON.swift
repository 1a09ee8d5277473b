import SpotCheckModel

extension Receipt {
  /// The receipt as a JSON file: keys always present and always in this order, `null` or empty where there is nothing
  /// to say. Described by `samples/receipts/receipt.schema.json`.
  public var json: [UInt8] { value.file }

  private var value: JSONValue {
    let advice = self.advice
    return .object([
      ("schema", .integer(Receipt.schemaVersion)), ("stage", .text(stage.rawValue)), ("stage_zh", .text(stage.nameZh)),
      ("delivery", .text(delivery)), ("attempt", .integer(attempt)),
      ("bureau", .object([("code", .text(bureau.code)), ("name", .text(bureau.name))])),
      (
        "file",
        .object([
          ("name", .text(file.name)), ("bytes", .integer(file.bytes)), ("sha256", .text(file.digest)),
          ("payload_sha256", file.payloadDigest.isEmpty ? .null : .text(file.payloadDigest)),
          ("payload_bytes", .integer(file.payloadBytes.map { Int64($0) })),
        ])
      ),
      ("received", .text(received?.text)), ("decided", .text(decided?.text)), ("run", .text(run)),
      ("program", .text(program)), ("layout", .text(layout)), ("revision", .text(revision)),
      ("batch", .integer(batch)), ("snapshot", .integer(snapshot)), ("rows", Receipt.value(rows)),
      ("samples", .integer(samples)), ("items", .integer(items)), ("superseded", .integer(superseded)),
      ("sample_accounts", sampleAccounts.map { Receipt.value($0) } ?? .null), ("refusal", refusalValue),
      ("problems", .list(problems.map { Receipt.value($0) })), ("earlier", earlierValue),
      (
        "next",
        .object([("action", .text(advice.action)), ("text", .text(advice.text)), ("text_zh", .text(advice.textZh))])
      ),
      ("refused_rows_file", .text(refusedRowsFile)), ("place", .text(place)), ("journal_head", .text(journalHead)),
      // Last: see ``seal``.
      ("seal", .text(seal)),
    ])
  }

  static func value(_ rows: RowAccounts) -> JSONValue {
    .object([
      ("read", .integer(rows.read)), ("accepted", .integer(rows.accepted)), ("rejected", .integer(rows.rejected)),
      ("duplicate", .integer(rows.duplicate)), ("blank", .integer(rows.blank)),
      ("blank_by_kind", .counts(rows.blankByKind)),
    ])
  }

  static func value(_ accounts: SampleAccounts) -> JSONValue {
    .object(
      [
        ("samples", .integer(accounts.samples)), ("inspected", .integer(accounts.inspected)),
        ("excluded", .integer(accounts.excluded)),
      ] + SampleClass.allCases.map { ($0.rawValue, .integer(accounts[$0])) })
  }

  private static func value(_ problem: ReceiptProblem) -> JSONValue {
    .object([
      ("code", .text(problem.code)), ("severity", .text(problem.severity.rawValue)), ("count", .integer(problem.count)),
      ("title", .text(problem.title)), ("title_zh", .text(problem.titleZh)), ("remedy", .text(problem.remedy)),
      ("remedy_zh", .text(problem.remedyZh)),
      (
        "examples",
        .list(
          problem.examples.map { example in
            .object([
              ("line", .integer(example.line)), ("byte", .integer(example.byte)),
              ("field", .integer(example.field.map { Int64($0) })), ("column", .text(example.column)),
              ("message", .text(example.message)), ("message_zh", .text(example.messageZh)),
            ])
          })
      ),
    ])
  }

  private var refusalValue: JSONValue {
    guard let refusal else { return .null }
    return .object([
      ("code", .text(refusal.code)), ("message", .text(refusal.message)), ("message_zh", .text(refusal.messageZh)),
      ("remedy", .text(refusal.remedy)), ("remedy_zh", .text(refusal.remedyZh)),
    ])
  }

  private var earlierValue: JSONValue {
    guard let earlier else { return .null }
    return .object([
      ("batch", .integer(earlier.batch)), ("name", .text(earlier.name)), ("imported", .text(earlier.imported?.text)),
    ])
  }
}
