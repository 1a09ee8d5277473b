// UNSAFE FILE: libxlsxwriter hands out raw pointers to its workbook, sheets and formats. All of them belong to the workbook,
// which frees them when it is closed; none leaves this file.

#if XLSX
  internal import CXLSXWriter
#endif

/// A workbook being written, sheet by sheet and row by row, from the top.
public final class WorkbookFile {
  /// About how many bytes the rows so far take.
  private(set) var roughSize = 1 << 20

  #if XLSX
    static let isBuilt = true

    private struct Style: Hashable {
      var format: String
      var isStrong: Bool
    }

    private var book: UnsafeMutablePointer<lxw_workbook>?
    private var sheet: UnsafeMutablePointer<lxw_worksheet>?
    private var styles: [Style: UnsafeMutablePointer<lxw_format>] = [:]

    /// 1980-01-01, the first day that a zip file knows: the library would put the time of writing.
    private static let created = 315_532_800

    init(_ path: String, temporaryFolder: String) throws(WorkbookError) {
      // SAFETY: the library copies both texts. Rows go to a temporary file one by one, so that a sheet of a million is
      // never in memory.
      book = path.withCString { path in
        Array(temporaryFolder.utf8CString).withUnsafeBufferPointer { folder in
          var options = lxw_workbook_options()
          options.constant_memory = 1
          options.use_zip64 = 0
          options.tmpdir = UnsafeMutablePointer(mutating: folder.baseAddress)
          return workbook_new_opt(path, &options)
        }
      }
      guard book != nil else { throw .library("out of memory") }
      var properties = lxw_doc_properties()
      properties.created = WorkbookFile.created
      try check(workbook_set_properties(book, &properties))
    }

    deinit {
      // SAFETY: closed books are nil; one that was given up is freed without being written.
      if let book { lxw_workbook_free(book) }
    }

    /// Starts the next sheet: at most 31 characters, another name than the others'.
    public func startSheet(_ name: String) throws(WorkbookError) {
      sheet = workbook_add_worksheet(book, name)
      guard sheet != nil else { throw .library("no sheet can be named '\(name)'") }
    }

    /// Rows from the top, columns from the left, both from 0.
    public func write(_ cell: WorkbookCell, row: Int, column: Int) throws(WorkbookError) {
      guard row < WorkbookLimits.rows, column < WorkbookLimits.columns,
        let row32 = UInt32(exactly: row), let column16 = UInt16(exactly: column)
      else { throw .tooLarge(rows: row + 1, columns: column + 1) }
      switch cell.value {
      case .empty: return
      case .number(let number):
        roughSize += 48
        try check(worksheet_write_number(sheet, row32, column16, number, try style(of: cell)))
      case .text(let text):
        let length = text.utf16.count
        guard length <= WorkbookLimits.text else {
          throw .textTooLong(row: row + 1, column: column + 1, length: length)
        }
        roughSize += 64 + text.utf8.count
        try check(worksheet_write_string(sheet, row32, column16, WorkbookText.escaped(text), try style(of: cell)))
      }
    }

    /// Widths in characters, one a column.
    public func setWidths(_ widths: [Int]) throws(WorkbookError) {
      for (column, width) in widths.enumerated() {
        guard let column = UInt16(exactly: column) else { continue }
        try check(worksheet_set_column(sheet, column, column, Double(width), nil))
      }
    }

    /// The first row stays in sight, and the rows from there to `lastRow` can be filtered by its arrows.
    public func setHeading(columns: Int, lastRow: Int) throws(WorkbookError) {
      guard columns > 0, let last = UInt32(exactly: lastRow), let column = UInt16(exactly: columns - 1) else { return }
      worksheet_freeze_panes(sheet, 1, 0)
      try check(worksheet_autofilter(sheet, 0, 0, last, column))
    }

    func close() throws(WorkbookError) {
      let closing = book
      // SAFETY: the library frees the book whether or not it could be written.
      (book, sheet, styles) = (nil, nil, [:])
      try check(workbook_close(closing))
    }

    private func style(of cell: WorkbookCell) throws(WorkbookError) -> UnsafeMutablePointer<lxw_format> {
      let style = Style(format: cell.format, isStrong: cell.isStrong)
      if let known = styles[style] { return known }
      guard let format = workbook_add_format(book) else { throw .library("out of memory") }
      format_set_num_format(format, cell.format)
      if cell.isStrong { format_set_bold(format) }
      styles[style] = format
      return format
    }

    private func check(_ result: lxw_error) throws(WorkbookError) {
      guard result != LXW_NO_ERROR else { return }
      // SAFETY: a constant text of the library's.
      throw .library(lxw_strerror(result).map { String(cString: $0) } ?? "error \(result.rawValue)")
    }
  #else
    static let isBuilt = false

    init(_ path: String, temporaryFolder: String) throws(WorkbookError) { throw .notBuilt }
    public func startSheet(_ name: String) throws(WorkbookError) { throw .notBuilt }
    public func write(_ cell: WorkbookCell, row: Int, column: Int) throws(WorkbookError) { throw .notBuilt }
    public func setWidths(_ widths: [Int]) throws(WorkbookError) { throw .notBuilt }
    public func setHeading(columns: Int, lastRow: Int) throws(WorkbookError) { throw .notBuilt }
    func close() throws(WorkbookError) { throw .notBuilt }
  #endif
}
