import SpotCheckModel

extension Curator {
  /// Closes every open sample: verdicts, flags, hashes, items in order.
  /// - Parameter isLast: no row follows that could repeat one of them.
  mutating func close(_ tables: inout TablePair, _ report: inout CurationReport, isLast: Bool) {
    putInOrder(&tables)
    var first: UInt32 = 0
    var words = VerdictCodes()
    var keys: [UInt64] = []
    if !isLast { keys.reserveCapacity(open.states.count) }
    for sample in open.states.indices {
      var state = open.states[sample]
      if !open.incomplete.isEmpty, open.incomplete.contains(state.key) { state.tally.hasRejectedRow = true }
      var reported = state.reported
      if state.isNotTested, reported != .fail { reported = .notTested }
      var rules = plan.verdictRules
      if state.isObjection { rules.withoutItems = .undetermined }
      let outcome = SampleJudge.judge(
        state.tally, reported: reported, isRiskMonitoring: state.isRiskMonitoring, rules: rules)
      var flags = state.flags.union(outcome.flags)
      if plan.isListing { flags.insert(.listed) }
      if !flags.isDisjoint(with: [.contradiction, .incomplete]) {
        reportSample(sample, state, outcome, flags, tables, &report)
      }
      words.put(.derivedVerdict, outcome.derived, sample, &tables)
      words.put(.verdict, outcome.verdict, sample, &tables)
      words.put(.reportedVerdict, state.reported, sample, &tables)
      tables.samples.flags[sample] = flags.rawValue
      tables.samples.firstItem[sample] = first
      tables.samples.itemCount[sample] = state.itemCount
      tables.samples.deliveredRows[sample] = state.deliveredRows
      first &+= state.itemCount
      tables.samples.contentHashLow[sample] = Curator.mix(state.hashLow) &+ state.itemsLow
      tables.samples.contentHashHigh[sample] = Curator.mix(state.hashHigh) &+ state.itemsHigh
      if !isLast { keys.append(sealedKey(state.identity, state.hashLow, items: state.itemsLow)) }
    }
    sealed.insert(keys)
  }

  /// Items that came behind those of another sample go to where their own sample's items stand.
  mutating func putInOrder(_ tables: inout TablePair) {
    guard open.isOutOfOrder else { return }
    templates.rows.write(into: &tables.items)
    ItemOrder.restore(&tables.items, sampleCount: tables.samples.rowCount)
  }

  /// What is remembered of a sealed sample. Rows that are items belong to it whatever they say about it; records of XML
  /// are compared as a whole, rows of other tables by what they say about the sample.
  func sealedKey(_ identity: UInt64, _ delivered: UInt64, items: UInt64) -> UInt64 {
    switch plan.shape {
    case .items: Curator.mix(identity)
    case .nested: Curator.mix(Curator.mix(identity) &+ Curator.mix(delivered) &+ items)
    case .samples, .wide: Curator.mix(Curator.mix(identity) &+ delivered)
    }
  }

  /// Codes of the verdicts in the samples' verdict columns, each looked up once.
  private struct VerdictCodes {
    private var codes = [UInt32](repeating: FieldMemo.unset, count: SampleText.allCases.count * 4)

    mutating func put(_ column: SampleText, _ verdict: Verdict?, _ sample: Int, _ tables: inout TablePair) {
      var code: UInt32 = 0
      if let verdict {
        let index = column.rawValue * 4 + Verdict.number(verdict)
        if codes[index] == FieldMemo.unset {
          codes[index] = tables.samples.text[column.rawValue].dictionary.intern(verdict.rawValue)
        }
        code = codes[index]
      }
      tables.samples.text[column.rawValue].codes[sample] = code
    }
  }

  private func reportSample(
    _ sample: Int, _ state: SampleState, _ outcome: SampleJudge.Outcome, _ flags: SampleFlags, _ tables: TablePair,
    _ report: inout CurationReport
  ) {
    let number = PersonalData.maskedKey(
      tables.samples.plainText[SamplePlainText.samplingNumber.rawValue].string(sample))
    let position = SourcePosition(line: state.line, byteOffset: state.byteOffset)
    if outcome.flags.contains(.contradiction), let reported = state.reported, let derived = outcome.derived {
      let note = Note(
        .rowContradiction, "reported \(reported.rawValue), but the items say \(derived.rawValue)",
        zh: "样品结论为“\(reported.nameZh)”，按检验项目应为“\(derived.nameZh)”")
      report.add(diagnostic(note, position, rawText: number))
    }
    if flags.contains(.incomplete) {
      let note = Note(.rowIncompleteSample, "a row of sample \(number) was refused", zh: "样品 \(number) 有行被拒收")
      report.add(diagnostic(note, position, rawText: number))
    }
  }
}

/// Puts items back beside each other, sample by sample, in order of delivery.
enum ItemOrder {
  static func restore(_ items: inout ItemTable, sampleCount: Int) {
    var starts = [Int](repeating: 0, count: sampleCount + 1)
    for sample in items.sample { starts[Int(sample) + 1] += 1 }
    for index in 0..<sampleCount { starts[index + 1] += starts[index] }
    var order = [Int](repeating: 0, count: items.rowCount)
    for row in items.sample.indices {
      let sample = Int(items.sample[row])
      order[starts[sample]] = row
      starts[sample] += 1
    }
    func sorted<Value>(_ values: [Value]) -> [Value] { order.map { values[$0] } }
    items.sample = sorted(items.sample)
    for column in items.text.indices { items.text[column].codes = sorted(items.text[column].codes) }
    for column in items.decimals.indices {
      items.decimals[column].mantissas = sorted(items.decimals[column].mantissas)
      items.decimals[column].scales = sorted(items.decimals[column].scales)
    }
    items.flags = sorted(items.flags)
    items.line = sorted(items.line)
    items.byteOffset = sorted(items.byteOffset)
  }
}
