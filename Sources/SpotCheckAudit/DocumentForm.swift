/// What kind of document a text is.
enum DocumentForm: Hashable {
  case bulletin, text, json, markup
  case separated(Unicode.Scalar)

  /// Told from the first line that says something.
  static func of(_ text: String) -> DocumentForm {
    let head = String(text.unicodeScalars.prefix(20_000))
    let lines = head.split(omittingEmptySubsequences: true) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
    guard let first = lines.first(where: { !isSilent($0) }) else { return .text }
    let line = first.drop { $0 == " " || $0 == "\t" }
    if line.hasPrefix("{") { return .json }
    if line.hasPrefix("<") { return .markup }
    for separator in [",", "\t"] as [Unicode.Scalar] {
      let names = line.unicodeScalars.split(separator: separator, omittingEmptySubsequences: false).map {
        String(Substring($0))
      }
      if RateTable.isHeader(names) { return .separated(separator) }
    }
    return isKey(first) ? .bulletin : .text
  }

  /// Blank, a YAML comment or the start of a YAML document.
  private static func isSilent(_ line: Substring) -> Bool {
    let body = line.drop { $0 == " " || $0 == "\t" }
    return body.isEmpty || body == "---" || (body.hasPrefix("#") && body.dropFirst().first == " ")
  }

  /// `title:` at the beginning of a line. Chinese bulletins do not begin so.
  private static func isKey(_ line: Substring) -> Bool {
    guard let colon = line.firstIndex(of: ":") else { return false }
    let key = line[..<colon]
    guard !key.isEmpty, key.utf8.count <= 40,
      key.utf8.allSatisfy({ $0 >= 0x61 && $0 <= 0x7A || $0 >= 0x41 && $0 <= 0x5A || $0 == 0x5F })
    else { return false }
    let rest = line[line.index(after: colon)...]
    return rest.isEmpty || rest.first == " " || rest.first == "\t"
  }
}

/// Bytes as text.
enum DocumentText {
  /// UTF-8 with or without byte order mark; anything else is refused with advice.
  static func decode(_ bytes: [UInt8]) throws(AuditRefusal) -> String {
    guard !bytes.isEmpty else { throw AuditRefusal("the file is empty") }
    guard bytes.count <= Auditor.byteLimit else {
      throw AuditRefusal("the file has \(bytes.count) bytes; more than \(Auditor.byteLimit) are not audited")
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw AuditRefusal("the file is UTF-16; convert to UTF-8: iconv -f UTF-16 -t UTF-8 FILE")
    }
    for (name, magic) in [("a PDF", "%PDF"), ("a Word or Excel file (or another zip)", "PK\u{3}\u{4}")]
    where bytes.starts(with: magic.utf8) {
      throw AuditRefusal("this is \(name); save what it shows as UTF-8 text, and audit that")
    }
    guard !bytes.contains(0) else { throw AuditRefusal("this is no text: it holds zero bytes") }
    let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard let text = String(validating: body, as: UTF8.self) else {
      throw AuditRefusal("the file is not UTF-8; convert to UTF-8: iconv -f GB18030 -t UTF-8 FILE")
    }
    return text
  }
}
