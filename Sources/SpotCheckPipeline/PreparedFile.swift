import SpotCheckCatalogue
import SpotCheckCuration
import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem

/// A delivered file, curated and sealed, before anybody hears of it.
///
/// Everything in it follows from the file's bytes, its name and the pipelines; what the store knows already has no part
/// in it.
struct PreparedFile: Sendable {
  enum Finding: Sendable {
    /// Its rows may count.
    case acceptable(LayoutPlan)
    /// Nothing of it counts.
    case refused(Diagnostic)
    /// Its bytes were accepted before; it was not read.
    case known(StoredBatch)
    /// Not read yet; with a status: its size and digest are known, as the file was then.
    case unread(FileStatus?)
  }

  var delivery: Delivery
  var batch: BatchRecord
  var finding = Finding.unread(nil)
  /// `pipeline/layout`, empty if none was found.
  var layoutName = ""
  var report = CurationReport()
  var rejects: [Reject] = []
  var segments: [SegmentDescription] = []
  var samples = 0
  var items = 0
  /// Delivered rows that the sealed samples were made of.
  var deliveredRows = 0
  var seconds = 0.0

  init(_ delivery: Delivery, runID: String?) {
    self.delivery = delivery
    batch = BatchRecord(fileDigest: "", payloadDigest: "", name: delivery.name, runID: runID)
    batch.delivery = delivery.id
    batch.folder = delivery.folder
    batch.askedBureau = delivery.bureau ?? ""
  }

  /// How often each text of no table was met, persons' numbers masked.
  var unmapped: [UnmappedRecord] {
    var counts: [UnmappedText: Int] = [:]
    for (key, count) in report.unmapped {
      counts[UnmappedText(table: key.table, text: PersonalData.masked(key.text)), default: 0] += count
    }
    return counts.sorted { $0.key < $1.key }.map {
      UnmappedRecord(table: $0.key.table, text: $0.key.text, count: $0.value)
    }
  }

  /// Segments of a file that is not published are litter, unless the same content is published. Failing to remove them is
  /// harmless: the next run does.
  mutating func removeSegments(from layout: StoreLayout, except isPublished: (String) -> Bool) {
    for segment in segments where !isPublished(segment.id) {
      _ = try? FileSystem.removeFile(layout.samplesFile(segment.id))
      _ = try? FileSystem.removeFile(layout.itemsFile(segment.id))
    }
    segments = []
  }
}
