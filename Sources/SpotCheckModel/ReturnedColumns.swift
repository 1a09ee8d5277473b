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
      guard let name = name(cell) else { continue }
      if places[name] == nil { places[name] = index }
    }
    return places.count == names.count ? places : nil
  }

  /// Which of ``names`` a cell is, blanks aside. Asked of the first thirty rows of every file: what has no blank in it, which is
  /// nearly every cell, is compared as it stands.
  private static func name(_ cell: String) -> String? {
    if !cell.utf8.contains(where: mayBeBlank) { return names.first { $0.utf8.elementsEqual(cell.utf8) } }
    let name = cell.filter { !$0.isWhitespace && $0 != "\u{FEFF}" }
    return names.contains(name) ? name : nil
  }

  /// Whether a byte may belong to a blank: those of ASCII, U+0085, U+00A0, U+1680, U+2000 and on, U+3000 or U+FEFF.
  private static func mayBeBlank(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == 0xC2 || (0xE1...0xE3).contains(byte) || byte == 0xEF
  }
}
