import SpotCheckModel

extension Interpreter {
  mutating func learn(_ slot: Int, _ bytes: Span<UInt8>) {
    var entry = MemoEntry()
    entry.hashLow = ByteDictionary.stableHash(bytes, seed: seeds[slot].low)
    entry.hashHigh = ByteDictionary.stableHash(bytes, seed: seeds[slot].high)
    if !readQuickly(slot, bytes, &entry) {
      var copy: [UInt8] = []
      copy.reserveCapacity(bytes.count)
      for index in 0..<bytes.count { copy.append(bytes[index]) }
      interpret(slot, String(decoding: copy, as: UTF8.self), &entry)
    }
    memos[slot].entries.append(entry)
  }

  /// The families that hardly repeat, without making a string: plain texts, numbers of samples and decimals.
  private mutating func readQuickly(_ slot: Int, _ bytes: Span<UInt8>, _ entry: inout MemoEntry) -> Bool {
    let quick = quickReadings[slot]
    guard bytes.count <= quick.maximumLength else { return false }
    switch quick.family {
    case .none: return false
    case .text: return !mayBePlaceholder(bytes) && !Interpreter.mayBeFormula(bytes[0])
    case .number:
      var digits = 0
      for index in 0..<bytes.count {
        switch bytes[index] {
        case 0x30...0x39: digits += 1
        case 0x41...0x5A, 0x2D, 0x2F, 0x5F: continue
        default: return false
        }
      }
      // Enough digits to be no word; `1.2E+12` needs a point or a plus.
      return digits >= 4
    case .result:
      guard bytes.count <= 15, let value = DecimalReader.plain(bytes) else { return false }
      var reading = ResultReading()
      reading.qualifier = .equal
      reading.value = value
      entry.meaning = Int32(resultStore.count)
      resultStore.append(reading)
      return true
    }
  }

  /// The stable hashes of a text that stands for itself, as its memo would hold them, without a place in the memo; nil if
  /// it has to be read in full. Inout for speed: nothing is changed, and nothing is copied.
  mutating func plainHashes(_ slot: Int, _ bytes: Span<UInt8>) -> (low: UInt64, high: UInt64)? {
    let quick = quickReadings[slot]
    guard quick.family == .text, bytes.count <= quick.maximumLength, !mayBePlaceholder(bytes),
      !Interpreter.mayBeFormula(bytes[0])
    else { return nil }
    return (
      ByteDictionary.stableHash(bytes, seed: seeds[slot].low), ByteDictionary.stableHash(bytes, seed: seeds[slot].high)
    )
  }

  /// False only if the text is certainly no placeholder.
  private func mayBePlaceholder(_ bytes: Span<UInt8>) -> Bool {
    if bytes.count > longestPlaceholder { return false }
    var first = UInt32(bytes[0])
    if first >= 0x80 {
      guard first >= 0xE0, first < 0xEF, bytes.count >= 3 else { return true }
      first = (first & 0x0F) << 12 | UInt32(bytes[1] & 0x3F) << 6 | UInt32(bytes[2] & 0x3F)
    } else if (0x41...0x5A).contains(first) {
      first |= 0x20
    }
    for beginning in placeholderBeginnings where beginning == first { return true }
    return false
  }

  private static func mayBeFormula(_ first: UInt8) -> Bool {
    first == 0x3D || first == 0x40 || first == 0x2B || first == 0x2D
  }

  private mutating func interpret(_ slot: Int, _ delivered: String, _ entry: inout MemoEntry) {
    let field = fields[slot]
    var notes: [Note] = []
    if delivered.utf8.count > field.maximumLength {
      notes.append(
        Note(.cellLength, "\(delivered.utf8.count) bytes, at most \(field.maximumLength) are allowed", zh: "内容过长"))
    }
    var text = delivered
    for step in field.steps { text = Interpreter.apply(step, to: text) }
    let kind = field.target.kind
    if kind == .number || kind == .article || kind == .enterprise { text = Identifiers.unwrapped(text) }
    let key = CodeTable.normalise(text)
    if kind == .number { classifyRow(key, &entry) }
    let isBlank = key.isEmpty || plan.placeholders.contains(key)
    if isBlank, !isMeantAsWord(kind, key) {
      entry.state.insert(.missing)
      if !key.isEmpty { entry.hashLow = 0 }
      if !key.isEmpty { entry.hashHigh = 0 }
    } else {
      if !patterns[slot].isEmpty, !patterns[slot].contains(where: { $0.matches(text) }) {
        notes.append(Note(.cellPattern, "expected \(field.patterns.joined(separator: " or "))", zh: "内容不符合规定格式"))
      }
      if kind != .result, kind != .limit, kind != .lowerLimit, kind != .combined, Identifiers.isFormula(text) {
        notes.append(Note(.cellFormula, "a text that a spreadsheet would run", zh: "疑似表格公式，按文字保存"))
      }
      read(text, key, field, &entry, &notes)
      if text != delivered, entry.text < 0 { entry.text = keep(text) }
    }
    if !notes.isEmpty {
      entry.notes = Int32(noteLists.count)
      noteLists.append(notes)
      if notes.contains(where: { severity($0.code) >= .error }) { entry.state.insert(.refused) }
    }
  }

  /// Placeholders that mean something in limits: `/` there is "no limit", not "nothing delivered"; both read as none.
  private func isMeantAsWord(_ kind: FieldKind, _ key: String) -> Bool {
    guard case .word(let table) = kind else { return false }
    return plan.tables[table] != nil && words.read(key, table: table) != nil
  }

  func severity(_ code: DiagnosticCode) -> Severity { plan.severities[code] ?? code.severity }

  mutating func keep(_ text: String) -> Int32 {
    texts.append(text)
    return Int32(texts.count - 1)
  }

  private func classifyRow(_ key: String, _ entry: inout MemoEntry) {
    if headerWords.contains(HeaderNames.normalise(key)) { entry.state.insert(.headerWord) }
    if FooterWords.isFooter(key) { entry.state.insert(.footerWord) }
  }

  /// The meaning by kind of field.
  private mutating func read(
    _ text: String, _ key: String, _ field: FieldPlan, _ entry: inout MemoEntry, _ notes: inout [Note]
  ) {
    // Words of the pipeline itself come before any table.
    let meant = field.words[key] ?? field.words[text] ?? text
    switch field.target.kind {
    case .text:
      if meant != text { entry.text = keep(meant) }
      if let table = field.table { readVerbatimCode(meant, table, &entry, &notes) }
    case .number: readNumber(meant, &entry, &notes)
    case .enterprise, .article: readIdentifier(meant, field.target.kind, &entry, &notes)
    case .word(let table): readWord(meant, field.table ?? table, field.target, &entry, &notes)
    case .verdict: readVerdict(meant, field.table ?? "verdicts", &entry, &notes)
    case .day:
      let reading = DateReader.read(meant, order: field.dateOrder)
      if let day = reading.day { entry.meaning = day.daysSinceEpoch } else { entry.state.insert(.missing) }
      if let note = reading.note {
        notes.append(note)
        if reading.day == nil { entry.state.insert(.dateProblem) }
      }
    case .code:
      if field.isPath {
        let levels = meant.split(separator: Interpreter.pathSeparator).map { TextFolding.trimmed(String($0)) }
        entry.text = keep(levels.filter { !$0.isEmpty }.joined(separator: "/"))
      } else if meant != text {
        entry.text = keep(meant)
      }
    case .remark:
      entry.meaning = Int32(remarkStore.count)
      remarkStore.append(words.remarks(meant, table: field.table ?? "remarks"))
    case .analyte: readAnalyte(meant, field, &entry)
    case .result, .condition, .detection:
      let reading = results.read(meant)
      notes.append(contentsOf: reading.notes)
      entry.meaning = Int32(resultStore.count)
      resultStore.append(reading)
    case .limit, .lowerLimit:
      let reading = limits.read(meant, isLowerBound: field.target.kind == .lowerLimit)
      notes.append(contentsOf: reading.notes)
      entry.meaning = Int32(limitStore.count)
      limitStore.append(reading)
    case .unit:
      let reading = units.read(meant)
      if reading.entry == nil { notes.append(Interpreter.unknownUnit(reading.text)) }
      entry.meaning = Int32(unitStore.count)
      unitStore.append(reading)
      entry.text = keep(reading.text)
    case .combined: readCombined(meant, &entry, &notes)
    }
  }

  static func unknownUnit(_ text: String) -> Note {
    Note(.cellUnit, "the unit \(text) is in no table", zh: "单位“\(text)”未收录")
  }

  private mutating func readNumber(_ text: String, _ entry: inout MemoEntry, _ notes: inout [Note]) {
    var folded = TextFolding.fold(text)
    folded.removeAll { $0 == " " }
    if Identifiers.isScientific(folded) {
      notes.append(Note(.cellExcelScientific, "a spreadsheet has cut this number", zh: "编号被表格软件改成科学计数，无法还原"))
    }
    // Blanks inside stay where they separate words: `0046/2019 Organic`.
    let kept = TextFolding.fold(text)
    if kept != text { entry.text = keep(kept) }
  }

  private mutating func readIdentifier(
    _ text: String, _ kind: FieldKind, _ entry: inout MemoEntry, _ notes: inout [Note]
  ) {
    let folded = TextFolding.fold(text).uppercased()
    if Identifiers.isScientific(folded) {
      notes.append(Note(.cellExcelScientific, "a spreadsheet has cut this number", zh: "编号被表格软件改成科学计数，无法还原"))
      return
    }
    switch kind == .article ? Identifiers.checkArticle(folded) : Identifiers.checkEnterprise(folded) {
    case .valid: break
    case .wrongCheckDigit:
      notes.append(Note(.cellCheckDigit, "the check digit is wrong", zh: "校验码不符"))
      entry.state.insert(.checkDigit)
    case .unknownForm:
      notes.append(Note(.cellCheckDigit, "no known form of this number", zh: "编码形式无法识别"))
      entry.state.insert(.checkDigit)
    }
    if folded != text { entry.text = keep(folded) }
  }

  private mutating func readVerbatimCode(
    _ text: String, _ table: String, _ entry: inout MemoEntry, _ notes: inout [Note]
  ) {
    guard plan.tables[table] != nil else { return }
    if let word = words.read(text, table: table) {
      entry.text = keep(word.code)
    } else {
      notes.append(Note(.codeUnknownWord, "\(text) is not in the table \(table)", zh: "“\(text)”不在代码表 \(table) 中"))
      entry.state.insert(.unknownWord)
    }
  }

  private mutating func readWord(
    _ text: String, _ table: String, _ target: FieldTarget, _ entry: inout MemoEntry, _ notes: inout [Note]
  ) {
    guard let word = words.read(text, table: table) else {
      notes.append(Note(.codeUnknownWord, "\(text) is not in the table \(table)", zh: "“\(text)”不在代码表 \(table) 中"))
      entry.state.insert(.unknownWord)
      entry.text = keep(target == .version || target == .comparison ? "" : Purpose.unknown.rawValue)
      return
    }
    if target == .purpose {
      if word.code == WordReader.riskMonitoring { entry.state.insert(.riskMonitoring) }
      let isOwn = Purpose(rawValue: word.code) != nil
      entry.text = keep(isOwn || word.parent.isEmpty ? word.code : word.parent)
    } else if target == .version {
      readVersion(word, &entry)
    } else {
      entry.text = keep(word.code)
    }
    if target == .comparison, let rule = ComparisonRule(rawValue: word.code) {
      entry.meaning = rule == .roundedValue ? 1 : 0
    }
  }

  private mutating func readVersion(_ word: WordReader.Word, _ entry: inout MemoEntry) {
    let kind = VersionKind(rawValue: word.code) ?? VersionKind(rawValue: word.parent)
    entry.text = keep(kind?.rawValue ?? word.code)
    if let kind { entry.meaning = kind.number }
    switch VersionDetail(rawValue: word.code) {
    case .objectionClosed: entry.state.insert(.objectionSettled)
    case .objectionUpheld: entry.state.formUnion([.objectionSettled, .objectionUpheld])
    // An objection that is not said to be settled is open.
    case nil: if kind == .objection { entry.state.insert(.objection) }
    }
  }

  private mutating func readVerdict(
    _ text: String, _ table: String, _ entry: inout MemoEntry, _ notes: inout [Note]
  ) {
    if let word = words.read(text, table: table),
      let verdict = Verdict(rawValue: word.code) ?? Verdict(rawValue: word.parent)
    {
      entry.meaning = Int32(Verdict.number(verdict))
      entry.text = keep(verdict.rawValue)
      switch VerdictDetail(rawValue: word.code) {
      case .refused: entry.state.insert(.inspectionRefused)
      case .unlicensed: entry.state.insert(.unlicensed)
      case .objectionPending: entry.state.insert(.objection)
      case .retestPassed, .retestFailed: entry.state.insert(.retest)
      case .monitoringOnly: entry.state.insert(.riskMonitoring)
      case nil: break
      }
    } else {
      notes.append(
        Note(.codeUnknownWord, "\(text) is no known conclusion; taken as not reported", zh: "结论“\(text)”不在词表中，视为未报结论"))
      entry.state.insert(.unknownWord)
      entry.text = keep("")
    }
  }

  private mutating func readAnalyte(_ text: String, _ field: FieldPlan, _ entry: inout MemoEntry) {
    var name = AnalyteNames.normalise(text, units: units)
    var hazard = ""
    if let table = field.table.flatMap({ plan.tables[$0] }) {
      var found = table.resolve(name, on: nil)
      if found == .unknown { found = table.resolve(text, on: nil) }
      switch found {
      case .code(let code), .retired(let code):
        let known = table.entry(code)
        name = known.map { $0.name.isEmpty ? code : $0.name } ?? name
        hazard = known?.parent ?? ""
      case .ambiguous, .unknown: break
      }
    }
    entry.meaning = Int32(analyteStore.count)
    let bytes = Array(name.utf8)
    let hash = ByteDictionary.stableHash(bytes.span, seed: Interpreter.seedLow)
    analyteStore.append(AnalyteMeaning(name: name, hazard: hazard, hash: hash))
  }

  private mutating func readCombined(_ text: String, _ entry: inout MemoEntry, _ notes: inout [Note]) {
    guard let items = combinedReader.read(text) else {
      notes.append(Note(.cellCombined, "the cell fits no grammar of the pipeline", zh: "合并单元格无法拆分为项目、结果、标准值"))
      return
    }
    var drafts: [ItemDraft] = []
    let settings = plan.combined ?? CombinedPlan()
    for item in items {
      var draft = ItemDraft()
      for (target, part) in item.parts.sorted(by: { $0.key.slot < $1.key.slot }) where target != .items {
        draft.set(target, code(target.slot, part))
      }
      if draft.valueUnit == 0, !settings.unit.isEmpty {
        draft.valueUnit = code(FieldTarget.valueUnit.slot, settings.unit)
      }
      if let verdict = settings.verdict { draft.implied = UInt8(Verdict.number(verdict) + 1) }
      drafts.append(draft)
    }
    entry.meaning = Int32(combinedStore.count)
    combinedStore.append(drafts)
  }

  static func apply(_ step: TextStep, to text: String) -> String {
    switch step {
    case .stripPrefix(let prefix):
      return text.hasPrefix(prefix) ? TextFolding.trimmed(String(text.dropFirst(prefix.count))) : text
    case .stripSuffix(let suffix):
      return text.hasSuffix(suffix) ? TextFolding.trimmed(String(text.dropLast(suffix.count))) : text
    case .before(let mark):
      let parts = CombinedReader.split(text, mark)
      return parts.count > 1 ? TextFolding.trimmed(parts[0]) : text
    case .after(let mark):
      let parts = CombinedReader.split(text, mark)
      return parts.count > 1 ? TextFolding.trimmed(parts.dropFirst().joined(separator: mark)) : text
    case .replace(let from, let to):
      return from.isEmpty ? text : CombinedReader.split(text, from).joined(separator: to)
    case .upper:
      return text.uppercased()
    }
  }
}
