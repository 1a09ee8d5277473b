import SpotCheckCatalogue
import SpotCheckCuration
import SpotCheckModel
import SpotCheckReading
import SpotCheckStore

/// A file that the store has kept, to be read again by the layout that read it before, for what stands in it: its rows go
/// nowhere.
struct KeptFile {
  let record: BatchRecord
  let path: String
  let plan: LayoutPlan

  /// Nil if the file was not kept, or its layout is not there any more.
  init?(_ record: BatchRecord, _ layout: StoreLayout, _ library: PipelineLibrary) {
    guard !record.place.isEmpty, let plan = library.pipeline(record.pipeline)?.layout(record.layout) else { return nil }
    self.record = record
    self.plan = plan
    path = layout.path(of: record.place)
  }

  /// - Throws: what opening the file throws.
  func reader() throws -> DeliveryReader {
    let fitted = try PipelineMatcher.fitted(plan, path: record.name) { try FileSource(path) }
    return DeliveryReader(try FileSource(path), name: record.name, layout: fitted)
  }

  /// Reads to the end.
  /// - Returns: why the file is refused now, if it is.
  /// - Throws: what the source throws.
  static func pass(_ reader: inout DeliveryReader) throws -> Diagnostic? {
    var tables = TablePair()
    var report = CurationReport()
    while try reader.step(into: &tables, report: &report) {
      report.rejects.removeAll(keepingCapacity: true)
      guard reader.canSeal else { continue }
      reader.prepareSeal(&tables, report: &report)
      tables = TablePair()
      reader.didSeal()
    }
    return report.fatal
  }
}
