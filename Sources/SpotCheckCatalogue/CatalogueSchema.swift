/// The catalogue's tables, as SQL. Format version 3.
///
/// Everything that a query can see is bound to a snapshot number: segments from `added` until `removed`, superseded rows
/// and marks from `since` until `until`, code tables from `since`. So any snapshot can be read again, exactly, for as long as its segment files
/// are kept. Times are attributes: no answer depends on them, except which snapshot `--as-of DATE` means.
enum CatalogueSchema {
  /// "SPTC" in SQLite's header: the file is ours.
  static let applicationID: Int32 = 0x5350_5443
  /// `user_version` in SQLite's header.
  static let formatVersion: Int32 = 3

  /// What brings a catalogue of an older format to the next one, by the older format. Tables and columns are only
  /// ever added, so that every snapshot answers as before.
  static let migrations: [Int32: [String]] = [1: marks, 2: unattended + rearranged]

  static let statements = tables + marks + unattended + rearranged

  /// Format 3: how a file came and where it is kept, what a run was told and did, and the journal.
  private static let unattended = [
    // The delivery that the batch was made of, as `<run>-<number>`; null for files imported by older programs.
    "ALTER TABLE batches ADD COLUMN delivery TEXT",
    // Where the delivered bytes are kept, relative to the store; empty if they are not.
    "ALTER TABLE batches ADD COLUMN place TEXT NOT NULL DEFAULT ''",
    // The folder of the inbox that the file was dropped into; empty if it came another way.
    "ALTER TABLE batches ADD COLUMN folder TEXT NOT NULL DEFAULT ''",
    "CREATE UNIQUE INDEX batches_delivery ON batches(delivery) WHERE delivery IS NOT NULL",
    // Arguments, host, counts of files by state: JSON.
    "ALTER TABLE runs ADD COLUMN details TEXT NOT NULL DEFAULT '{}'",
    """
    CREATE TABLE journal (
      number INTEGER PRIMARY KEY NOT NULL,
      time INTEGER,
      kind TEXT NOT NULL,
      body TEXT NOT NULL,
      hash TEXT NOT NULL
    )
    """,
  ]

  /// Format 3 as well: segments that were put together or made anew, and what was recorded before (decision 0013).
  private static let rearranged = [
    // Where a segment's first row stands among all rows of the store: its batch, and its place among the rows of that batch.
    "ALTER TABLE segments ADD COLUMN arrival INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE segments ADD COLUMN arrival_row INTEGER NOT NULL DEFAULT 0",
    """
    UPDATE segments SET arrival = coalesce(batch, 0), arrival_row = (
      SELECT coalesce(sum(o.samples), 0) FROM segments o WHERE o.batch = segments.batch AND o.ordinal < segments.ordinal)
    """,
    // Which rows of a segment came from which batch; only of segments that hold rows of several.
    """
    CREATE TABLE segment_parts (
      segment TEXT NOT NULL REFERENCES segments(id),
      first_row INTEGER NOT NULL,
      row_count INTEGER NOT NULL,
      batch INTEGER NOT NULL REFERENCES batches(id),
      batch_row INTEGER NOT NULL,
      PRIMARY KEY (segment, first_row)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX segment_parts_batch ON segment_parts(batch)",
    "CREATE INDEX segments_batch ON segments(batch)",
    "CREATE INDEX snapshots_batch ON snapshots(batch)",
    // A segment that was removed and made again: not visible from `since` until before `until`.
    """
    CREATE TABLE segment_gaps (
      segment TEXT NOT NULL REFERENCES segments(id),
      since INTEGER NOT NULL,
      until INTEGER NOT NULL,
      PRIMARY KEY (segment, since)
    ) WITHOUT ROWID
    """,
    // Null: they still do not count.
    "ALTER TABLE superseded ADD COLUMN until INTEGER",
    "ALTER TABLE marks ADD COLUMN until INTEGER",
    // What made the snapshot: `batch`, `compaction` or `replay`; and whether its segments may be gone.
    "ALTER TABLE snapshots ADD COLUMN kind TEXT NOT NULL DEFAULT 'batch'",
    "ALTER TABLE snapshots ADD COLUMN is_expired INTEGER NOT NULL DEFAULT 0",
    // The pipeline and the bureau that whoever gave the file asked for; empty: found by what it is.
    "ALTER TABLE batches ADD COLUMN asked_pipeline TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE batches ADD COLUMN asked_bureau TEXT NOT NULL DEFAULT ''",
    // The replay whose record this is; null: it is that of the import.
    "ALTER TABLE batches ADD COLUMN since INTEGER",
    // What was recorded about a batch in snapshots before `until`.
    """
    CREATE TABLE batch_past (
      batch INTEGER NOT NULL REFERENCES batches(id),
      until INTEGER NOT NULL REFERENCES snapshots(number),
      since INTEGER,
      payload_digest TEXT NOT NULL,
      payload_bytes INTEGER NOT NULL,
      bureau TEXT NOT NULL,
      pipeline TEXT NOT NULL,
      layout TEXT NOT NULL,
      revision TEXT NOT NULL,
      state TEXT NOT NULL,
      duplicate_of INTEGER,
      rows_read INTEGER NOT NULL,
      rows_accepted INTEGER NOT NULL,
      rows_rejected INTEGER NOT NULL,
      rows_duplicate INTEGER NOT NULL,
      rows_blank INTEGER NOT NULL,
      samples INTEGER NOT NULL,
      items INTEGER NOT NULL,
      refusal_code TEXT NOT NULL,
      refusal_message TEXT NOT NULL,
      place TEXT NOT NULL,
      PRIMARY KEY (batch, until)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE batch_counts_past (
      batch INTEGER NOT NULL REFERENCES batches(id),
      until INTEGER NOT NULL,
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (batch, until, kind, name)
    ) WITHOUT ROWID
    """,
    "ALTER TABLE rejects ADD COLUMN until INTEGER",
    "ALTER TABLE diagnostics ADD COLUMN until INTEGER",
    """
    CREATE TABLE unmapped_past (
      batch INTEGER NOT NULL REFERENCES batches(id),
      until INTEGER NOT NULL,
      code_table TEXT NOT NULL,
      text TEXT NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (batch, until, code_table, text)
    ) WITHOUT ROWID
    """,
  ]

  /// Format 2: what became of a row that goes on counting. Of several marks of one row the newest holds.
  private static let marks = [
    """
    CREATE TABLE marks (
      id INTEGER PRIMARY KEY,
      segment TEXT NOT NULL REFERENCES segments(id),
      since INTEGER NOT NULL REFERENCES snapshots(number),
      batch INTEGER NOT NULL REFERENCES batches(id),
      kind TEXT NOT NULL,
      count INTEGER NOT NULL,
      rows BLOB NOT NULL
    )
    """,
    "CREATE INDEX marks_segment ON marks(segment, since)",
  ]

  private static let tables = [
    """
    CREATE TABLE runs (
      id TEXT PRIMARY KEY NOT NULL,
      command TEXT NOT NULL,
      version TEXT NOT NULL,
      state TEXT NOT NULL,
      started INTEGER,
      ended INTEGER,
      first_snapshot INTEGER NOT NULL,
      last_snapshot INTEGER NOT NULL,
      message TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE batches (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      file_digest TEXT NOT NULL,
      payload_digest TEXT NOT NULL,
      name TEXT NOT NULL,
      file_bytes INTEGER NOT NULL,
      payload_bytes INTEGER NOT NULL,
      bureau TEXT NOT NULL,
      pipeline TEXT NOT NULL,
      layout TEXT NOT NULL,
      revision TEXT NOT NULL,
      state TEXT NOT NULL,
      run TEXT REFERENCES runs(id),
      duplicate_of INTEGER REFERENCES batches(id),
      rows_read INTEGER NOT NULL,
      rows_accepted INTEGER NOT NULL,
      rows_rejected INTEGER NOT NULL,
      rows_duplicate INTEGER NOT NULL,
      rows_blank INTEGER NOT NULL,
      samples INTEGER NOT NULL,
      items INTEGER NOT NULL,
      refusal_code TEXT NOT NULL,
      refusal_message TEXT NOT NULL,
      received INTEGER,
      imported INTEGER
    )
    """,
    "CREATE UNIQUE INDEX batches_accepted_file ON batches(file_digest) WHERE state = 'accepted'",
    "CREATE INDEX batches_accepted_payload ON batches(payload_digest) WHERE state = 'accepted'",
    "CREATE INDEX batches_file ON batches(file_digest)",
    """
    CREATE TABLE batch_counts (
      batch INTEGER NOT NULL REFERENCES batches(id),
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (batch, kind, name)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE snapshots (
      number INTEGER PRIMARY KEY NOT NULL,
      batch INTEGER REFERENCES batches(id),
      run TEXT REFERENCES runs(id),
      time INTEGER,
      label TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE segments (
      id TEXT PRIMARY KEY NOT NULL,
      ordinal INTEGER NOT NULL UNIQUE,
      batch INTEGER REFERENCES batches(id),
      added INTEGER NOT NULL REFERENCES snapshots(number),
      removed INTEGER REFERENCES snapshots(number),
      samples INTEGER NOT NULL,
      items INTEGER NOT NULL,
      bytes INTEGER NOT NULL,
      first_day INTEGER,
      last_day INTEGER,
      description TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    "CREATE INDEX segments_added ON segments(added)",
    """
    CREATE TABLE superseded (
      id INTEGER PRIMARY KEY,
      segment TEXT NOT NULL REFERENCES segments(id),
      since INTEGER NOT NULL REFERENCES snapshots(number),
      batch INTEGER NOT NULL REFERENCES batches(id),
      reason TEXT NOT NULL,
      count INTEGER NOT NULL,
      rows BLOB NOT NULL
    )
    """,
    "CREATE INDEX superseded_segment ON superseded(segment, since)",
    """
    CREATE TABLE rejects (
      id INTEGER PRIMARY KEY,
      batch INTEGER NOT NULL REFERENCES batches(id),
      line INTEGER NOT NULL,
      byte INTEGER NOT NULL,
      code TEXT NOT NULL,
      raw_text TEXT NOT NULL
    )
    """,
    "CREATE INDEX rejects_batch ON rejects(batch)",
    """
    CREATE TABLE diagnostics (
      id INTEGER PRIMARY KEY,
      batch INTEGER NOT NULL REFERENCES batches(id),
      reject INTEGER REFERENCES rejects(id),
      code TEXT NOT NULL,
      severity TEXT NOT NULL,
      line INTEGER NOT NULL,
      byte INTEGER NOT NULL,
      field INTEGER,
      field_name TEXT,
      message TEXT NOT NULL,
      message_zh TEXT NOT NULL,
      raw_text TEXT NOT NULL
    )
    """,
    "CREATE INDEX diagnostics_batch ON diagnostics(batch)",
    "CREATE INDEX diagnostics_reject ON diagnostics(reject) WHERE reject IS NOT NULL",
    """
    CREATE TABLE unmapped (
      batch INTEGER NOT NULL REFERENCES batches(id),
      code_table TEXT NOT NULL,
      text TEXT NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (batch, code_table, text)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE code_texts (
      digest TEXT PRIMARY KEY NOT NULL,
      text TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE code_tables (
      name TEXT NOT NULL,
      since INTEGER NOT NULL REFERENCES snapshots(number),
      digest TEXT NOT NULL REFERENCES code_texts(digest),
      PRIMARY KEY (name, since)
    ) WITHOUT ROWID
    """,
  ]
}
