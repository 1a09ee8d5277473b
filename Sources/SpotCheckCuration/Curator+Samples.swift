import SpotCheckModel

extension Curator {
  /// How a row relates to the samples already open.
  enum Match {
    /// This sample, all fields agreeing or blank.
    case same(Int)
    /// This sample, although the row says something else about it in these slots.
    case inconsistent(Int, [Int])
    /// A new sample, or a new version of a known one.
    case new
  }

  /// Canonical number of the row's sample as a key of the open numbers.
  mutating func numberKey() -> UInt32 { numberKey(scan.codes[FieldTarget.samplingNumber.slot]) }

  /// The key of a code of the numbers' memo: codes of one canonical number have one key.
  mutating func numberKey(_ code: UInt32) -> UInt32 {
    let slot = FieldTarget.samplingNumber.slot
    let entry = interpreter.memos[slot].entries[Int(code)]
    if entry.meaning >= 0 { return UInt32(entry.meaning) }
    var key: UInt32
    if entry.text >= 0 {
      key = alteredKey(interpreter.texts[Int(entry.text)])
    } else {
      key = open.hasAltered ? deliveredKey(code) : open.newKey()
    }
    interpreter.memos[slot].entries[Int(code)].meaning = Int32(truncatingIfNeeded: key)
    return key
  }

  /// The key of a number that is stored as it was delivered, where others are not. Apart, so that nothing is retained for the
  /// sake of a closure where there are none.
  @inline(never)
  private mutating func deliveredKey(_ code: UInt32) -> UInt32 {
    let slot = FieldTarget.samplingNumber.slot
    return interpreter.memos[slot].dictionary.withBytes(code) { open.alteredKey($0) } ?? open.newKey()
  }

  /// The key of a number that was delivered otherwise: that of those that were delivered so, or of those that were delivered
  /// as it is.
  private mutating func alteredKey(_ number: String) -> UInt32 {
    let utf8 = number.utf8
    if utf8.isEmpty { return 0 }
    if let known = open.alteredKey(utf8.span) { return known }
    let slot = FieldTarget.samplingNumber.slot
    var key: UInt32?
    if let plain = interpreter.memos[slot].dictionary.find(utf8.span) {
      let entry = interpreter.memos[slot].entries[Int(plain)]
      if entry.text < 0, entry.meaning >= 0 { key = UInt32(entry.meaning) }
    }
    let result = key ?? open.newKey()
    open.noteAltered(utf8.span, result)
    return result
  }

  /// Finds the sample that the row's fields describe, newest version first.
  func findSample(_ key: UInt32) -> Match {
    var candidate: (Int, [Int])?
    var row = open.newest[Int(key)]
    var steps = 0
    while row != SampleState.none, steps < OpenSamples.comparedVersions {
      let sample = Int(row)
      steps += 1
      row = open.states[sample].previous
      let differing = differences(sample)
      if differing.isEmpty { return .same(sample) }
      // Another report or version is another version of the sample; anything else may be a slip of the typist.
      let isOther = differing.contains(FieldTarget.reportNumber.slot) || differing.contains(FieldTarget.version.slot)
      if !isOther, candidate == nil { candidate = (sample, differing) }
    }
    if plan.shape == .items, let (sample, differing) = candidate, !draftHashes.isEmpty,
      draftHashes.allSatisfy({ open.item(sample, $0.identity) == nil })
    {
      return .inconsistent(sample, differing)
    }
    return .new
  }

  /// Slots in which row and sample both say something, and not the same; and the version, if only the row names a later
  /// one.
  private func differences(_ sample: Int) -> [Int] {
    var result: [Int] = []
    for slot in sampleSlots {
      let known = open.codes[sample][slot]
      let code = scan.codes[slot]
      if known == code || isMissing(slot, code) { continue }
      if isMissing(slot, known) {
        // A first report need not say that it is one: a row that says 复检 does not merely fill the blank.
        if slot == FieldTarget.version.slot, namesLaterVersion() { result.append(slot) }
        continue
      }
      result.append(slot)
    }
    return result
  }

  /// Takes what the row says about its sample where the sample so far said nothing.
  mutating func fillBlanks(
    _ sample: Int, _ chunk: RecordChunk, _ row: RawRow, _ tables: inout TablePair, _ report: inout CurationReport
  ) {
    var isFuller = false
    for slot in sampleSlots where isMissing(slot, open.codes[sample][slot]) && !isMissing(slot, scan.codes[slot]) {
      open.codes[sample][slot] = scan.codes[slot]
      isFuller = true
    }
    guard isFuller else { return }
    let kept = scan.codes
    for slot in 0..<FieldTarget.sampleSlotCount { scan.codes[slot] = open.codes[sample][slot] }
    let old = open.states[sample]
    var state = describe(chunk, row, sample, &tables, &report, isQuiet: true)
    (state.tally, state.itemsLow, state.itemsHigh) = (old.tally, old.itemsLow, old.itemsHigh)
    (state.itemCount, state.lastItem, state.previous) = (old.itemCount, old.lastItem, old.previous)
    state.deliveredRows = old.deliveredRows
    (state.key, state.identity, state.line, state.byteOffset) = (old.key, old.identity, old.line, old.byteOffset)
    // What the fields say has just been read anew from all of them; what was noticed about several rows is kept.
    state.flags.formUnion(old.flags.subtracting(.pending))
    open.states[sample] = state
    scan.codes = kept
  }

  /// Adds the row's sample to the tables.
  mutating func createSample(
    _ key: UInt32, _ chunk: RecordChunk, _ row: RawRow, _ tables: inout TablePair, _ report: inout CurationReport
  ) -> Int {
    let sample = open.states.count
    for slot in sampleSlots where interpreter.memos[slot].entries[Int(scan.codes[slot])].notes >= 0 {
      reportNotes(slot, scan.codes[slot], row, chunk, &report)
    }
    var state = describe(chunk, row, sample, &tables, &report, isQuiet: false)
    state.key = key
    state.identity = identity()
    state.line = row.line
    state.byteOffset = row.byteOffset
    return open.add(state, codes: &scan.codes)
  }

  /// Stable hash of the sampling number, for the store's index of versions.
  mutating func keyHash() -> UInt64 {
    let code = scan.codes[FieldTarget.samplingNumber.slot]
    if code == 0 || scan.hashedNumber != code {
      scan.numberHash = withText(.samplingNumber) { ByteDictionary.stableHash($0, seed: bureauHash) }
      scan.hashedNumber = code
    }
    return scan.numberHash
  }

  /// Looks at the row's text in a slot, as it is to be stored, in place.
  @inline(__always)
  func withText<Result>(_ target: FieldTarget, _ body: (Span<UInt8>) -> Result) -> Result {
    let slot = target.slot
    let code = scan.codes[slot]
    let text = interpreter.memos[slot].entries[Int(code)].text
    if text >= 0 {
      let utf8 = interpreter.texts[Int(text)].utf8
      return body(utf8.span)
    }
    return interpreter.memos[slot].dictionary.withBytes(code, body)
  }

  /// Stable hash of number, report number and version: which telling of the sample's story a row belongs to.
  mutating func identity() -> UInt64 {
    let key = keyHash()
    func hash(_ slot: Int) -> UInt64 { interpreter.memos[slot].entries[Int(scan.codes[slot])].hashLow }
    let number = Curator.mix(key &+ hash(FieldTarget.reportNumber.slot))
    return Curator.mix(number &+ hash(FieldTarget.version.slot))
  }

  @inline(__always)
  static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low ^ (value >> 32)
  }

  // MARK: Columns

  /// Writes (or overwrites) the columns of a sample from the row's codes and says what was noticed.
  private mutating func describe(
    _ chunk: RecordChunk, _ row: RawRow, _ sample: Int, _ tables: inout TablePair, _ report: inout CurationReport,
    isQuiet: Bool
  ) -> SampleState {
    var state = SampleState()
    var out = SampleRows.Codes(repeating: 0)
    var noticed: MemoEntry.State = []
    for slot in 0..<FieldTarget.sampleSlotCount {
      let code = scan.codes[slot]
      // A blank says nothing and adds nothing.
      if code == 0 { continue }
      let entry = interpreter.memos[slot].entries[Int(code)]
      state.hashLow &+= entry.hashLow == 0 ? 0 : Curator.mix(entry.hashLow)
      state.hashHigh &+= entry.hashHigh == 0 ? 0 : Curator.mix(entry.hashHigh)
      noticed.formUnion(entry.state)
      let column = sampleColumns[slot]
      if column < 0 { continue }
      out[column] =
        entry.tableCode != FieldMemo.unset
        ? entry.tableCode : interpreter.tableCode(slot, code, &tables.samples.text[column])
    }
    if noticed.contains(.unknownWord) { state.flags.insert(.unknownWord) }
    if noticed.contains(.checkDigit) { state.flags.insert(.checkDigit) }
    if noticed.contains(.dateProblem) { state.flags.insert(.dateProblem) }
    let purpose = interpreter.memos[FieldTarget.purpose.slot].entries[Int(scan.codes[FieldTarget.purpose.slot])]
    let number = FieldTarget.sampleVerdict.slot
    let version = FieldTarget.version.slot
    let verdict = interpreter.memos[number].entries[Int(scan.codes[number])]
    state.isRiskMonitoring =
      purpose.state.contains(.riskMonitoring) || verdict.state.contains(.riskMonitoring)
    let story = readStory()
    if verdict.meaning >= 0, !story.hasNoConclusion { state.reported = Verdict.allCases[Int(verdict.meaning)] }
    state.flags.formUnion(story.flags)
    state.isNotTested = story.isNotTested
    /// - Parameter number: tells the words of one column apart.
    func word(_ column: SampleText, number: Int = 0, _ text: @autoclosure () -> String) {
      guard out[column.rawValue] == 0 else { return }
      let known = fixedWords[column.rawValue]
      if known.number == number {
        out[column.rawValue] = known.code
        return
      }
      let code = tables.samples.text[column.rawValue].dictionary.intern(text())
      fixedWords[column.rawValue] = FixedWord(number: number, code: code)
      out[column.rawValue] = code
    }
    word(.bureau, plan.bureau)
    word(.batch, batch)
    if let kind = story.kind {
      out[SampleText.versionKind.rawValue] = tables.samples.text[SampleText.versionKind.rawValue].dictionary.intern(
        kind.rawValue)
    }
    if story.kind ?? VersionKind.numbered(interpreter.memos[version].entries[Int(scan.codes[version])].meaning)
      == .objection
    {
      state.isObjection = true
    }
    word(.versionKind, VersionKind.initial.rawValue)
    word(.purpose, Purpose.unknown.rawValue)
    word(.level, TaskLevel.unknown.rawValue)
    word(.stage, Stage.unknown.rawValue)
    if let reported = state.reported {
      word(.reportedVerdict, number: Verdict.number(reported), reported.rawValue)
    }
    let days = readDays(chunk, row, &state, &report, isQuiet: isQuiet)
    mapCodes(
      days.sampled ?? days.received ?? days.reported, &out, &state, chunk, row, &tables, &report, isQuiet: isQuiet)
    write(sample, out, days, row, &tables)
    return state
  }

  private mutating func readDays(
    _ chunk: RecordChunk, _ row: RawRow, _ state: inout SampleState, _ report: inout CurationReport, isQuiet: Bool
  ) -> SampleDays {
    func day(_ target: FieldTarget) -> CalendarDay? {
      let entry = interpreter.memos[target.slot].entries[Int(scan.codes[target.slot])]
      return entry.state.contains(.missing) ? nil : CalendarDay(daysSinceEpoch: entry.meaning)
    }
    let days = SampleDays(sampled: day(.sampledDay), received: day(.receivedDay), reported: day(.reportedDay))
    guard plan.dateOrderIsChecked else { return days }
    func compare(_ first: FieldTarget, _ earlier: CalendarDay?, _ second: FieldTarget, _ later: CalendarDay?) {
      guard let earlier, let later, later < earlier else { return }
      state.flags.insert(.dateProblem)
      if isQuiet { return }
      let note = Note(
        .rowDateOrder, "\(second.rawValue) \(later) lies before \(first.rawValue) \(earlier)", zh: "日期先后颠倒")
      report.add(diagnostic(note, position(second.slot, row, chunk), rawText: "\(later)"))
    }
    compare(.sampledDay, days.sampled, .receivedDay, days.received)
    if days.received != nil {
      compare(.receivedDay, days.received, .reportedDay, days.reported)
    } else {
      compare(.sampledDay, days.sampled, .reportedDay, days.reported)
    }
    return days
  }

  /// The three days of a sample's story, in their order.
  struct SampleDays {
    var sampled: CalendarDay?
    var received: CalendarDay?
    var reported: CalendarDay?
  }

  private mutating func mapCodes(
    _ day: CalendarDay?, _ out: inout SampleRows.Codes, _ state: inout SampleState, _ chunk: RecordChunk, _ row: RawRow,
    _ tables: inout TablePair, _ report: inout CurationReport, isQuiet: Bool
  ) {
    func put(_ column: SampleText, _ outcome: CodeMapping.Number, _ tables: inout TablePair) {
      out[column.rawValue] =
        column == .district
        ? codes.districtCode(outcome, &tables.samples.text[column.rawValue])
        : codes.ownCode(outcome, &tables.samples.text[column.rawValue])
    }
    if let category = mapped(.category, day) {
      put(.category, category, &tables)
      let kind = codes.kind(category)
      if kind.contains(.unknown) { state.flags.insert(.unmappedCategory) }
      if kind.contains(.retired) { state.flags.insert(.retiredCode) }
      if !isQuiet, kind.isWorthSaying { say(codes[category], .category, chunk, row, &report) }
    }
    let counting: FieldTarget = plan.districtRole == .unit ? .unitDistrict : .producerDistrict
    let countingColumn: SampleText = counting == .unitDistrict ? .unitDistrict : .producerDistrict
    var park = ""
    var district: CodeMapping.Number?
    if let unit = mapped(.unitDistrict, day) {
      put(.unitDistrict, unit, &tables)
      if counting == .unitDistrict { district = unit }
    }
    if let producer = mapped(.producerDistrict, day) {
      put(.producerDistrict, producer, &tables)
      if counting == .producerDistrict { district = producer }
    }
    if let district {
      let kind = codes.kind(district)
      if kind.contains(.park) { park = codes[district].park }
      if kind.contains(.retired) { state.flags.insert(.retiredCode) }
    }
    if let own = mapped(.park, day) {
      let outcome = codes[own]
      park = outcome.park.isEmpty ? outcome.code : outcome.park
      if !isQuiet, outcome.isUnknown { say(outcome, .park, chunk, row, &report) }
      // The park says which district, where the district's own column does not.
      let isOpen = district.map { codes.kind($0).contains(.unknown) } ?? true
      if isOpen, !outcome.isUnknown, !outcome.code.isEmpty {
        district = own
        put(countingColumn, own, &tables)
      }
    }
    if let district {
      put(.district, district, &tables)
      let kind = codes.kind(district)
      if kind.contains(.unknown) { state.flags.insert(.unmappedDistrict) }
      if !isQuiet, kind.isWorthSaying { say(codes[district], counting, chunk, row, &report) }
    }
    if !park.isEmpty {
      out[SampleText.park.rawValue] = tables.samples.text[SampleText.park.rawValue].dictionary.intern(park)
    }
  }

  private mutating func mapped(_ target: FieldTarget, _ day: CalendarDay?) -> CodeMapping.Number? {
    let code = scan.codes[target.slot]
    if isMissing(target.slot, code) { return nil }
    if let known = codes.known(target.slot, code, on: day) { return known }
    return codes.outcome(target, code, on: day, &interpreter)
  }

  /// Reports an unknown, ambiguous or retired code.
  private mutating func say(
    _ outcome: CodeOutcome, _ target: FieldTarget, _ chunk: RecordChunk, _ row: RawRow, _ report: inout CurationReport
  ) {
    guard outcome.isUnknown || outcome.isRetired else { return }
    let text = interpreter.text(target.slot, scan.codes[target.slot])
    var note: Note
    if outcome.isUnknown {
      let table = interpreter.fields[target.slot].table ?? target.rawValue
      report.addUnmapped(UnmappedText(table: table, text: Diagnostic.cut(text)))
      let code: DiagnosticCode = target == .category ? .codeUnknownCategory : .codeUnknownDistrict
      note = Note(code, "\(text) is not in the table \(table)", zh: "“\(text)”不在代码表中，按未映射统计")
      if outcome.isAmbiguous {
        note = Note(.codeAmbiguous, "\(text) fits several codes of \(table)", zh: "“\(text)”对应多个代码，按未映射统计")
      }
    } else {
      note = Note(
        .codeRetired, "\(text) was not in use on that day; counted as \(outcome.code)",
        zh: "代码当日未在用，按 \(outcome.code) 统计")
    }
    guard report.keeps(note.code) else { return report.count(note.code) }
    report.add(hidden(diagnostic(note, position(target.slot, row, chunk), rawText: text), row, chunk))
  }

  /// Appends the sample's row, or overwrites it.
  private mutating func write(
    _ sample: Int, _ out: borrowing SampleRows.Codes, _ days: SampleDays, _ row: RawRow, _ tables: inout TablePair
  ) {
    var place = SampleRows.Place(sampled: days.sampled, received: days.received, reported: days.reported)
    let written = tables.samples.line.count
    if sample < written {
      for column in out.indices where column != SampleText.batch.rawValue {
        tables.samples.text[column].codes[sample] = out[column]
      }
      func put(_ column: SampleDay, _ day: CalendarDay?) {
        tables.samples.days[column.rawValue].days[sample] = day?.daysSinceEpoch ?? DayColumn.missing
      }
      put(.sampled, days.sampled)
      put(.received, days.received)
      put(.reported, days.reported)
      return
    }
    if sample < written + rows.count { return rows.replace(sample - written, out, place) }
    (place.line, place.byteOffset, place.keyHash) = (row.line, row.byteOffset, keyHash())
    rows.append(out, place)
    appendText(.samplingNumber, &tables.samples.plainText[SamplePlainText.samplingNumber.rawValue])
    if isMissing(FieldTarget.reportNumber.slot, scan.codes[FieldTarget.reportNumber.slot]) {
      let nothing: [UInt8] = []
      tables.samples.plainText[SamplePlainText.reportNumber.rawValue].append(nothing.span)
    } else {
      appendText(.reportNumber, &tables.samples.plainText[SamplePlainText.reportNumber.rawValue])
    }
  }

  /// Appends the row's text in a slot, as it is to be stored.
  @inline(__always)
  private mutating func appendText(_ target: FieldTarget, _ column: inout PlainTextColumn) {
    let slot = target.slot
    let code = scan.codes[slot]
    let text = interpreter.memos[slot].entries[Int(code)].text
    if text >= 0 {
      let utf8 = interpreter.texts[Int(text)].utf8
      column.append(utf8.span)
    } else {
      interpreter.memos[slot].dictionary.append(code, to: &column)
    }
  }
}
