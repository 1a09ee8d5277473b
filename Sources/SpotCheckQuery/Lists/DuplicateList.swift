import SpotCheckCatalogue
import SpotCheckModel
public import SpotCheckStore

extension OpenStore {
  /// Pairs of samples that two levels have probably taken of one lot, in order of their sampling numbers. Nothing is
  /// merged: who counts them apart knows it, and who must not finds them here.
  ///
  /// - Throws: ``CatalogueError``, `StoreError`.
  public func possibleDuplicates(asOf: String? = nil) throws -> [PossibleDuplicate] {
    let number = try catalogue.resolve(asOf: asOf)
    let closed = try catalogue.superseded(at: number)
    let segments = try catalogue.visibleSegments(at: number).map { stored in
      let description = try OpenStore.description(stored.record.description, layout)
      return CountingSegment(closed: closed[stored.record.id] ?? []) { try Segment(description, in: layout) }
    }
    return try PossibleDuplicates.pairs(in: segments)
  }

  func duplicateList(asOf: String?) throws -> CatalogueList {
    let pairs = try possibleDuplicates(asOf: asOf)
    let number = try catalogue.resolve(asOf: asOf)
    var files: [String: String] = [:]
    for batch in try catalogue.batches(at: number) { files[batch.record.fileDigest] = batch.record.name }
    let names = ["bureau", "sampling_number", "level", "file", "line"]
    let fileNames = files
    return CatalogueList(
      names: names + names.map { "other_" + $0 }, numeric: ["line", "other_line"], identity: 2 * names.count
    ) { body in
      for pair in pairs {
        var cells: [ReportCell] = []
        for sample in [pair.first, pair.second] {
          cells += [
            .text(sample.bureau), .text(PersonalData.maskedKey(sample.samplingNumber)), .text(sample.level),
            .text(fileNames[sample.batch] ?? sample.batch), .integer(sample.line),
          ]
        }
        guard try body(cells) else { return }
      }
    }
  }
}
