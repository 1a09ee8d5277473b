/// Reads the bulletin format: a strict little YAML in which published numbers are typed as they are printed.
///
/// Unknown keys, wrong types and unreadable numbers are problems with line and column, all of them at once.
struct BulletinReader {
  /// Longer names are mistakes: a missing quotation mark, most often.
  static let longestName = 200

  private let lines: [Substring]
  private(set) var problems: [AuditProblem] = []
  private var bulletin = Bulletin()

  /// - Throws: ``AuditRefusal`` with every problem of the file.
  static func read(_ text: String) throws(AuditRefusal) -> Bulletin {
    let (root, lines) = try BulletinYAML.read(text)
    var reader = BulletinReader(lines: lines)
    reader.readRoot(root)
    guard reader.problems.isEmpty else { throw AuditRefusal(reader.problems) }
    return reader.bulletin
  }

  private init(lines: [Substring]) { self.lines = lines }

  private mutating func readRoot(_ root: BulletinNode) {
    for entry in entries(root, BulletinKeys.root, of: "a bulletin") {
      let value = entry.value
      switch entry.key {
      case "title": bulletin.title = text(entry) ?? ""
      case "source", "number", "period", "note": _ = text(entry)
      case "targets":
        for element in elements(entry) {
          if let target = element.text.flatMap(AuditTarget.init) {
            bulletin.targets.append(target)
          } else {
            fault(element.position, "a target is a percentage from 0 to 100, such as 95; found \(element.kindName)")
          }
        }
      case "total": bulletin.total = figures(value, name: "", BulletinKeys.figures, of: "'total'")
      case "breakdowns": for element in elements(entry) { readBreakdown(element) }
      case "lists": for element in elements(entry) { readList(element) }
      case "changes": for element in elements(entry) { readChange(element) }
      case "sentences": for element in elements(entry) { readSentence(element) }
      default: break
      }
    }
    // A bulletin without a single figure is a mistake, not a clean one.
    let hasFigures =
      bulletin.total != nil || !bulletin.breakdowns.isEmpty || !bulletin.lists.isEmpty || !bulletin.changes.isEmpty
      || !bulletin.statements.isEmpty || bulletin.notUnderstood > 0
    if problems.isEmpty, !hasFigures {
      fault(root.position, "there are no figures: give 'total', 'breakdowns', 'lists', 'changes' or 'sentences'")
    }
  }

  private mutating func readBreakdown(_ node: BulletinNode) {
    var breakdown = Breakdown(name: "", position: node.position, rows: [])
    for entry in entries(node, BulletinKeys.breakdown, of: "a breakdown", required: ["name", "rows"]) {
      switch entry.key {
      case "name": breakdown.name = text(entry) ?? ""
      case "partial": breakdown.isPartial = boolean(entry) ?? false
      case "total": breakdown.total = figures(entry.value, name: "", BulletinKeys.figures, of: "'total'")
      case "rows":
        breakdown.position = entry.position
        for element in elements(entry) {
          let name = name(of: element)
          if let row = figures(element, name: name, BulletinKeys.row, of: "a row", required: ["name"]) {
            breakdown.rows.append(row)
          }
        }
      default: break
      }
    }
    bulletin.breakdowns.append(breakdown)
  }

  private mutating func readList(_ node: BulletinNode) {
    var list = ClassList(name: "", position: node.position, entries: [])
    for entry in entries(node, BulletinKeys.list, of: "a list", required: ["name", "rows"]) {
      switch entry.key {
      case "name": list.name = text(entry) ?? ""
      case "partial": list.isPartial = boolean(entry) ?? false
      case "total": list.total = count(entry)
      case "counts":
        guard let word = text(entry) else { continue }
        if !BulletinKeys.countWords.contains(word) {
          fault(entry.value.position, "'counts' is items or samples; found '\(word.prefix(40))'")
        }
        list.countsSamples = word == "samples"
      case "rows":
        list.position = entry.position
        for element in elements(entry) {
          var row = ClassList.Entry(name: name(of: element), position: element.position)
          for field in entries(element, BulletinKeys.listRow, of: "a list's row", required: ["name"]) {
            switch field.key {
            case "count": row.count = count(field)
            case "share": row.share = percent(field)
            default: _ = text(field)
            }
          }
          list.entries.append(row)
        }
      default: break
      }
    }
    bulletin.lists.append(list)
  }

  private mutating func readChange(_ node: BulletinNode) {
    var name = ""
    var kind = RateKind.pass
    var sides: [String: BulletinNode] = [:]
    var points: PrintedPercent?
    for entry in entries(node, BulletinKeys.change, of: "a change", required: ["from", "to", "points"]) {
      switch entry.key {
      case "name": name = text(entry) ?? ""
      case "rate":
        guard let word = text(entry) else { continue }
        if let known = RateKind(name: word) {
          kind = known
        } else {
          fault(entry.value.position, "'rate' is 合格率, 不合格率 or 问题发现率; found '\(word.prefix(40))'")
        }
      case "points": points = self.points(entry)
      default: sides[entry.key] = entry.value
      }
    }
    guard let from = sides["from"].flatMap({ side($0, kind) }), let to = sides["to"].flatMap({ side($0, kind) }),
      let points
    else { return }
    bulletin.changes.append(
      RateChange(name: name, position: node.position, kind: kind, from: from, to: to, points: points))
  }

  /// A rate alone, or figures.
  private mutating func side(_ node: BulletinNode, _ kind: RateKind) -> Figures? {
    guard let text = node.text else { return figures(node, name: "", BulletinKeys.figures, of: "a change's rate") }
    guard let percent = BulletinNumbers.percent(text, at: node.textPosition) else {
      fault(node.position, "expected a rate as printed, such as 98.1%, or figures; found \(node.kindName)")
      return nil
    }
    var figures = Figures(name: "", position: node.position)
    figures.rates = [PrintedRate(kind: kind, percent: percent)]
    return figures
  }

  private mutating func readSentence(_ node: BulletinNode) {
    var spoken = node
    if case .map = node.content {
      for entry in entries(node, BulletinKeys.sentence, of: "a sentence", required: ["text"]) {
        if entry.key == "paraphrase" { _ = boolean(entry) } else { spoken = entry.value }
      }
    }
    guard let text = spoken.text, !spoken.isNothing else {
      fault(spoken.position, "a sentence is a text, or a map with 'text'; found \(spoken.kindName)")
      return
    }
    let source = SourceText(text, origin: spoken.textPosition)
    let prose = ProseReader.read(source, lines: source.lines)
    bulletin.statements += prose.statements.map(\.figures)
    bulletin.changes += prose.changes
    bulletin.notUnderstood += prose.notUnderstood
  }

  private mutating func figures(
    _ node: BulletinNode, name: String, _ keys: [String], of what: String, required: [String] = []
  ) -> Figures? {
    var figures = Figures(name: name, position: node.position)
    for entry in entries(node, keys, of: what, required: required) {
      if let kind = RateKind(name: entry.key) {
        if let percent = percent(entry) { figures.rates.append(PrintedRate(kind: kind, percent: percent)) }
        continue
      }
      switch entry.key {
      case "sampled": figures.sampled = count(entry)
      case "inspected": figures.inspected = count(entry)
      case "passed": figures.passed = count(entry)
      case "failed": figures.failed = count(entry)
      default: _ = text(entry)
      }
    }
    return figures
  }
}

// MARK: Values

extension BulletinReader {
  /// The entries of a map with known keys only; problems for all others and for those that are missing.
  private mutating func entries(
    _ node: BulletinNode, _ keys: [String], of what: String, required: [String] = []
  ) -> [BulletinEntry] {
    guard case .map(let entries) = node.content else {
      fault(
        node.position,
        "expected \(what) with the keys \(keys.prefix(5).joined(separator: ", ")), …; "
          + "found \(node.kindName)")
      return []
    }
    for key in required where !entries.contains(where: { $0.key == key }) {
      fault(node.position, "\(what) needs the key '\(key)'")
    }
    return entries.filter { entry in
      if keys.contains(entry.key) { return true }
      fault(entry.position, "unknown key '\(entry.key.prefix(40))' in \(what)" + NearestKey.hint(entry.key, in: keys))
      return false
    }
  }

  private mutating func elements(_ entry: BulletinEntry) -> [BulletinNode] {
    if case .list(let elements) = entry.value.content { return elements }
    fault(entry.value.position, "'\(entry.key)' must be a list; found \(entry.value.kindName)")
    return []
  }

  private func name(of node: BulletinNode) -> String {
    guard case .map(let entries) = node.content else { return "" }
    return entries.first { $0.key == "name" }?.value.text ?? ""
  }

  private mutating func text(_ entry: BulletinEntry) -> String? {
    if let text = entry.value.text, !entry.value.isNothing {
      if entry.key == "name", text.unicodeScalars.count > BulletinReader.longestName {
        fault(entry.value.position, "a name has at most \(BulletinReader.longestName) characters")
      }
      return text
    }
    fault(entry.value.position, "'\(entry.key)' must be a text; found \(entry.value.kindName)")
    return nil
  }

  private mutating func boolean(_ entry: BulletinEntry) -> Bool? {
    if case .scalar(let text, true) = entry.value.content, text == "true" || text == "false" { return text == "true" }
    fault(entry.value.position, "'\(entry.key)' must be true or false; found \(entry.value.kindName)")
    return nil
  }

  private mutating func count(_ entry: BulletinEntry) -> PrintedCount? {
    if let text = entry.value.text, let count = BulletinNumbers.count(text, at: entry.value.textPosition) {
      return count
    }
    fault(
      entry.value.position,
      "'\(entry.key)' must be a whole number up to \(PrintedCount.largest), such as 31392; found \(entry.value.kindName)"
    )
    return nil
  }

  private mutating func percent(_ entry: BulletinEntry) -> PrintedPercent? {
    if let text = entry.value.text, let percent = BulletinNumbers.percent(text, at: entry.value.textPosition) {
      return percent
    }
    fault(
      entry.value.position,
      "'\(entry.key)' must be a rate as printed, with its sign and all digits, such as 2.90%; "
        + "found \(entry.value.kindName)")
    return nil
  }

  private mutating func points(_ entry: BulletinEntry) -> PrintedPercent? {
    if let text = entry.value.text, let points = BulletinNumbers.points(text, at: entry.value.textPosition) {
      return points
    }
    fault(
      entry.value.position,
      "'points' must be a signed number of percentage points, such as -0.13; found \(entry.value.kindName)")
    return nil
  }

  private mutating func fault(_ position: AuditPosition, _ message: String) {
    guard problems.count < BulletinYAML.problemLimit else { return }
    let isLine = position.line >= 1 && position.line <= lines.count
    problems.append(AuditProblem(position, message, sourceLine: isLine ? String(lines[position.line - 1]) : ""))
  }
}
