public import SpotCheckModel

/// The refused rows of a delivery, to be mended in a spreadsheet and dropped back.
///
/// A returned file takes the place of what was delivered before about its samples, sample by sample. So it must hold
/// *all* rows of every sample that has a refused one: those that were right go along, marked 随附. The table is whole
/// and not masked: it goes to the bureau whose data it is, which could not mend it otherwise.
public struct RefusedRowsTable: Sendable {
  /// `pipeline/layout` that read the delivery.
  public var layout: String
  /// The delivered column names; of XML, the paths of the elements below the record.
  public var header: [String]
  public var rows: [RefusedRow]

  public init(layout: String, header: [String], rows: [RefusedRow] = []) {
    self.layout = layout
    self.header = header
    self.rows = rows
  }

  public var refusedCount: Int { rows.count { $0.isRefused } }

  /// UTF-8 with a byte order mark, comma, CR LF: what Excel and WPS open by a double click. The delivered columns as
  /// delivered (as wide as the widest row), and behind them ``ReturnedColumns/names``.
  public var csv: [UInt8] {
    let width = rows.reduce(header.count) { max($0, $1.cells.count) }
    var out: [UInt8] = [0xEF, 0xBB, 0xBF]
    RefusedRowsTable.append(RefusedRowsTable.fitted(header, width) + ReturnedColumns.names, to: &out)
    for row in rows {
      RefusedRowsTable.append(RefusedRowsTable.fitted(row.cells, width) + marks(of: row), to: &out)
    }
    return out
  }

  private func marks(of row: RefusedRow) -> [String] {
    switch row.kind {
    case .header: ReturnedColumns.names
    // A row of layout (a section, the limits of a wide table) is recognised by what is blank in it.
    case .layout: Array(repeating: "", count: ReturnedColumns.names.count)
    case .carried: [ReturnedColumns.carried, "", "", String(row.line), layout]
    case .refused(let reasons):
      [
        RefusedRowsTable.joined(reasons.map(\.code)), RefusedRowsTable.joined(reasons.map(\.message)),
        RefusedRowsTable.joined(reasons.map(\.remedy)), String(row.line), layout,
      ]
    }
  }

  /// Each text once, in order.
  private static func joined(_ texts: [String]) -> String {
    var seen: Set<String> = []
    return texts.filter { !$0.isEmpty && seen.insert($0).inserted }.joined(separator: "；")
  }

  private static func fitted(_ cells: [String], _ width: Int) -> [String] {
    cells + Array(repeating: "", count: max(0, width - cells.count))
  }

  private static func append(_ cells: [String], to out: inout [UInt8]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { out.append(0x2C) }
      let text = SpreadsheetGuard.guarded(cell).utf8
      let isPlain = text.allSatisfy { $0 != 0x2C && $0 != 0x22 && $0 != 0x0A && $0 != 0x0D }
      if isPlain, text.first != 0x20, text.last != 0x20 {
        out.append(contentsOf: text)
        continue
      }
      out.append(0x22)
      for byte in text {
        if byte == 0x22 { out.append(0x22) }
        out.append(byte)
      }
      out.append(0x22)
    }
    out.append(contentsOf: [0x0D, 0x0A])
  }
}

/// One row of the table.
public struct RefusedRow: Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// Refused, and why: all its problems.
    case refused([RefusedReason])
    /// Right, and part of a sample that has a refused row.
    case carried
    /// No record: a section row, or the limits of a wide table, which the rows below need.
    case layout
    /// A header in the midst of the file: the columns stand in another order below it.
    case header
  }
  public var kind: Kind
  public var cells: [String]
  /// Line in the delivered file, from 1; of an item of XML, the line of its record.
  public var line: Int

  public init(_ kind: Kind, cells: [String], line: Int) {
    self.kind = kind
    self.cells = cells
    self.line = line
  }

  public var isRefused: Bool {
    if case .refused = kind { return true }
    return false
  }
}

/// One problem of a refused row, for the clerk who mends it.
public struct RefusedReason: Sendable, Hashable {
  public var code: String
  public var message: String
  public var remedy: String

  public init(code: String, message: String, remedy: String) {
    self.code = code
    self.message = message
    self.remedy = remedy
  }

  /// In Chinese, with the column's name in front.
  public init(_ diagnostic: Diagnostic) {
    let text = diagnostic.code.text
    let column = diagnostic.position.fieldName.map { "“\($0)”：" } ?? ""
    self.init(
      code: diagnostic.code.rawValue,
      message: column + (diagnostic.messageZh.isEmpty ? text.titleZh : diagnostic.messageZh), remedy: text.remedyZh)
  }
}
