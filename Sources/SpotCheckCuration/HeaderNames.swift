import SpotCheckModel

/// How column names are compared: without case, width, blanks, line breaks and the marks of required columns.
public enum HeaderNames {
  private static let marks: Set<Unicode.Scalar> = ["*", "\u{2605}", "\u{203B}"]

  public static func normalise(_ text: String) -> String {
    var name = CodeTable.normalise(text)
    // One byte tells most names from those with a mark.
    if name.utf8.contains(where: { $0 == 0x2A || $0 == 0xE2 }), name.unicodeScalars.contains(where: marks.contains) {
      name.unicodeScalars.removeAll(where: marks.contains)
    }
    // Nearly no name has a bracket, and taking texts apart is slow.
    guard name.utf8.contains(where: { $0 == 0x28 || $0 == 0x5B }) else { return name }
    for mark in ["(必填)", "[必填]", "(必填项)", "(选填)", "[选填]"] {
      name = CombinedReader.split(name, mark).joined()
    }
    return name
  }
}

/// Rows below the data that no pipeline needs to name: totals and signatures.
enum FooterWords {
  private static let whole: Set<String> = ["合计", "总计", "小计", "共计", "合计:", "总计:", "小计:", "共计:", "备注:", "注:"]
  private static let beginnings = [
    "填表人", "制表人", "审核人", "填报人", "审批人", "签发人", "复核人", "填表日期", "制表日期", "填报日期", "填报单位:", "制表单位:", "备注:", "注:", "说明:",
    "合计:", "总计:",
  ]

  /// Whether a normalised text opens a footer.
  static func isFooter(_ key: String) -> Bool {
    whole.contains(key) || beginnings.contains { key.hasPrefix($0) }
  }
}
