import SpotCheckCatalogue
import SpotCheckStore

extension SegmentDescription {
  /// The description as a row of the catalogue.
  var record: SegmentRecord {
    SegmentRecord(
      id: id, samples: sampleRows, items: itemRows, bytes: samples.byteCount + items.byteCount, firstDay: firstDay,
      lastDay: lastDay, description: json())
  }

  /// Reads a row of the catalogue.
  ///
  /// - Throws: ``CatalogueError`` if the text in it is no description.
  init(record: SegmentRecord) throws {
    guard let description = SegmentDescription(json: record.description) else {
      throw CatalogueError(
        .corrupt, path: record.id, "the description of this segment cannot be read",
        advice: "Restore the catalogue from a backup.")
    }
    self = description
  }
}
