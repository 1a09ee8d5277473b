import SpotCheckModel

/// The last sample of sealed tables, taken out because rows of it may still come, as texts that need no table.
struct HeldSample: Sendable {
  struct Item: Sendable {
    var texts: [String]
    var decimals: [ExactDecimal?]
    var flags: UInt32
    var line: Int64
    var byteOffset: Int64
    var identity: UInt64
    var content: UInt64
  }
  var texts: [String]
  var plain: [String]
  var days: [CalendarDay?]
  var keyHash: UInt64
  var state: SampleState
  /// Delivered texts of the sample fields, by slot.
  var delivered: [String]
  var isIncomplete: Bool
  var items: [Item]
}

extension Curator {
  /// Takes the last sample out of the tables if it is the one that the last row belonged to.
  mutating func holdBack(_ tables: inout TablePair) {
    let sample = open.states.count - 1
    guard case .sample(let last) = current, last == sample, sample > 0, held == nil else { return }
    let state = open.states[sample]
    putInOrder(&tables)
    // Its items stand last now; their identities follow the chain, newest first.
    var chain: [Int] = []
    var row = state.lastItem
    while row != SampleState.none {
      chain.append(Int(row))
      row = open.itemPrevious[Int(row)]
    }
    let firstItem = tables.items.rowCount - chain.count
    // Some of its rows stand in the columns, and some do not: then all shall.
    if chain.count > templates.rows.pending.count { templates.rows.write(into: &tables.items) }
    let items = chain.reversed().enumerated().map { offset, identityRow in
      item(firstItem + offset, identityRow, tables.items)
    }
    held = HeldSample(
      texts: tables.samples.text.map { $0.string(sample) }, plain: tables.samples.plainText.map { $0.string(sample) },
      days: tables.samples.days.map { $0.day(sample) }, keyHash: tables.samples.keyHash[sample], state: state,
      delivered: (0..<FieldTarget.sampleSlotCount).map {
        interpreter.memos[$0].dictionary.string(open.codes[sample][$0])
      }, isIncomplete: open.incomplete.contains(state.key), items: items)
    truncate(&tables, samples: sample, items: firstItem)
    open.states.removeLast()
  }

  private func item(_ row: Int, _ identityRow: Int, _ items: ItemTable) -> HeldSample.Item {
    var texts: [String] = []
    var decimals: [ExactDecimal?] = []
    var flags: UInt32 = 0
    if templates.rows.isEmpty {
      texts = items.text.map { $0.string(row) }
      decimals = items.decimals.map { $0.value(row) }
      flags = items.flags[row]
    } else {
      // The rows that are not in the columns yet are the last.
      let columns = templates.rows.columns(templates.rows.pending.count - items.rowCount + row)
      texts = items.text.indices.map { items.text[$0].dictionary.string(columns.text[$0]) }
      decimals = items.decimals.indices.map { columns.decimal($0) }
      flags = columns.flags
    }
    return HeldSample.Item(
      texts: texts, decimals: decimals, flags: flags,
      line: items.line[row], byteOffset: items.byteOffset[row], identity: open.itemIdentity[identityRow],
      content: open.itemContent[identityRow])
  }

  private mutating func truncate(_ tables: inout TablePair, samples: Int, items: Int) {
    for column in tables.samples.text.indices { tables.samples.text[column].codes.removeSubrange(samples...) }
    for column in tables.samples.plainText.indices {
      let end = Int(tables.samples.plainText[column].offsets[samples])
      tables.samples.plainText[column].offsets.removeSubrange((samples + 1)...)
      tables.samples.plainText[column].bytes.removeSubrange(end...)
    }
    for column in tables.samples.days.indices { tables.samples.days[column].days.removeSubrange(samples...) }
    tables.samples.flags.removeSubrange(samples...)
    tables.samples.firstItem.removeSubrange(samples...)
    tables.samples.itemCount.removeSubrange(samples...)
    tables.samples.deliveredRows.removeSubrange(samples...)
    tables.samples.line.removeSubrange(samples...)
    tables.samples.byteOffset.removeSubrange(samples...)
    tables.samples.keyHash.removeSubrange(samples...)
    tables.samples.contentHashLow.removeSubrange(samples...)
    tables.samples.contentHashHigh.removeSubrange(samples...)
    if templates.rows.isEmpty {
      for column in tables.items.text.indices { tables.items.text[column].codes.removeSubrange(items...) }
      for column in tables.items.decimals.indices {
        tables.items.decimals[column].mantissas.removeSubrange(items...)
        tables.items.decimals[column].scales.removeSubrange(items...)
      }
      tables.items.flags.removeSubrange(items...)
    } else {
      templates.rows.pending.removeLast(tables.items.rowCount - items)
    }
    tables.items.sample.removeSubrange(items...)
    tables.items.line.removeSubrange(items...)
    tables.items.byteOffset.removeSubrange(items...)
  }

  /// Puts the held sample into the new tables, as their first.
  mutating func restoreHeld(_ tables: inout TablePair) {
    guard let held, open.states.isEmpty else { return }
    self.held = nil
    for (column, text) in held.texts.enumerated() {
      let code = tables.samples.text[column].dictionary.intern(text)
      tables.samples.text[column].codes.append(code)
    }
    for (column, text) in held.plain.enumerated() {
      let bytes = Array(text.utf8)
      tables.samples.plainText[column].append(bytes.span)
    }
    for (column, day) in held.days.enumerated() { tables.samples.days[column].append(day) }
    tables.samples.flags.append(0)
    tables.samples.firstItem.append(0)
    tables.samples.itemCount.append(0)
    tables.samples.deliveredRows.append(0)
    tables.samples.line.append(Int64(held.state.line))
    tables.samples.byteOffset.append(Int64(held.state.byteOffset))
    tables.samples.keyHash.append(held.keyHash)
    tables.samples.contentHashLow.append(0)
    tables.samples.contentHashHigh.append(0)
    var codes = BySlot<UInt32>(repeating: 0)
    for (slot, text) in held.delivered.enumerated() { codes[slot] = interpreter.code(slot, text) }
    var state = held.state
    state.key = numberKey(codes[FieldTarget.samplingNumber.slot])
    (state.itemCount, state.lastItem) = (0, SampleState.none)
    if held.isIncomplete { open.incomplete.insert(state.key) }
    let sample = open.add(state, codes: &codes)
    for item in held.items {
      for (column, text) in item.texts.enumerated() {
        let code = tables.items.text[column].dictionary.intern(text)
        tables.items.text[column].codes.append(code)
      }
      for (column, value) in item.decimals.enumerated() { tables.items.decimals[column].append(value) }
      tables.items.sample.append(UInt32(sample))
      tables.items.flags.append(item.flags)
      tables.items.line.append(item.line)
      tables.items.byteOffset.append(item.byteOffset)
      open.addItem(sample, identity: item.identity, content: item.content)
    }
    current = .sample(sample)
  }
}
