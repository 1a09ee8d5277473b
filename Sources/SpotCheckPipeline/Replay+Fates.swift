import SpotCheckCatalogue
import SpotCheckCuration
import SpotCheckDigest
import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem

/// Goes over all batches in order of recording, as an import of everything would, and finds out what becomes of each.
extension Replay {
  func decideFates() throws {
    /// Who was accepted so far, by bytes and by payload.
    var files: [String: BatchID] = [:]
    var payloads: [String: BatchID] = [:]
    for stored in try run.catalogue.batches() {
      if run.isStopped() { throw ImportError.stopped(run.layout.root) }
      var fate = Fate(stored: stored, state: stored.record.state, duplicateOf: stored.record.duplicateOf)
      if isWanted(stored) { fate.file = try curate(stored) }
      if fate.file == nil, stored.record.state == .duplicate,
        files[stored.record.fileDigest] == nil, payloads[stored.record.payloadDigest] == nil
      {
        // What it repeated is not accepted any more: it stands for itself.
        fate.file = try curate(stored)
      }
      var payload = stored.record.payloadDigest
      if let file = fate.file {
        payload = file.batch.payloadDigest
        fate.state = .accepted
        fate.duplicateOf = nil
        if case .refused(let reason) = file.finding {
          fate.state = .refused
          fate.refusal = reason
        }
        try askGate(&fate)
      }
      // Before anything else an import asks whether it knows the bytes, and then, if the file is fine, the payload.
      let original = files[stored.record.fileDigest] ?? (fate.state == .refused ? nil : payloads[payload])
      if let original, fate.state != .refused || fate.file != nil {
        fate.state = .duplicate
        fate.duplicateOf = original
      }
      if fate.state == .accepted {
        files[stored.record.fileDigest] = stored.id
        if payloads[payload] == nil { payloads[payload] = stored.id }
      }
      let isSame =
        fate.file == nil && fate.state == stored.record.state && fate.duplicateOf == stored.record.duplicateOf
      if !isSame { fates[stored.id] = fate }
    }
  }

  /// A file that is to be accepted for the first time must pass the run's gate, as in an import. One that was accepted
  /// is not asked again.
  private func askGate(_ fate: inout Fate) throws {
    guard fate.stored.record.state != .accepted, var file = fate.file, case .acceptable(let layout) = file.finding,
      let breach = try run.askGate(layout, &file)
    else { return }
    fate.file = file
    fate.state = .refused
    fate.refusal = breach
  }

  /// Whether a batch is to be curated anew.
  private func isWanted(_ stored: StoredBatch) -> Bool {
    let record = stored.record
    guard record.state != .duplicate, DiagnosticCode(rawValue: record.refusalCode)?.isOfDelivery != true else {
      return false
    }
    if !options.batches.isEmpty, !options.batches.contains(stored.id) { return false }
    if let since = options.since, (record.received ?? 0) < since { return false }
    if let code = options.code {
      guard record.diagnosticCounts[code.rawValue] ?? 0 > 0 || record.refusalCode == code.rawValue else { return false }
    }
    if options.everything || record.pipeline.isEmpty { return true }
    return plan(record)?.revision != record.revision
  }

  /// The plan that the file was read by, as it is now.
  private func plan(_ record: BatchRecord) -> PipelinePlan? { run.library.pipeline(record.pipeline) }

  /// Reads the kept bytes again. Nil if they are not there, or not those that were delivered: the batch then stays as
  /// it is.
  private func curate(_ stored: StoredBatch) throws -> PreparedFile? {
    let record = stored.record
    func unreadable(_ reason: String) -> PreparedFile? {
      outcome.unreadable.append(
        ReplayOutcome.Unreadable(batch: stored.id, name: record.name, reason: reason))
      return nil
    }
    guard !record.place.isEmpty else { return unreadable("its bytes were not kept") }
    let path = run.layout.path(of: record.place)
    guard try FileSystem.exists(path) else { return unreadable("\(record.place) is missing") }
    var delivery = Delivery(path: path, name: record.name, id: record.delivery ?? "replay")
    delivery.folder = record.folder
    delivery.bureau = record.askedBureau.isEmpty ? nil : record.askedBureau
    delivery.origin = record.folder.isEmpty ? record.name : PathText.join(record.folder, record.name)
    var file = try run.preparer.prepareAgain(
      delivery, as: record, FilePreparer.Dealings(isStopped: run.isStopped, isPublished: published.contains))
    guard file.batch.fileDigest == record.fileDigest else {
      file.removeSegments(from: run.layout, except: published.contains)
      return unreadable("\(record.place) does not hold the bytes that were delivered")
    }
    outcome.examined += 1
    return file
  }

  // MARK: Rows

  /// Finds the batches whose rows are other ones now, and the samples whose stories must be told again.
  func compareRows(_ state: StoreState) throws {
    var places: [BatchID: [(stored: StoredSegment, part: SegmentPart)]] = [:]
    for stored in state.segments {
      for part in stored.parts where fates[part.batch] != nil { places[part.batch, default: []].append((stored, part)) }
    }
    for id in fates.keys.sorted() {
      guard var fate = fates[id] else { continue }
      let old = places[id] ?? []
      let fresh = fate.state == .accepted ? fate.file?.segments ?? [] : []
      if fate.state == .accepted, fate.file == nil { continue }
      let isUntouched =
        old.map(\.stored.record.id) == fresh.map(\.id) && old.allSatisfy { $0.stored.parts.count == 1 }
      if !isUntouched { try compare(id, old, fresh, &fate) }
      fates[id] = fate
    }
  }

  private func compare(
    _ id: BatchID, _ old: [(stored: StoredSegment, part: SegmentPart)], _ fresh: [SegmentDescription],
    _ fate: inout Fate
  ) throws {
    var before = RowPrints()
    for (stored, part) in old {
      try before.add(try Segment(try SegmentDescription(record: stored.record), in: run.layout), part.rows)
    }
    var after = RowPrints()
    for description in fresh {
      let segment = try Segment(description, in: run.layout)
      try after.add(segment, 0..<segment.sampleCount)
    }
    // The same rows in segments that are cut otherwise, or put together, stay where they are.
    guard before.prints != after.prints else { return }
    fate.hasOtherRows = true
    samplesChanged[id] = before.differences(from: after)
    keys.formUnion(before.keys)
    keys.formUnion(after.keys)
  }
}

/// What the rows of one batch say, in order.
private struct RowPrints {
  /// The beginning of each row's digest with its provenance.
  var prints: [UInt64] = []
  var keys: Set<UInt64> = []

  mutating func add(_ segment: Segment, _ rows: Range<Int>) throws {
    let tables = try segment.readTables()
    for row in rows {
      let digest = SampleDigests.digests(tables, row, mark: nil).1
      prints.append(digest.bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) })
      keys.insert(tables.samples.keyHash[row])
    }
  }

  /// Rows on one side that have no equal on the other: the greater number, so that a changed row is one.
  func differences(from other: RowPrints) -> Int {
    var counts: [UInt64: Int] = [:]
    for print in prints { counts[print, default: 0] += 1 }
    for print in other.prints { counts[print, default: 0] -= 1 }
    let gone = counts.values.reduce(0) { $0 + max(0, $1) }
    let come = counts.values.reduce(0) { $0 + max(0, -$1) }
    return max(gone, come)
  }
}

extension FilePreparer {
  /// Reads a file that was read before: by the pipeline that was asked for then; else by what it is; else, if that says
  /// nothing, by the layout that read it, because its folder may have said what it was.
  func prepareAgain(_ delivery: Delivery, as record: BatchRecord, _ dealings: Dealings) throws -> PreparedFile {
    var preparer = self
    preparer.options.pipeline = record.askedPipeline.isEmpty ? nil : record.askedPipeline
    preparer.chosen = record.askedPipeline.isEmpty ? nil : try? ImportRun.find(record.askedPipeline, in: library)
    let file = try preparer.prepare(delivery, dealings)
    guard case .refused(let reason) = file.finding, reason.code == .pipelineNone || reason.code == .pipelineAmbiguous,
      preparer.chosen == nil, var plan = library.pipeline(record.pipeline), let layout = plan.layout(record.layout)
    else { return file }
    plan.layouts = [layout]
    preparer.chosen = plan
    return try preparer.prepare(delivery, dealings)
  }
}
