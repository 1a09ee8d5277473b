import SpotCheckModel

/// One item found in a combined cell: the texts of its parts, as delivered.
struct CombinedItem: Sendable, Equatable {
  var parts: [FieldTarget: String] = [:]
}

/// Reads cells that hold whole items: `项目║结果║标准值`, several of them, or templates.
struct CombinedReader: Sendable {
  private let plan: CombinedPlan
  private let templates: [CombinedTemplate]
  private let nothing: [GlobPattern]
  private let placeholders: Set<String>
  private let separators: SeparatorSearch
  /// Marks between items.
  private let between: [(text: String, bytes: [UInt8])]

  init(plan: CombinedPlan, placeholders: Set<String>) {
    self.plan = plan
    self.placeholders = placeholders
    templates = plan.templates.map { CombinedTemplate($0) }
    nothing = plan.nothing.map { GlobPattern($0) }
    separators = SeparatorSearch(plan.separators)
    between = plan.between.filter { !$0.isEmpty }.map { ($0, Array($0.utf8)) }
  }

  /// The items of a cell in order, or nil if the text fits no grammar of the plan.
  func read(_ text: String) -> [CombinedItem]? {
    let trimmed = TextFolding.trimmed(text)
    if trimmed.isEmpty || placeholders.contains(CodeTable.normalise(trimmed)) { return [] }
    if nothing.contains(where: { $0.matches(trimmed) }) { return [] }
    if let items = itemByItem(trimmed) { return items }
    // What looked like a mark between items may stand inside one.
    return byTemplate(trimmed).map { [$0] }
  }

  /// Every piece of the cell as an item; nil if one of them is none.
  private func itemByItem(_ text: String) -> [CombinedItem]? {
    var result: [CombinedItem] = []
    for piece in pieces(text) {
      if nothing.contains(where: { $0.matches(TextFolding.trimmed(piece)) }) { continue }
      guard let item = byTemplate(piece) ?? byParts(piece) else { return nil }
      result.append(item)
    }
    return result.isEmpty ? nil : result
  }

  private func byTemplate(_ text: String) -> CombinedItem? {
    for template in templates {
      guard let match = template.match(text) else { continue }
      return CombinedItem(parts: Dictionary(match, uniquingKeysWith: { first, _ in first }))
    }
    return nil
  }

  /// The separator that this piece uses: the first of the plan's that occurs.
  private func separator(in text: String) -> String? { separators.first(in: text) }

  private func byParts(_ text: String) -> CombinedItem? {
    guard !plan.parts.isEmpty, let separator = separator(in: text) else { return nil }
    var texts = CombinedReader.split(text, separator).map { TextFolding.trimmed($0) }
    // A separator at the end opens no further part.
    if texts.count > plan.parts.count, texts.last?.isEmpty == true { texts.removeLast() }
    guard texts.count >= 2, texts.count <= plan.parts.count + 1, texts.first?.isEmpty == false else { return nil }
    var item = CombinedItem()
    for (target, part) in zip(plan.parts, texts) where !part.isEmpty { item.parts[target] = part }
    if texts.count == plan.parts.count + 1, let unit = texts.last, !unit.isEmpty { item.parts[.valueUnit] = unit }
    return item
  }

  /// Cuts a cell into items. A piece that lacks the separators of an item belongs to the next one (`2,4-滴` where items
  /// are joined by commas), and what follows a complete item without separators belongs to it (`n=5,c=2,m=10`).
  private func pieces(_ text: String) -> [String] {
    var found: [(text: String, before: String)] = [(text, "")]
    let utf8 = Array(text.utf8)
    for mark in between where SeparatorSearch.occurs(mark.bytes.span, in: utf8.span) {
      found = found.flatMap { piece -> [(text: String, before: String)] in
        let parts = CombinedReader.split(piece.text, mark.text)
        return parts.enumerated().map { (text: $1, before: $0 == 0 ? piece.before : mark.text) }
      }
    }
    found.removeAll { TextFolding.trimmed($0.text).isEmpty }
    if !templates.isEmpty, separator(in: text) == nil { return templatePieces(found) }
    var result: [String] = []
    var open = ""
    var openBefore = ""
    for (index, piece) in found.enumerated() {
      let isPlanText = isPlanPart(piece.text)
      if isPlanText, open.isEmpty, !result.isEmpty {
        result[result.count - 1] += piece.before + piece.text
        continue
      }
      if open.isEmpty {
        openBefore = piece.before
        open = piece.text
      } else {
        open += piece.before + piece.text
      }
      // A comma may stand inside a value, a semicolon or a line end does not: `标签║不符合；铅║0.3║≤0.2`.
      let next = index + 1 < found.count ? found[index + 1].before : ""
      let isHard = !next.isEmpty && ![",", "，", "、", " "].contains(next)
      if isComplete(open) || (isHard && separator(in: open) != nil) {
        result.append(open)
        open = ""
      }
    }
    if !open.isEmpty {
      // Two parts are an item too (标签║不符合); a rest without any separator belongs to the item before it.
      if separator(in: open) != nil || result.isEmpty {
        result.append(open)
      } else {
        result[result.count - 1] += openBefore + open
      }
    }
    return result
  }

  /// Pieces for templates. A mark stands inside an item, and not between two, where brackets are open, where a piece of
  /// a sampling plan follows (`c=2`), and where what stands before it is no name (the 2 of `2,4-滴`).
  private func templatePieces(_ found: [(text: String, before: String)]) -> [String] {
    var result: [String] = []
    /// Of the last piece: brackets open, and whether it has the letters of a name.
    var (depth, isNamed) = (0, false)
    for piece in found {
      if !result.isEmpty, depth > 0 || !isNamed || isPlanPart(piece.text) {
        result[result.count - 1] += piece.before + piece.text
      } else {
        result.append(piece.text)
        (depth, isNamed) = (0, nothing.contains { $0.matches(TextFolding.trimmed(piece.text)) })
      }
      for scalar in piece.text.unicodeScalars {
        if "(（[【".unicodeScalars.contains(scalar) { depth += 1 }
        if ")）]】".unicodeScalars.contains(scalar) { depth = max(0, depth - 1) }
        isNamed = isNamed || scalar.properties.isAlphabetic
      }
    }
    return result
  }

  private func isComplete(_ text: String) -> Bool {
    guard let separator = separator(in: text) else { return false }
    return CombinedReader.split(text, separator).count >= plan.parts.count
  }

  private func isPlanPart(_ text: String) -> Bool {
    // The sign, or its full-width twin, which ends in this byte; most texts have none.
    guard text.utf8.contains(where: { $0 == 0x3D || $0 == 0x9D }) else { return false }
    let scalars = Array(TextFolding.fold(text).unicodeScalars)
    return scalars.count >= 3 && ["n", "c", "m", "M"].contains(scalars[0]) && scalars[1] == "="
  }

  static func split(_ text: String, _ separator: String) -> [String] {
    let bytes = Array(text.utf8)
    let mark = Array(separator.utf8)
    guard !mark.isEmpty, bytes.count >= mark.count else { return [text] }
    var result: [String] = []
    var start = 0
    var index = 0
    while index + mark.count <= bytes.count {
      if bytes[index] == mark[0], bytes[index..<(index + mark.count)].elementsEqual(mark) {
        result.append(String(decoding: bytes[start..<index], as: UTF8.self))
        index += mark.count
        start = index
      } else {
        index += 1
      }
    }
    result.append(String(decoding: bytes[start...], as: UTF8.self))
    return result
  }
}
