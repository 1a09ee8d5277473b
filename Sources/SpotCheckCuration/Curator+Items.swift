import SpotCheckModel

extension Curator {
  /// The items that a flat row brings, into `drafts`.
  mutating func collectDrafts(_ chunk: RecordChunk, _ row: RawRow) {
    if !drafts.isEmpty { drafts.removeAll(keepingCapacity: true) }
    var base = ItemDraft()
    for slot in itemSlots { base.set(interpreter.fields[slot].target, scan.codes[slot]) }
    if plan.shape == .wide {
      collectWide(base, chunk, row)
    } else if hasContent(base) {
      drafts.append(base)
    }
    let cell = scan.codes[FieldTarget.items.slot]
    let combined = interpreter.memos[FieldTarget.items.slot].entries[Int(cell)].meaning
    if combined >= 0 { for draft in interpreter.combinedStore[Int(combined)] { drafts.append(located(draft)) } }
  }

  /// An item of the combined cell, with the cell's place and what the plan says about all items.
  func located(_ draft: ItemDraft) -> ItemDraft {
    var result = draft
    result.fillBlanks(from: constantItem)
    result.cell = scan.cellOf[FieldTarget.items.slot]
    return result
  }

  /// Whether the columns of one item say anything.
  func hasContent(_ draft: ItemDraft) -> Bool {
    func says(_ target: FieldTarget, _ code: UInt32) -> Bool {
      !isMissing(target.slot, code) && code != scan.constant[target.slot]
    }
    return says(.analyte, draft.analyte) || says(.value, draft.value) || says(.itemVerdict, draft.verdict)
      || says(.limit, draft.limit) || says(.detectionCondition, draft.detectionCondition)
  }

  private mutating func collectWide(_ base: ItemDraft, _ chunk: RecordChunk, _ row: RawRow) {
    let bytes = chunk.bytes.span
    for (index, wide) in framing.wide.enumerated() {
      let at = cellIndex(wide.column, row)
      guard at >= 0 else { continue }
      let cell = chunk.cells[at]
      let (start, end) = TextFolding.trim(bytes, Int(cell.offset), Int(cell.offset) + Int(cell.length))
      if start == end { continue }
      let slot = FieldTarget.value.slot
      let value = interpreter.code(slot, bytes.extracting(start..<end))
      // A dash in a wide table says that this analyte was not tested.
      if isMissing(slot, value) { continue }
      if interpreter.memos[slot].entries[Int(value)].state.contains(.refused) {
        scan.isRefused = true
        scan.cellOf[slot] = at
        addNotes(slot, value, row, chunk)
      }
      var draft = base
      draft.analyte = wideCodes[index].analyte
      draft.value = value
      draft.cell = at
      if draft.valueUnit == 0 { draft.valueUnit = wideCodes[index].valueUnit }
      if draft.limit == 0 { draft.limit = wideCodes[index].limit }
      drafts.append(draft)
    }
  }

  /// Reads and judges an item, reports what that gave rise to, and makes its columns.
  /// - Returns: and whether all of it follows from the item's cells, with nothing to report: the same cells may then take
  ///   the template without a look at them.
  mutating func template(
    _ draft: ItemDraft, _ hashes: ItemHashes, _ chunk: RecordChunk, _ row: RawRow, _ tables: inout TablePair,
    _ report: inout CurationReport
  ) -> (ItemTemplate, isQuiet: Bool) {
    let rounding = interpreter.memos[FieldTarget.comparison.slot].entries[Int(draft.comparison)].meaning
    let comparison: ComparisonRule =
      rounding < 0 ? plan.verdictRules.comparison : (rounding == 1 ? .roundedValue : .fullValue)
    let judged = self.judged(draft, comparison, &tables)
    let spoken = interpreter.memos[FieldTarget.itemVerdict.slot].entries[Int(draft.verdict)].meaning
    var reported: Verdict? = spoken >= 0 ? Verdict.allCases[Int(spoken)] : nil
    if reported == nil, draft.implied > 0 { reported = Verdict.allCases[Int(draft.implied) - 1] }
    var flags = judged.flags
    if let reported, let derived = judged.derived,
      (reported == .pass && derived == .fail) || (reported == .fail && derived == .pass)
    {
      flags.insert(.contradiction)
    }
    let hazard = self.hazard(draft, &tables)
    let verdict = reported ?? judged.derived ?? .undetermined
    let isQuiet = reportItem(draft, judged, flags, reported, chunk, row, &report)

    let outcome = Curator.outcome(verdict, reported, judged, isLabel: hazard.isLabel)
    var result = ItemTemplate(draft: draft, gist: ItemGist(hashes: hashes, outcome: outcome))
    result.columns.flags = flags.rawValue
    result.columns.put(.value, judged.value)
    result.columns.put(.detectionLimit, judged.detectionLimit)
    result.columns.put(.limitLow, judged.limitLow)
    result.columns.put(.limitHigh, judged.limitHigh)
    func put(_ column: ItemText, _ code: UInt32) { result.columns.text[column.rawValue] = code }
    func own(_ column: ItemText, _ target: FieldTarget, _ code: UInt32) {
      put(column, code == 0 ? 0 : interpreter.tableCode(target.slot, code, &tables.items.text[column.rawValue]))
    }
    put(.analyte, analyteCode(draft.analyte, &tables))
    own(.analyteText, .analyte, draft.analyte)
    put(.hazard, hazard.code)
    put(.qualifier, judged.qualifier)
    own(.valueText, .value, draft.value)
    put(.unit, judged.unit)
    put(.limitOperator, judged.limitOperator)
    put(.limitText, limitText(draft, &tables))
    own(.method, .method, draft.method)
    own(.basis, .basis, draft.basis)
    put(.comparison, judging.comparisonCode(comparison, &tables.items))
    put(.reportedVerdict, judging.verdictCode(reported, 0, .reportedVerdict, &tables.items))
    put(.derivedVerdict, judging.verdictCode(judged.derived, 1, .derivedVerdict, &tables.items))
    put(.verdict, judging.verdictCode(verdict, 2, .verdict, &tables.items))
    return (result, isQuiet)
  }

  /// Adds an item row: its place now, its columns at the end of the chunk.
  @inline(__always)
  mutating func appendItem(
    _ number: Int32, _ gist: ItemGist, _ sample: Int, _ row: RawRow, _ items: inout ItemTable
  ) {
    templates.append(number)
    items.line.append(Int64(row.line))
    items.byteOffset.append(Int64(row.byteOffset))
    items.sample.append(UInt32(truncatingIfNeeded: sample))
    open.addItem(sample, gist)
  }

  private mutating func judged(_ draft: ItemDraft, _ comparison: ComparisonRule, _ tables: inout TablePair)
    -> JudgedItem
  {
    let key = Judging.key(draft, comparison: comparison)
    let place = judging.find(key)
    if place.index >= 0 { return judging.items[place.index] }
    let judged = interpreter.judge(draft, comparison: comparison, &tables.items)
    judging.add(judged, key, slot: place.slot)
    return judged
  }

  private static func outcome(
    _ verdict: Verdict, _ reported: Verdict?, _ judged: JudgedItem, isLabel: Bool
  ) -> ItemTally.Outcome {
    switch verdict {
    case .pass: .passed
    case .fail: isLabel ? .failedLabel : .failed
    case .notTested: .notTested
    // A reported 不判定 is a conclusion of its own (monitoring); what we could not judge stays unproven.
    case .undetermined: reported == nil && judged.isUnproven ? .unproven : .unjudged
    }
  }

  /// - Returns: whether there was nothing to report.
  private mutating func reportItem(
    _ draft: ItemDraft, _ judged: JudgedItem, _ flags: ItemFlags, _ reported: Verdict?, _ chunk: RecordChunk,
    _ row: RawRow, _ report: inout CurationReport
  ) -> Bool {
    if draft.cell >= 0 {
      for target in [FieldTarget.value, .limit, .valueUnit, .itemVerdict] { scan.cellOf[target.slot] = draft.cell }
    }
    var isQuiet = draft.cell < 0
    func notes(_ slot: Int, _ code: UInt32) {
      if interpreter.memos[slot].entries[Int(code)].notes < 0 { return }
      isQuiet = false
      reportNotes(slot, code, row, chunk, &report)
    }
    notes(FieldTarget.value.slot, draft.value)
    notes(FieldTarget.limit.slot, draft.limit)
    notes(FieldTarget.valueUnit.slot, draft.valueUnit)
    notes(FieldTarget.itemVerdict.slot, draft.verdict)
    for slot in itemSlots {
      switch slot {
      case FieldTarget.value.slot, FieldTarget.limit.slot, FieldTarget.valueUnit.slot, FieldTarget.itemVerdict.slot:
        continue
      default: notes(slot, scan.codes[slot])
      }
    }
    if judged.notes >= 0 {
      isQuiet = false
      for note in interpreter.noteLists[Int(judged.notes)] {
        guard report.keeps(note.code) else {
          report.count(note.code)
          continue
        }
        report.add(
          hidden(
            diagnostic(
              note, position(FieldTarget.value.slot, row, chunk),
              rawText: interpreter.text(FieldTarget.value.slot, draft.value)), row, chunk))
      }
    }
    guard flags.contains(.contradiction), let reported, let derived = judged.derived else { return isQuiet }
    let note = Note(
      .rowContradiction,
      "reported \(reported.rawValue), but value and limit say \(derived.rawValue)",
      zh: "单项判定为“\(reported.nameZh)”，按结果与标准值应为“\(derived.nameZh)”")
    guard report.keeps(note.code) else {
      report.count(note.code)
      return false
    }
    let text =
      interpreter.text(FieldTarget.value.slot, draft.value) + " / "
      + interpreter.text(FieldTarget.limit.slot, draft.limit)
    report.add(hidden(diagnostic(note, position(FieldTarget.itemVerdict.slot, row, chunk), rawText: text), row, chunk))
    return false
  }

  private mutating func analyteCode(_ code: UInt32, _ tables: inout TablePair) -> UInt32 {
    let meaning = interpreter.memos[FieldTarget.analyte.slot].entries[Int(code)].meaning
    if meaning < 0 { return 0 }
    return judging.analyteCode(Int(meaning), interpreter.analyteStore, &tables.items)
  }

  private mutating func hazard(_ draft: ItemDraft, _ tables: inout TablePair) -> (code: UInt32, isLabel: Bool) {
    let slot = FieldTarget.hazard.slot
    let column = ItemText.hazard.rawValue
    if !isMissing(slot, draft.hazard) {
      let code = interpreter.tableCode(slot, draft.hazard, &tables.items.text[column])
      return (code, code == judging.labelCode(&tables.items))
    }
    let meaning = interpreter.memos[FieldTarget.analyte.slot].entries[Int(draft.analyte)].meaning
    guard meaning >= 0 else { return (0, false) }
    let code = judging.hazardCode(Int(meaning), interpreter.analyteStore, &tables.items)
    return (code, code != 0 && code == judging.labelCode(&tables.items))
  }

  /// The limit as delivered; of two columns, both.
  private mutating func limitText(_ draft: ItemDraft, _ tables: inout TablePair) -> UInt32 {
    let column = ItemText.limitText.rawValue
    if draft.limit != 0 {
      return interpreter.tableCode(FieldTarget.limit.slot, draft.limit, &tables.items.text[column])
    }
    if draft.limitLow == 0, draft.limitHigh == 0 { return 0 }
    let key = UInt64(draft.limitLow) << 32 | UInt64(draft.limitHigh)
    if let known = judging.boundTexts[key] { return known }
    let low = interpreter.text(FieldTarget.limitLow.slot, draft.limitLow)
    let high = interpreter.text(FieldTarget.limitHigh.slot, draft.limitHigh)
    let code = tables.items.text[column].dictionary.intern(low + "～" + high)
    judging.boundTexts[key] = code
    return code
  }
}
