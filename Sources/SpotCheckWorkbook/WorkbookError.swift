/// Why a workbook cannot be written.
public enum WorkbookError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The program was built without the trait XLSX.
  case notBuilt
  /// A sheet holds 1,048,576 rows and 16,384 columns.
  case tooLarge(rows: Int, columns: Int)
  /// A cell holds 32,767 UTF-16 units. Row and column are counted from 1, the heading is row 1.
  case textTooLong(row: Int, column: Int, length: Int)
  case noSpace(folder: String)
  /// What the library says.
  case library(String)

  public var description: String {
    switch self {
    case .notBuilt: "this spotcheck was built without XLSX: install libxlsxwriter-dev and build with --traits XLSX"
    case .tooLarge(let rows, let columns):
      "\(rows) rows and \(columns) columns are too many for a sheet, which holds \(WorkbookLimits.rows) rows (the heading "
        + "is one) and \(WorkbookLimits.columns) columns"
    case .textTooLong(let row, let column, let length):
      "the text in row \(row), column \(column) has \(length) characters, and a cell holds \(WorkbookLimits.text)"
    case .noSpace(let folder): "not enough space for a workbook in \(folder); TMPDIR names another folder"
    case .library(let text): "the workbook cannot be written: \(text)"
    }
  }
}

/// What a sheet can hold (ECMA-376; "Excel specifications and limits").
public enum WorkbookLimits {
  public static let rows = 1_048_576
  public static let columns = 16_384
  /// UTF-16 units of a text.
  public static let text = 32_767
  /// Digits of a number that survive.
  public static let digits = 15
}
