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
    for description in segments {
      try samples.add(
        try Segment(description, in: run.layout), closed: closed[description.id],
        purposes: try purposes ?? run.catalogue.table("purposes", at: run.catalogue.latestSnapshot()))
    }
    guard samples.isBalanced(sealed: outcome.samples) else {
      throw ImportError(
        .unbalanced, path: path,
        "samples do not add up: \(outcome.samples) sealed, \(samples); nothing was published. This is a defect of SpotCheck: please report it"
      )
    }
    return samples
  }

  /// Reports the samples of this file that another level seems to have taken from the same lot. Never merged, never left
  /// out.
  func reportPossibleDuplicates(_ closedNow: [SupersededRows]) throws {
    let snapshot = try run.catalogue.latestSnapshot()
    var closed = try run.catalogue.superseded(at: snapshot)
    for entry in closedNow { closed[entry.segment, default: []] += entry.rows }
    let layout = run.layout
    func counting(_ description: SegmentDescription) -> CountingSegment {
      CountingSegment(closed: closed[description.id] ?? []) { try Segment(description, in: layout) }
    }
    var earlier = try run.catalogue.visibleSegments(at: snapshot).map {
      counting(try SegmentDescription(record: $0.record))
    }
    var names: [String: String] = [batch.fileDigest: batch.name]
    for description in segments {
      try PossibleDuplicates.forEachPartner(of: counting(description), among: earlier) { pair in
        guard report.keeps(.rowPossibleDuplicate) else { return report.count(.rowPossibleDuplicate) }
        let file = pair.first.batch
        if names[file] == nil { names[file] = try run.catalogue.acceptedBatch(fileDigest: file)?.record.name ?? file }
        report.add(ImportFile.possibleDuplicate(pair, file: names[file] ?? ""))
      }
      earlier.append(counting(description))
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
