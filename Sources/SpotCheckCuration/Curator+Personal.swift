import SpotCheckModel

/// What of a row may be kept and shown: raw text and diagnostics go into the catalogue, into receipts and logs, and must
/// not carry persons there. The whole row stays in the delivered file, which the archive keeps.
extension Curator {
  /// Something of the row that is masked where it stands, and everywhere else in what is said about the row.
  private struct Secret {
    var text: String
    var shown: String
    /// The cell's index in the chunk.
    var cell: Int
  }

  /// The row as delivered, masked: cells of tagged columns, and numbers of persons anywhere.
  ///
  /// In a row with more or fewer cells than the header has names, a column may have slipped by as many places, and in
  /// a damaged row any cell may hold anything: more is masked then.
  func shownText(of row: RawRow, _ chunk: RecordChunk) -> String {
    let secrets = self.secrets(of: row, chunk)
    guard !secrets.isEmpty else { return PersonalData.masked(deliveredText(of: row, chunk)) }
    let shown = Dictionary(secrets.map { ($0.cell, $0.shown) }) { first, _ in first }
    var text = ""
    if row.rawLength > 0, !row.isDamaged, let inPlace = replaced(row, chunk, shown) {
      text = inPlace
    } else {
      text = joinedCells(of: row, chunk, shown)
    }
    return PersonalData.masked(hide(secrets, in: text))
  }

  /// The diagnostic without what belongs to persons in its row.
  func hidden(_ diagnostic: Diagnostic, _ row: RawRow, _ chunk: RecordChunk) -> Diagnostic {
    guard !framing.personal.isEmpty else { return diagnostic }
    return hidden(diagnostic, secrets(of: row, chunk))
  }

  func hidden(_ diagnostics: [Diagnostic], _ row: RawRow, _ chunk: RecordChunk) -> [Diagnostic] {
    guard !framing.personal.isEmpty, !diagnostics.isEmpty else { return diagnostics }
    let secrets = self.secrets(of: row, chunk)
    return diagnostics.map { hidden($0, secrets) }
  }

  private func hidden(_ diagnostic: Diagnostic, _ secrets: [Secret]) -> Diagnostic {
    guard !secrets.isEmpty else { return diagnostic }
    var result = diagnostic
    result.message = hide(secrets, in: diagnostic.message)
    result.messageZh = hide(secrets, in: diagnostic.messageZh)
    result.rawText = hide(secrets, in: diagnostic.rawText)
    return result
  }

  /// A field's text as it may be shown.
  func shown(_ text: String, slot: Int) -> String {
    if slot == FieldTarget.samplingNumber.slot { return PersonalData.maskedKey(text) }
    return interpreter.fields[slot].isPersonal ? PersonalData.maskedIfPerson(text) : text
  }

  // MARK: Inside

  private func secrets(of row: RawRow, _ chunk: RecordChunk) -> [Secret] {
    guard !framing.personal.isEmpty else { return [] }
    let slip = slip(of: row, chunk)
    var secrets: [Secret] = []
    for index in Int(row.firstCell)..<(Int(row.firstCell) + Int(row.cellCount)) {
      let cell = chunk.cells[index]
      guard cell.length > 0, let kind = kind(of: Int(cell.column), slip, row.isDamaged) else { continue }
      let text = TextFolding.trimmed(chunk.text(of: cell))
      if text.isEmpty || plan.placeholders.contains(CodeTable.normalise(text)) { continue }
      let shown =
        switch kind {
        case .name: PersonalData.maskedName(text)
        case .number: PersonalData.maskedNumber(text)
        case .perhapsPerson: PersonalData.maskedIfPerson(text)
        }
      if shown != text { secrets.append(Secret(text: text, shown: shown, cell: index)) }
    }
    return secrets
  }

  /// By how many places the cells of the row may have moved against the header.
  private func slip(of row: RawRow, _ chunk: RecordChunk) -> Int {
    guard plan.header.mode == .named else { return 0 }
    let cells = chunk.cells(of: row)
    if cells.count < framing.width { return framing.width - cells.count }
    let filled = (cells.lastIndex { $0.length > 0 }).map { $0 - cells.startIndex + 1 } ?? 0
    return max(0, filled - framing.fullWidth)
  }

  private func kind(of column: Int, _ slip: Int, _ isDamaged: Bool) -> PersonalKind? {
    if isDamaged { return .name }
    if let kind = framing.personal[column] { return kind }
    guard slip > 0 else { return nil }
    var found: PersonalKind?
    for (place, kind) in framing.personal where abs(place - column) <= slip {
      // The strictest of those that may have slipped here: a name shows one letter only.
      if case .perhapsPerson = kind { found = found ?? .perhapsPerson } else { return .name }
    }
    return found
  }

  /// The raw text with the secret cells exchanged; nil if one of them stands elsewhere (it was un-escaped).
  private func replaced(_ row: RawRow, _ chunk: RecordChunk, _ shown: [Int: String]) -> String? {
    let raw = Int(row.rawOffset)..<(Int(row.rawOffset) + Int(row.rawLength))
    var out: [UInt8] = []
    var position = raw.lowerBound
    for index in Int(row.firstCell)..<(Int(row.firstCell) + Int(row.cellCount)) {
      guard let text = shown[index] else { continue }
      let cell = chunk.cells[index]
      let range = Int(cell.offset)..<(Int(cell.offset) + Int(cell.length))
      guard range.lowerBound >= position, range.upperBound <= raw.upperBound else { return nil }
      out.append(contentsOf: chunk.bytes[position..<range.lowerBound])
      out.append(contentsOf: text.utf8)
      position = range.upperBound
    }
    out.append(contentsOf: chunk.bytes[position..<raw.upperBound])
    return String(decoding: out, as: UTF8.self)
  }

  /// The row as delivered, or (XML) its values by name.
  func deliveredText(of row: RawRow, _ chunk: RecordChunk) -> String {
    chunk.rawText(of: row) ?? joinedCells(of: row, chunk, [:])
  }

  private func joinedCells(of row: RawRow, _ chunk: RecordChunk, _ shown: [Int: String]) -> String {
    var parts: [String] = []
    var size = 0
    for index in Int(row.firstCell)..<(Int(row.firstCell) + Int(row.cellCount)) where size <= Diagnostic.rawTextLimit {
      let cell = chunk.cells[index]
      let text = shown[index] ?? chunk.text(of: cell)
      if row.rawLength > 0 {
        parts.append(text)
      } else {
        let column = Int(cell.column)
        parts.append((column < framing.names.count ? framing.names[column] : "#\(column + 1)") + "=" + text)
      }
      size += parts.last?.utf8.count ?? 0
    }
    return parts.joined(separator: row.rawLength > 0 ? "," : "\n")
  }

  /// The same words elsewhere: a contact's name in a remark. Single letters are left, because they are other words.
  private func hide(_ secrets: [Secret], in text: String) -> String {
    guard !text.isEmpty else { return text }
    var result = text
    for secret in secrets.sorted(by: { $0.text.utf8.count > $1.text.utf8.count })
    where secret.text.unicodeScalars.count > 1 && Curator.mayContain(secret.text, in: result)
      && result.contains(secret.text)
    {
      result = result.replacing(secret.text, with: secret.shown)
    }
    return result
  }

  /// False only if `part` certainly stands nowhere in `text`. Comparing characters, as `contains` does, takes tens of
  /// microseconds; where no character of either equals or joins any other, their bytes say it.
  static func mayContain(_ part: String, in text: String) -> Bool {
    let (partBytes, textBytes) = (part.utf8, text.utf8)
    let (part, text) = (partBytes.span, textBytes.span)
    guard !part.isEmpty, isPlain(part), isPlain(text) else { return true }
    var start = 0
    while start <= text.count - part.count {
      if text[start] == part[0] {
        var length = 1
        while length < part.count, text[start + length] == part[length] { length += 1 }
        if length == part.count { return true }
      }
      start += 1
    }
    return false
  }

  /// Only ASCII without CR, U+2018–201D, U+3000–3029, U+4000–9FFF and U+FF00–FF3F: none of them is canonically equivalent
  /// to anything else, nor extends a character.
  private static func isPlain(_ bytes: Span<UInt8>) -> Bool {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        if byte == 0x0D { return false }
        index += 1
        continue
      }
      guard index + 2 < bytes.count else { return false }
      switch (byte, bytes[index + 1], bytes[index + 2]) {
      case (0xE2, 0x80, 0x98...0x9D), (0xE3, 0x80, 0x80...0xA9), (0xE4...0xE9, _, _), (0xEF, 0xBC, _): index += 3
      default: return false
      }
    }
    return true
  }
}
