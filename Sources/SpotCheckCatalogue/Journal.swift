import SpotCheckModel

/// One thing that was done to the store, as the journal keeps it.
public struct JournalEntry: Sendable, Hashable {
  /// `batch`, `reveal`, `replay` …
  public var kind: String
  /// What was done: a JSON object.
  public var body: String
  /// Milliseconds since 1970 UTC.
  public var time: Int64?

  public init(kind: String, body: String, time: Int64? = nil) {
    self.kind = kind
    self.body = body
    self.time = time
  }

  /// A delivered file was recorded.
  static func batch(_ batch: BatchRecord, id: BatchID, snapshot: SnapshotNumber?) -> JournalEntry {
    var json = JSONObject()
    json.set("batch", id)
    json.set("state", batch.state.rawValue)
    json.set("sha256", batch.fileDigest)
    json.set("bureau", batch.bureau)
    json.set("run", batch.runID ?? "")
    json.set("revision", batch.revision)
    json.set("read", batch.accounts.read)
    json.set("accepted", batch.accounts.accepted)
    if let snapshot { json.set("snapshot", snapshot) }
    return JournalEntry(kind: "batch", body: json.text, time: batch.imported)
  }
}

/// An entry with its place in the chain.
public struct StoredJournalEntry: Sendable, Hashable {
  /// From 1, without gaps.
  public var number: Int64
  public var entry: JournalEntry
  /// SHA-256, in hex, over the previous entry's hash and this entry; see ``Catalogue/journalHash(previous:number:_:)``.
  public var hash: String
}

/// What following the chain from its beginning found.
public enum JournalState: Sendable, Hashable {
  /// Every entry is as it was written; the last one's number and hash (0 and the empty text for an empty journal).
  case intact(count: Int64, head: String)
  /// The first entry that is not what was written there.
  case broken(at: Int64)
}
