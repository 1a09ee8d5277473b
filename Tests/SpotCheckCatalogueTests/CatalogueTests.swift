import Foundation
import GRDB
import SpotCheckCatalogue
import SpotCheckModel
import Testing

/// A folder that disappears with the test.
final class CatalogueFolder {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("spotcheck-" + UUID().uuidString)
  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: url) }
  var path: String { url.appendingPathComponent("catalogue.sqlite").path }

  /// Takes out what format 3 added.
  static let backToFormat2 = [
    "DROP TABLE journal", "DROP INDEX batches_delivery", "ALTER TABLE batches DROP COLUMN delivery",
    "ALTER TABLE batches DROP COLUMN place", "ALTER TABLE batches DROP COLUMN folder",
    "ALTER TABLE runs DROP COLUMN details", "DROP TABLE segment_parts", "DROP TABLE segment_gaps",
    "DROP TABLE batch_past", "DROP TABLE batch_counts_past", "DROP TABLE unmapped_past",
    "DROP INDEX segments_batch", "DROP INDEX snapshots_batch", "ALTER TABLE segments DROP COLUMN arrival",
    "ALTER TABLE segments DROP COLUMN arrival_row", "ALTER TABLE superseded DROP COLUMN until",
    "ALTER TABLE marks DROP COLUMN until", "ALTER TABLE snapshots DROP COLUMN kind",
    "ALTER TABLE snapshots DROP COLUMN is_expired", "ALTER TABLE batches DROP COLUMN asked_pipeline",
    "ALTER TABLE batches DROP COLUMN asked_bureau", "ALTER TABLE batches DROP COLUMN since",
    "ALTER TABLE rejects DROP COLUMN until", "ALTER TABLE diagnostics DROP COLUMN until",
  ]
}

@Suite struct CatalogueTests {
  private func batch(_ digest: String, name: String = "a.csv.gz", run: String? = nil) -> BatchRecord {
    var batch = BatchRecord(
      fileDigest: digest, payloadDigest: "p" + digest, name: name, fileBytes: 10, payloadBytes: 100, bureau: "nyncj",
      pipeline: "agriculture", layout: "items", revision: "r1", runID: run)
    batch.accounts = RowAccounts(read: 9, accepted: 4, rejected: 2, duplicate: 1, blank: 2, blankByKind: ["title": 2])
    batch.samples = 3
    batch.items = 4
    batch.diagnosticCounts = ["CELL_DATE": 7]
    batch.received = 5
    return batch
  }

  private func publication(_ digest: String, segment: String, time: Int64? = nil) -> Publication {
    var publication = Publication(batch: batch(digest))
    publication.segments = [
      SegmentRecord(
        id: segment, samples: 100, items: 300, bytes: 4096, firstDay: CalendarDay(iso: "2024-01-02"),
        lastDay: CalendarDay(iso: "2024-12-30"), description: "{\"id\":\"\(segment)\"}")
    ]
    publication.time = time
    return publication
  }

  /// SQLite puts a line in front that names nothing but "main", and several complaints into one text.
  @Test func everyComplaintAboutADamagedFileIsALineOfItsOwn() throws {
    let folder = try CatalogueFolder()
    let catalogue = try Catalogue.create(path: folder.path)
    _ = try catalogue.publish(publication("f1", segment: "s1"))
    try catalogue.settle()
    try catalogue.close()
    let whole = try Data(contentsOf: folder.url.appendingPathComponent("catalogue.sqlite"))
    var complaints: [String] = []
    for page in stride(from: 4096, to: whole.count, by: 4096) {
      var damaged = whole
      damaged[page + 7] ^= 0xFF
      let copy = folder.url.appendingPathComponent("damaged-\(page)")
      try damaged.write(to: copy)
      guard let opened = try? Catalogue.open(path: copy.path) else { continue }
      complaints += (try? opened.integrityProblems()) ?? []
    }
    #expect(complaints.count > 5)
    #expect(complaints.allSatisfy { !$0.isEmpty && !$0.contains("\n") && !$0.hasPrefix("***") })
  }

  @Test func publishesAndReadsBack() throws {
    let folder = try CatalogueFolder()
    let catalogue = try Catalogue.create(path: folder.path)
    var first = publication("f1", segment: "s1")
    let problem = Diagnostic(
      .cellDate, at: SourcePosition(line: 7, byteOffset: 99, field: 3, fieldName: "抽样日期"), "no date", zh: "不是日期",
      rawText: "2024-13-01")
    first.diagnostics = [problem]
    first.unmapped = [UnmappedRecord(table: "categories", text: "神秘食品", count: 3)]
    let reject = Reject(
      position: SourcePosition(line: 8, byteOffset: 120), rawText: "a,b\n\"c\"",
      diagnostics: [problem, Diagnostic(.cellRequired, at: SourcePosition(line: 8, byteOffset: 120, field: 0))])
    #expect(try catalogue.publish(first, rejects: [reject, reject]) == 1)
    #expect(try catalogue.latestSnapshot() == 1)

    let segments = try catalogue.visibleSegments(at: 1)
    #expect(segments.map(\.record) == first.segments)
    #expect(try catalogue.visibleSegments(at: 0).isEmpty)
    let stored = try #require(try catalogue.batches().first)
    var expected = first.batch
    expected.state = .accepted
    #expect(stored.record == expected)
    #expect(stored.snapshot == 1)
    #expect(stored.record.accounts.isBalanced)
    #expect(try catalogue.diagnostics(batch: stored.id) == [problem])
    var rejects: [Reject] = []
    try catalogue.forEachReject { batch, reject in
      #expect(batch == stored.id)
      rejects.append(reject)
      return true
    }
    #expect(rejects == [reject, reject])
    #expect(rejects[0].cause?.code == .cellRequired)
    #expect(try catalogue.unmapped().map(\.entry) == first.unmapped)
    #expect(try catalogue.unmapped(at: 0).isEmpty)
    #expect(try catalogue.acceptedBatch(fileDigest: "f1")?.id == stored.id)
    #expect(try catalogue.acceptedBatch(payloadDigest: "pf1")?.id == stored.id)
    #expect(try catalogue.acceptedBatch(fileDigest: "f2") == nil)
  }

  @Test func snapshotsKeepWhatWasVisible() throws {
    let folder = try CatalogueFolder()
    let catalogue = try Catalogue.create(path: folder.path)
    _ = try catalogue.publish(publication("f1", segment: "s1"))
    var second = publication("f2", segment: "s2")
    second.superseded = [
      SupersededRows(segment: "s1", rows: [99, 0, 5], reason: .superseded),
      SupersededRows(segment: "s2", rows: [7], reason: .duplicate),
    ]
    _ = try catalogue.publish(second)
    var third = publication("f3", segment: "s3")
    third.superseded = [SupersededRows(segment: "s1", rows: [5, 6], reason: .withdrawn)]
    _ = try catalogue.publish(third)
    #expect(try catalogue.superseded(at: 1).isEmpty)
    #expect(try catalogue.superseded(at: 2) == ["s1": [0, 5, 99], "s2": [7]])
    #expect(try catalogue.superseded(at: 3) == ["s1": [0, 5, 6, 99], "s2": [7]])
    #expect(try catalogue.supersessions(at: 3).map(\.rows.reason) == [.superseded, .duplicate, .withdrawn])
    #expect(try catalogue.visibleSegments(at: 2).map(\.record.id) == ["s1", "s2"])
    #expect(try catalogue.batches(at: 1).map(\.record.fileDigest) == ["f1"])
  }

  @Test func aPublicationIsAllOrNothing() throws {
    let folder = try CatalogueFolder()
    let catalogue = try Catalogue.create(path: folder.path)
    _ = try catalogue.publish(publication("f1", segment: "s1"))
    var broken = publication("f2", segment: "s2")
    broken.superseded = [SupersededRows(segment: "s1", rows: [100], reason: .superseded)]
    #expect(throws: CatalogueError.self) { try catalogue.publish(broken) }
    broken.superseded = [SupersededRows(segment: "nowhere", rows: [1], reason: .superseded)]
    #expect(throws: CatalogueError.self) { try catalogue.publish(broken) }
    #expect(throws: CatalogueError.self) { try catalogue.publish(publication("f1", segment: "s9")) }
    #expect(throws: CatalogueError.self) { try catalogue.publish(publication("f9", segment: "s1")) }
    #expect(try catalogue.latestSnapshot() == 1)
    #expect(try catalogue.batches().count == 1)
    #expect(try catalogue.publish(publication("f2", segment: "s2")) == 2)
  }

  @Test func refusedFilesAndDuplicatesMakeNoSnapshot() throws {
    let folder = try CatalogueFolder()
    let catalogue = try Catalogue.create(path: folder.path)
    _ = try catalogue.publish(publication("f1", segment: "s1"))
    var refused = batch("bad")
    refused.state = .refused
    refused.refusalCode = "GZ_TRUNCATED"
    let problem = Diagnostic(.gzipTruncated, at: .file)
    _ = try catalogue.recordRefused(refused, diagnostics: [problem])
    var duplicate = batch("f1")
    duplicate.state = .duplicate
    duplicate.duplicateOf = 1
    let id = try catalogue.recordRefused(duplicate)
    #expect(try catalogue.latestSnapshot() == 1)
    #expect(try catalogue.batches().map(\.record.state) == [.accepted, .refused, .duplicate])
    #expect(try catalogue.batches().last?.id == id)
    #expect(try catalogue.acceptedBatch(fileDigest: "bad") == nil)
    // The same file may be accepted later, with a better pipeline.
    #expect(try catalogue.publish(publication("bad", segment: "s2")) == 2)
    #expect(throws: CatalogueError.self) { try catalogue.recordRefused(batch("x")) }
  }

  @Test func codeTablesBelongToSnapshots() throws {
    let folder = try CatalogueFolder()
    let catalogue = try Catalogue.create(path: folder.path)
    let old = CodeTable(
      name: "districts",
      entries: [
        CodeEntry(
          code: "630122", name: "湟中县", parent: "6301", level: 3, validTo: CalendarDay(iso: "2020-06-01"),
          successors: ["630106"], aliases: ["湟中", "a|b\\,\"c\"\n"]), CodeEntry(code: "", name: ""),
      ])
    var first = publication("f1", segment: "s1")
    first.tables = [old]
    _ = try catalogue.publish(first)
    var second = publication("f2", segment: "s2")
    second.tables = [old]
    _ = try catalogue.publish(second)
    var third = publication("f3", segment: "s3")
    third.tables = [CodeTable(name: "districts", entries: old.entries + [CodeEntry(code: "630106", name: "湟中区")])]
    _ = try catalogue.publish(third)
    #expect(try catalogue.tables(at: 0).isEmpty)
    #expect(try catalogue.tables(at: 2)["districts"]?.entries == old.entries)
    #expect(try catalogue.tables(at: 3)["districts"]?.entries == third.tables[0].entries)
  }

  /// A name that has changed by one letter is a wrong name in every answer: it must be said before the first.
  @Test func changedCodeTableIsRefusedBeforeItIsRead() throws {
    let folder = try CatalogueFolder()
    let catalogue = try Catalogue.create(path: folder.path)
    var first = publication("f1", segment: "s1")
    first.tables = [CodeTable(name: "districts", entries: [CodeEntry(code: "630106", name: "湟中区")])]
    _ = try catalogue.publish(first)
    #expect(try catalogue.tables(at: 1)["districts"]?.entries.map(\.name) == ["湟中区"])
    try DatabaseQueue(path: folder.path).write {
      try $0.execute(sql: "UPDATE code_texts SET text = replace(text, '湟中区', '湟源区')")
    }
    #expect(throws: CatalogueError.self) { try catalogue.tables(at: 1) }
  }

  /// Of a stored table only the lines of the codes are read that are asked for: they say what the whole table says, also where
  /// a line cannot be told by its bytes (quotes, codes that Unicode calls equal).
  @Test(arguments: ["", "a,\"b\"", "\u{212A}"])
  func entriesAreFoundWithoutReadingTheTable(_ oddCode: String) throws {
    let folder = try CatalogueFolder()
    let catalogue = try Catalogue.create(path: folder.path)
    var entries = [
      CodeEntry(code: "10", name: "甲"), CodeEntry(code: "1", name: "乙", parent: "10", level: 2, aliases: ["二", "B"]),
      CodeEntry(code: "10", name: "旧", validFrom: nil, validTo: CalendarDay(iso: "2020-01-01"), successors: ["1"]),
      CodeEntry(code: "", name: "无码"),
    ]
    if !oddCode.isEmpty { entries.append(CodeEntry(code: oddCode, name: "怪")) }
    var first = publication("f1", segment: "s1")
    let table = CodeTable(name: "t", entries: entries)
    first.tables = [table]
    _ = try catalogue.publish(first)
    for code in ["10", "1", "", "2", "101", "10,甲", "10,甲,,1", "code", "甲", "K", "\u{212A}", "a,\"b\"", "\n10"] {
      let stored = try #require(try catalogue.tables(at: 1)["t"])
      #expect(stored.entry(code) == table.entry(code), "\(code)")
      let day = CalendarDay(iso: "2019-05-05")
      #expect(stored.entry(code, on: day) == table.entry(code, on: day))
      #expect(stored.current(code) == table.current(code) && stored.name(of: code) == table.name(of: code))
      #expect(stored.ancestor(of: code, level: 1) == table.ancestor(of: code, level: 1))
      #expect(stored.resolve(code, on: nil) == table.resolve(code, on: nil))
      // Now all of it was read.
      #expect(stored.entry(code) == table.entry(code) && stored.entries == entries)
    }
  }

  /// A question that fails leaves nothing behind that the next would meet.
  @Test func aReadThatFailsEndsItsTransaction() throws {
    let folder = try CatalogueFolder()
    let writer = try Catalogue.create(path: folder.path)
    var first = publication("f1", segment: "s1")
    first.tables = [CodeTable(name: "t", entries: [CodeEntry(code: "1", name: "甲")])]
    _ = try writer.publish(first)
    try DatabaseQueue(path: folder.path).write { try $0.execute(sql: "UPDATE code_texts SET text = text || 'x'") }
    let reader = try Catalogue.open(path: folder.path, access: .readOnly)
    #expect(throws: CatalogueError.self) { try reader.tables(at: 1) }
    _ = try writer.publish(publication("f2", segment: "s2"))
    #expect(try reader.latestSnapshot() == 2)
  }

  @Test func codeTableTextRoundTrips() throws {
    let table = CodeTable(
      name: "t",
      entries: [
        CodeEntry(code: "1", name: "a,\"b\"\r\nc", successors: ["x|", "\\", "|\u{301}"], aliases: ["", "y"]),
        CodeEntry(code: "２", name: "", level: -3, validFrom: CalendarDay(iso: "0001-01-01")),
      ])
    #expect(CodeTableText.decode(CodeTableText.encode(table), name: "t")?.entries == table.entries)
    for text in ["", "code", CodeTableText.encode(table) + "\"", "x\n1,2"] {
      #expect(CodeTableText.decode(text, name: "t") == nil)
    }
  }

  @Test func asOfFindsSnapshots() throws {
    let folder = try CatalogueFolder()
    let catalogue = try Catalogue.create(path: folder.path)
    let day: Int64 = 86_400_000
    // 2025-07-01T00:00+08:00
    let july = Int64(try #require(CalendarDay(iso: "2025-07-01")).daysSinceEpoch) * day - 8 * 3_600_000
    try catalogue.beginRun(RunRecord(id: "run-1", command: "import", started: 1))
    var first = publication("f1", segment: "s1", time: july - 1)
    first.batch.runID = "run-1"
    _ = try catalogue.publish(first)
    _ = try catalogue.publish(publication("f2", segment: "s2", time: july))
    try catalogue.endRun("run-1", state: "done", ended: 2)
    _ = try catalogue.publish(publication("f3", segment: "s3", time: july + day - 1))
    _ = try catalogue.publish(publication("f4", segment: "s4", time: july + day))
    try catalogue.beginRun(RunRecord(id: "idle", command: "import", started: 3))
    try catalogue.tag(2, "半年报", time: 5)
    #expect(try catalogue.resolve(asOf: nil) == 4)
    #expect(try catalogue.resolve(asOf: "latest") == 4)
    #expect(try catalogue.resolve(asOf: "0") == 0)
    #expect(try catalogue.resolve(asOf: "v3") == 3)
    #expect(try catalogue.resolve(asOf: "2025-06-30") == 1)
    #expect(try catalogue.resolve(asOf: "2025-07-01") == 3)
    #expect(try catalogue.resolve(asOf: "2025-07-02") == 4)
    #expect(try catalogue.resolve(asOf: "2020-01-01") == 0)
    #expect(try catalogue.resolve(asOf: "2025-07-01T00:00") == 2)
    #expect(try catalogue.resolve(asOf: "2025-06-30T15:59:59Z") == 1)
    #expect(try catalogue.resolve(asOf: "2025-06-30T16:00:00Z") == 2)
    #expect(try catalogue.resolve(asOf: "2025-07-01 01:00+09:00") == 2)
    #expect(try catalogue.resolve(asOf: "run-1") == 1)
    #expect(try catalogue.resolve(asOf: "idle") == 4)
    #expect(try catalogue.resolve(asOf: "半年报") == 2)
    for text in ["5", "v", "", "2025-02-30", "2025-07-01T25:00", "nonsense", "99999999999999999999"] {
      #expect(throws: CatalogueError.self) { try catalogue.resolve(asOf: text) }
    }
    #expect(throws: CatalogueError.self) { try catalogue.tag(3, "半年报", time: 5) }
    #expect(throws: CatalogueError.self) { try catalogue.tag(77, "x", time: 5) }
    // The same again is no news; another tag for it, or one that means something else, is refused.
    try catalogue.tag(2, "半年报", time: 6)
    #expect(throws: CatalogueError.self) { try catalogue.tag(2, "年报", time: 6) }
    for tag in ["", "17", "v3", "2025-07-01", "2025-07-01T12:30", "latest", "empty", "a b", "a\u{7}", "\u{202E}x"]
      + [String(repeating: "年", count: 40)]
    {
      #expect(throws: CatalogueError.self, "\(tag)") { try catalogue.tag(3, tag, time: 6) }
    }
    #expect(try catalogue.journal().map(\.entry.kind).filter { $0 != "batch" } == ["tag"])
    #expect(try catalogue.untag("半年报", time: 7) == 2)
    #expect(throws: CatalogueError.self) { try catalogue.resolve(asOf: "半年报") }
    #expect(throws: CatalogueError.self) { try catalogue.untag("empty", time: 7) }
    #expect(try catalogue.journal().last?.entry.body == #"{"snapshot":2,"tag":"半年报"}"#)
    let runs = try catalogue.runs()
    #expect(runs.map(\.record.id) == ["run-1", "idle"])
    #expect(runs[0].firstSnapshot == 0 && runs[0].lastSnapshot == 2)
  }

  @Test func opensOnlyItsOwn() throws {
    let folder = try CatalogueFolder()
    func kind(_ body: () throws -> Catalogue) -> CatalogueError.Kind? {
      do {
        _ = try body()
        return nil
      } catch { return (error as? CatalogueError)?.kind }
    }
    #expect(kind { try Catalogue.open(path: folder.path) } == .missing)
    #expect(!FileManager.default.fileExists(atPath: folder.path))
    try Data("not a database at all, really".utf8).write(to: URL(fileURLWithPath: folder.path))
    #expect(kind { try Catalogue.open(path: folder.path) } == .foreign)
    try FileManager.default.removeItem(atPath: folder.path)
    let catalogue = try Catalogue.create(path: folder.path)
    _ = try catalogue.publish(publication("f1", segment: "s1"))
    #expect(kind { try Catalogue.create(path: folder.path) } == .exists)
    try catalogue.close()
    let again = try Catalogue.open(path: folder.path)
    #expect(try again.latestSnapshot() == 1)
    let reader = try Catalogue.open(path: folder.path, access: .readOnly)
    _ = try again.publish(publication("f2", segment: "s2"))
    #expect(try reader.latestSnapshot() == 2)
    #expect(throws: CatalogueError.self) { try reader.publish(publication("f3", segment: "s3")) }
    // The writer last: it moves the log into the file.
    try reader.close()
    try again.close()
    // user_version is a big-endian number at byte 60 of the file.
    var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path))
    bytes[63] = 99
    try bytes.write(to: URL(fileURLWithPath: folder.path))
    #expect(kind { try Catalogue.open(path: folder.path) } == .newerFormat)
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path)) == bytes)
    bytes[68] = 0
    bytes[63] = 1
    try bytes.write(to: URL(fileURLWithPath: folder.path))
    #expect(kind { try Catalogue.open(path: folder.path) } == .foreign)
  }

  @Test func marksHoldUntilANewerOne() throws {
    let folder = try CatalogueFolder()
    let catalogue = try Catalogue.create(path: folder.path)
    _ = try catalogue.publish(publication("f1", segment: "s1"))
    var second = publication("f2", segment: "s2")
    second.marks = [
      MarkedRows(segment: "s1", rows: [9, 3], kind: .pending), MarkedRows(segment: "s2", rows: [1], kind: .settled),
    ]
    _ = try catalogue.publish(second)
    var third = publication("f3", segment: "s3")
    third.marks = [MarkedRows(segment: "s1", rows: [3], kind: .settled)]
    _ = try catalogue.publish(third)
    #expect(try catalogue.marks(at: 1).isEmpty)
    #expect(try catalogue.marks(at: 2) == ["s1": [.pending: [3, 9]], "s2": [.settled: [1]]])
    #expect(try catalogue.marks(at: 3) == ["s1": [.pending: [9], .settled: [3]], "s2": [.settled: [1]]])
    var broken = publication("f4", segment: "s4")
    broken.marks = [MarkedRows(segment: "s1", rows: [100], kind: .pending)]
    #expect(throws: CatalogueError.self) { try catalogue.publish(broken) }
    #expect(try catalogue.latestSnapshot() == 3)
  }

  @Test func accountsOfSamplesAreKeptWhole() throws {
    let folder = try CatalogueFolder()
    let catalogue = try Catalogue.create(path: folder.path)
    var first = publication("f1", segment: "s1")
    first.batch.sampleAccounts = SampleAccounts(samples: 90, [.passed: 80, .failed: 9, .screening: 1])
    first.batch.closedSamples = [.duplicate: 7, .objection: 3]
    _ = try catalogue.publish(first)
    _ = try catalogue.publish(publication("f2", segment: "s2"))
    let records = try catalogue.batches().map(\.record)
    #expect(records[0].sampleAccounts == first.batch.sampleAccounts)
    #expect(records[0].sampleAccounts?.isBalanced == true)
    #expect(records[0].closedSamples == first.batch.closedSamples)
    #expect(records[0].diagnosticCounts == first.batch.diagnosticCounts)
    #expect(records[1].sampleAccounts == nil && records[1].closedSamples == nil)
  }

  /// A store of format 1 opens: read as it is, brought up to date when it is written to.
  @Test func format1IsBroughtUpToDate() throws {
    let folder = try CatalogueFolder()
    let catalogue = try Catalogue.create(path: folder.path)
    _ = try catalogue.publish(publication("f1", segment: "s1"))
    try catalogue.close()
    func version() throws -> Int32? {
      let queue = try DatabaseQueue(path: folder.path)
      defer { try? queue.close() }
      return try queue.read { try Int32.fetchOne($0, sql: "PRAGMA user_version") }
    }
    // What format 1 was: the same without marks, and without what unattended runs need.
    let queue = try DatabaseQueue(path: folder.path)
    try queue.writeWithoutTransaction { db in
      for statement in CatalogueFolder.backToFormat2 { try db.execute(sql: statement) }
      try db.execute(sql: "DROP TABLE marks")
      try db.execute(sql: "PRAGMA user_version = 1")
    }
    try queue.close()

    let reader = try Catalogue.open(path: folder.path, access: .readOnly)
    #expect(try reader.marks(at: 1).isEmpty)
    #expect(try reader.batches().count == 1 && reader.runs().isEmpty && reader.journal().isEmpty)
    #expect(try reader.batch(delivery: "r-1") == nil && reader.journalHead() == nil)
    #expect(try reader.visibleSegments(at: 1).map(\.record.id) == ["s1"])
    try reader.close()
    #expect(try version() == 1)

    let writer = try Catalogue.open(path: folder.path)
    #expect(try version() == 3)
    #expect(try writer.batches().map(\.record.delivery) == [nil])
    var second = publication("f2", segment: "s2")
    second.marks = [MarkedRows(segment: "s1", rows: [5], kind: .pending)]
    #expect(try writer.publish(second) == 2)
    #expect(try writer.marks(at: 2) == ["s1": [.pending: [5]]])
    #expect(try writer.marks(at: 1).isEmpty)
    try writer.close()
    #expect(try Catalogue.open(path: folder.path).latestSnapshot() == 2)
  }

  @Test func rejectsAreStreamed() throws {
    let folder = try CatalogueFolder()
    let catalogue = try Catalogue.create(path: folder.path)
    // Made while it is read: it could not be held in memory, and is read once.
    let rejects = (0..<5000).lazy.map { line in
      Reject(
        position: SourcePosition(line: line, byteOffset: line * 10), rawText: "row \(line)",
        diagnostics: [Diagnostic(.csvFewColumns, at: SourcePosition(line: line, byteOffset: 0))])
    }
    _ = try catalogue.publish(publication("f1", segment: "s1"), rejects: rejects)
    var lines: [Int] = []
    try catalogue.forEachReject(batch: 1) { _, reject in
      lines.append(reject.position.line)
      return lines.count < 10
    }
    #expect(lines == Array(0..<10))
    var count = 0
    try catalogue.forEachReject { batch, _ in
      // Other questions may be asked meanwhile.
      if count % 1000 == 0 {
        let latest = try catalogue.latestSnapshot()
        #expect(latest == batch)
      }
      count += 1
      return true
    }
    #expect(count == 5000)
  }
}
