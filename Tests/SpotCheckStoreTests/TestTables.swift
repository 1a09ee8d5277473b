import SpotCheckModel

/// Tables of random content.
enum TestTables {
  static let words = ["", "西宁市", "鲜活农产品", "α-硫丹", "😀", "a", "\u{0}\n\"", "生干坚果与籽类食品", "ß", "x y"]

  /// Sample text columns get `distinct` different values; a seventh of everything is missing; items are interleaved
  /// if asked for.
  static func random(
    seed: UInt64, samples: Int, items: Int, distinct: Int = 20, interleaved: Bool = false
  ) -> TablePair {
    var generator = SplitMix(state: seed)
    var tables = TablePair()
    func text(_ generator: inout SplitMix) -> String {
      if generator.below(7) == 0 { return "" }
      let number = generator.below(distinct)
      return words[number % words.count] + (number < words.count ? "" : String(number))
    }
    func append(_ text: String, _ column: inout TextColumn) { column.append(column.dictionary.intern(text)) }
    for row in 0..<samples {
      for column in tables.samples.text.indices { append(text(&generator), &tables.samples.text[column]) }
      for column in tables.samples.plainText.indices {
        let value = generator.below(5) == 0 ? "" : "NCP-2024-\(row)-\(text(&generator))"
        tables.samples.plainText[column].append(Array(value.utf8).span)
      }
      for column in tables.samples.days.indices {
        let day = generator.below(4) == 0 ? nil : CalendarDay(daysSinceEpoch: Int32(generator.below(40_000) - 10_000))
        tables.samples.days[column].append(day)
      }
      tables.samples.flags.append(UInt32(truncatingIfNeeded: generator.next()))
      tables.samples.deliveredRows.append(UInt32(truncatingIfNeeded: generator.next() % 9))
      tables.samples.line.append(Int64(row) + 2)
      tables.samples.byteOffset.append(Int64(bitPattern: generator.next()))
      tables.samples.keyHash.append(generator.next())
      tables.samples.contentHashLow.append(generator.next())
      tables.samples.contentHashHigh.append(generator.next())
    }
    for item in 0..<(samples == 0 ? 0 : items) {
      let sample = interleaved ? generator.below(samples) : item * samples / items
      tables.items.sample.append(UInt32(sample))
      for column in tables.items.text.indices { append(text(&generator), &tables.items.text[column]) }
      for column in tables.items.decimals.indices {
        let value =
          generator.below(3) == 0
          ? nil : ExactDecimal(mantissa: Int64(bitPattern: generator.next()), scale: Int8(generator.below(19)))
        tables.items.decimals[column].append(value)
      }
      tables.items.flags.append(UInt32(truncatingIfNeeded: generator.next()))
      tables.items.line.append(Int64(item))
      tables.items.byteOffset.append(Int64(item) * 100)
    }
    return tables
  }

  /// Every value of both tables as text, a line a row: the slow, obvious view that round trips are compared in.
  static func lines(_ tables: TablePair) -> (samples: [String], items: [String]) {
    let samples = (0..<tables.samples.rowCount).map { row in
      var cells = tables.samples.text.map { $0.string(row) } + tables.samples.plainText.map { $0.string(row) }
      cells += tables.samples.days.map { $0.day(row).map { "\($0)" } ?? "-" }
      cells += [
        "\(tables.samples.flags[row])", "\(tables.samples.deliveredRows[row])", "\(tables.samples.line[row])",
        "\(tables.samples.byteOffset[row])",
      ]
      cells += ["\(tables.samples.keyHash[row])", "\(tables.samples.contentHashLow[row])"]
      cells += ["\(tables.samples.contentHashHigh[row])"]
      return cells.joined(separator: "|")
    }
    let items = (0..<tables.items.rowCount).map { row in
      var cells = ["\(tables.items.sample[row])"] + tables.items.text.map { $0.string(row) }
      cells += tables.items.decimals.map { $0.value(row).map { "\($0.mantissa)e\($0.scale)" } ?? "-" }
      cells += ["\(tables.items.flags[row])", "\(tables.items.line[row])", "\(tables.items.byteOffset[row])"]
      return cells.joined(separator: "|")
    }
    return (samples, items)
  }
}
