import SpotCheckCatalogue
import SpotCheckCuration
import SpotCheckModel
import SpotCheckStore

/// What is checked about the samples of a file once they are sealed, before anybody hears of them.
extension ImportFile {
  /// Counts the batch's samples from the sealed segments, as anybody could later, and not from curation's memory.
  ///
  /// - Throws: ``ImportError`` (`unbalanced`) if samples are not inspected + excluded + closed.
  func countSamples(_ rows: [SupersededRows], purposes: CodeTable?) throws -> BatchSamples {
    var closed = ClosedRows()
    for entry in rows { closed.add(entry) }
    var samples = BatchSamples()
    for description in file.segments {
      try samples.add(
        try Segment(description, in: run.layout), closed: closed[description.id],
        purposes: try purposes ?? run.catalogue.table("purposes", at: run.catalogue.latestSnapshot()))
    }
    guard samples.isBalanced(sealed: file.samples) else {
      throw ImportError(
        .unbalanced, path: path,
        "samples do not add up: \(file.samples) sealed, \(samples); nothing was published. This is a defect of SpotCheck: please report it"
      )
    }
    return samples
  }

  /// Reports the samples of this file that another level seems to have taken from the same lot. Never merged, never left
  /// out.
  func reportPossibleDuplicates(_ closedNow: [SupersededRows], _ memory: StoreMemory) throws {
    let layout = run.layout
    var closed: [String: [UInt32]] = [:]
    for entry in closedNow { closed[entry.segment, default: []] += entry.rows }
    func counting(_ description: SegmentDescription) -> CountingSegment {
      let id = description.id
      return CountingSegment(closed: Array(memory.state.closed[id].keys) + (closed[id] ?? [])) {
        try Segment(description, in: layout)
      }
    }
    var names: [String: String] = [file.batch.fileDigest: file.batch.name]
    func earlier(_ segment: Segment) throws -> [CountingSegment] {
      if memory.state.segments.isEmpty { return [] }
      let lots = try LotIndex(segment)
      if lots.isEmpty { return [] }
      return try memory.state.segments.filter { try memory.mayShareLots(lots, with: $0) }.map {
        counting(try SegmentDescription(record: $0.record))
      }
    }
    try PossibleDuplicates.forEachPartner(inFile: file.segments.map(counting), among: earlier) { pair in
      guard file.report.keeps(.rowPossibleDuplicate) else { return file.report.count(.rowPossibleDuplicate) }
      let pair = try pair()
      let digest = pair.first.batch
      if names[digest] == nil {
        names[digest] = try run.catalogue.acceptedBatch(fileDigest: digest)?.record.name ?? digest
      }
      file.report.add(ImportFile.possibleDuplicate(pair, file: names[digest] ?? ""))
    }
  }

  private static func possibleDuplicate(_ pair: PossibleDuplicate, file: String) -> Diagnostic {
    let other = pair.first
    let number = PersonalData.maskedKey(other.samplingNumber)
    let level = TaskLevel(rawValue: other.level) ?? .unknown
    return Diagnostic(
      .rowPossibleDuplicate, at: SourcePosition(line: pair.second.line, byteOffset: pair.second.byteOffset),
      "probably the lot of sample \(number) (\(level.rawValue), \(file) line \(other.line))",
      zh: "疑与样品 \(number)（\(level.nameZh)，\(file) 第 \(other.line) 行）为同一批次",
      rawText: PersonalData.maskedKey(pair.second.samplingNumber))
  }
}
