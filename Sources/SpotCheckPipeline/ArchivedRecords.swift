public import SpotCheckCatalogue
import SpotCheckDigest
public import SpotCheckModel
public import SpotCheckStore
import SpotCheckSystem

/// Records as they were delivered, from the files that the store keeps: inflated, decoded, persons masked as in every list.
///
/// A file is read again as a whole, by the layout that read it, so that it is known to be whole, to be the one that was
/// imported, and which of its columns belong to persons. What cannot be shown is said, record by record.
public struct ArchivedRecords: Sendable {
  private let layout: StoreLayout
  private let library: PipelineLibrary
  private let batches: [String: BatchRecord]

  /// - Throws: ``CatalogueError``.
  public init(_ layout: StoreLayout, _ catalogue: Catalogue, _ library: PipelineLibrary) throws {
    self.layout = layout
    self.library = library
    let accepted = try catalogue.batches().map(\.record).filter { $0.state == .accepted }
    batches = Dictionary(accepted.map { ($0.fileDigest, $0) }) { first, _ in first }
  }

  /// A text for each place; every file is read once.
  ///
  /// - Throws: ``SystemError`` if a file that is there cannot be read.
  public func texts(at places: [RecordPlace]) throws -> [RecordPlace: RecordText] {
    var texts: [RecordPlace: RecordText] = [:]
    for (batch, wanted) in Dictionary(grouping: places, by: \.batch).sorted(by: { $0.key < $1.key }) {
      let found = try read(batch, Set(wanted.map(\.byteOffset)))
      for place in wanted { texts[place] = found(place.byteOffset) }
    }
    return texts
  }

  private func read(_ batch: String, _ wanted: Set<Int>) throws -> (Int) -> RecordText {
    guard let record = batches[batch] else {
      return ArchivedRecords.problem("the store knows no such delivery", zh: "库中没有这份报送文件的记录")
    }
    guard !record.place.isEmpty else {
      return ArchivedRecords.problem(
        "the store has not kept the file \(record.name): it was imported from elsewhere", zh: "文件由库外导入，存档中没有")
    }
    guard let file = KeptFile(record, layout, library) else {
      return ArchivedRecords.problem(
        "the pipelines have no layout \(record.pipeline)/\(record.layout) any more", zh: "规则文件中已没有读取该文件的版式")
    }
    guard try FileSystem.exists(file.path) else {
      return ArchivedRecords.problem("\(record.place) is missing", zh: "存档文件缺失：\(record.place)")
    }
    guard try FileDigest(of: file.path).digest.hex == record.fileDigest else {
      return ArchivedRecords.problem(
        "\(record.place) is not the file that was imported: its SHA-256 is another", zh: "存档文件与导入时不同（SHA-256 不符）")
    }
    var reader = try file.reader()
    reader.wantedRecords = wanted
    if let fatal = try KeptFile.pass(&reader) {
      return ArchivedRecords.problem(
        "\(record.place) cannot be read any more: \(fatal.code.rawValue)", zh: "存档文件无法读取：\(fatal.code.rawValue)")
    }
    let texts = reader.recordTexts
    return { offset in
      texts[offset]
        ?? RecordText(
          problem: "no record begins at this byte any more: the layout has changed", zh: "版式已变，此处不再是一条记录的开头")
    }
  }

  private static func problem(_ text: String, zh: String) -> (Int) -> RecordText {
    { _ in RecordText(problem: text, zh: zh) }
  }
}
