import SpotCheckCuration
import SpotCheckModel
import SpotCheckReading
import SpotCheckSystem

/// Reads the raw records of a file as a layout reads them, and profiles their columns.
struct FileProfile {
  private(set) var columns: [ColumnProfile] = []
  private(set) var encoding = ""
  private(set) var dialect = ""
  /// Line of the header row; 0: there is none, or it was not found.
  private(set) var headerLine = 0
  private(set) var isCompressed = false

  /// - Parameter layout: nil: none fits; columns are profiled all the same.
  init(_ path: String, name: String, format: DeliveredFormat, layout: LayoutPlan?, limits: ReadingLimits) throws {
    let stream = PayloadStream(try FileSource(path), name: name, limits: limits)
    let text = TextStream(stream, label: layout?.reading.encoding ?? "auto", limits: limits)
    switch format {
    case .csv: try readCSV(text, layout, limits)
    case .xml: try readXML(text, layout, limits)
    }
    guard let layout else { return }
    for field in layout.curation.fields {
      for source in field.sources {
        guard case .name(let wanted) = source else { continue }
        let key = HeaderNames.normalise(wanted)
        for index in columns.indices {
          let name = HeaderNames.normalise(columns[index].name)
          // An XML path is named by its end.
          guard name == key || name.hasSuffix("/" + key) else { continue }
          if !columns[index].fields.contains(field.target.rawValue) {
            columns[index].fields.append(field.target.rawValue)
          }
          if field.isPersonal { columns[index].isPersonal = true }
        }
      }
    }
  }

  private mutating func readCSV(
    _ text: consuming TextStream, _ layout: LayoutPlan?, _ limits: ReadingLimits
  ) throws {
    isCompressed = text.isCompressed
    var reader = CSVReader(text, dialect: layout.flatMap { CSVDialect($0.reading) }, limits: limits)
    var chunk = RecordChunk()
    var isHeaderFound = layout?.reading.isHeaderless ?? false
    while try reader.next(into: &chunk) {
      for row in chunk.rows where row.cellCount > 0 && !row.isDamaged {
        let cells = chunk.cells(of: row).map { chunk.text(of: $0) }
        if !isHeaderFound {
          // Titles above the header belong to no column.
          guard isHeader(cells, layout) else { continue }
          isHeaderFound = true
          headerLine = row.line
          columns = cells.map { ColumnProfile($0) }
          continue
        }
        while columns.count < cells.count, columns.count < 4096 {
          columns.append(ColumnProfile("#\(columns.count + 1)"))
        }
        for (index, cell) in cells.enumerated() where index < columns.count { columns[index].add(cell) }
      }
    }
    _ = reader.takeDiagnostics()
    encoding = reader.encoding?.rawValue ?? ""
    if let found = reader.dialect {
      let names: [UInt8: String] = [9: "tab", 44: "comma", 59: "semicolon", 124: "pipe", 32: "space"]
      dialect = names[found.delimiter] ?? String(decoding: [found.delimiter], as: UTF8.self)
    }
  }

  private func isHeader(_ cells: [String], _ layout: LayoutPlan?) -> Bool {
    let filled = cells.filter { !$0.isEmpty }
    guard let layout, !layout.match.normalisedHeader.isEmpty else { return filled.count > 1 }
    let present = Set(cells.map { HeaderNames.normalise($0) })
    return layout.match.normalisedHeader.allSatisfy(present.contains)
  }

  private mutating func readXML(
    _ text: consuming TextStream, _ layout: LayoutPlan?, _ limits: ReadingLimits
  ) throws {
    isCompressed = text.isCompressed
    var options = XMLReadingOptions(namespace: layout?.reading.namespace)
    if let reading = layout?.reading {
      options.recordPath = try? XMLPath(reading.recordPath)
      options.itemPath = reading.itemPath.isEmpty ? nil : try? XMLPath(reading.itemPath)
    }
    var reader = XMLRecordReader(text, options: options, limits: limits)
    var chunk = RecordChunk()
    while try reader.next(into: &chunk) {
      let names = reader.columnNames
      while columns.count < names.count { columns.append(ColumnProfile(names[columns.count])) }
      for row in chunk.rows {
        for cell in chunk.cells(of: row) where Int(cell.column) < columns.count {
          columns[Int(cell.column)].add(chunk.text(of: cell))
        }
      }
    }
    _ = reader.takeDiagnostics()
    encoding = reader.encoding?.rawValue ?? ""
  }
}
