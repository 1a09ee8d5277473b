/// The columns that we add to a table of refused rows before it goes back to the bureau. A delivered file whose header
/// has all of them is such a table, mended and dropped back: every layout knows them, and none reads them.
public enum ReturnedColumns {
  public static let code = "拒收代码"
  public static let reason = "拒收原因"
  public static let remedy = "修改建议"
  /// The line in the file as first delivered; of an item of XML, the line of its record.
  public static let line = "原行号"
  /// `pipeline/layout` that read the file first, and reads it again.
  public static let layout = "原布局"

  /// In the order in which they stand, behind the delivered columns.
  public static let names = [code, reason, remedy, line, layout]
  /// Stands in ``code`` of a row that is right and goes back with the refused rows of its sample.
  public static let carried = "随附"

  /// Where each of ``names`` stands in a header row, or nil if it is not the header of a returned table. Ours stand
  /// last, so of several columns with one name it is the last.
  public static func find(in header: [String]) -> [String: Int]? {
    var places: [String: Int] = [:]
    for (index, cell) in header.enumerated().reversed() {
      let name = cell.filter { !$0.isWhitespace && $0 != "\u{FEFF}" }
      if places[name] == nil, names.contains(name) { places[name] = index }
    }
    return places.count == names.count ? places : nil
  }
}
