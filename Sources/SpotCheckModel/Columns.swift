/// A column of repetitive text: a dictionary and one code a row. Code 0 means missing.
public struct TextColumn: Sendable {
  public var dictionary = ByteDictionary()
  public var codes: [UInt32] = []

  public init() {}

  @inlinable public mutating func append(_ code: UInt32) { codes.append(code) }
  @inlinable public mutating func append(_ text: Span<UInt8>) { codes.append(dictionary.intern(text)) }

  /// Forgets rows and dictionary and keeps the memory.
  mutating func removeAll() {
    dictionary.removeAll()
    codes.forget()
  }

  /// The row's text; empty if missing. For tests and printing.
  public func string(_ row: Int) -> String { dictionary.string(codes[row]) }
}

/// A column of text that hardly repeats: bytes one after the other. An empty text means missing.
public struct PlainTextColumn: Sendable {
  public var bytes: [UInt8] = []
  /// `rows + 1` offsets into ``bytes``.
  public var offsets: [UInt32] = [0]

  public init() {}

  @inlinable
  public mutating func append(_ text: Span<UInt8>) {
    bytes.append(copying: text)
    offsets.append(UInt32(truncatingIfNeeded: bytes.count))
  }

  mutating func removeAll() {
    bytes.forget()
    offsets.forget()
    offsets.append(0)
  }

  public func string(_ row: Int) -> String {
    String(decoding: bytes[Int(offsets[row])..<Int(offsets[row + 1])], as: UTF8.self)
  }
}

/// A column of days; ``missing`` where none was delivered.
public struct DayColumn: Sendable {
  public static let missing = Int32.min
  public var days: [Int32] = []

  public init() {}

  @inlinable public mutating func append(_ day: CalendarDay?) { days.append(day?.daysSinceEpoch ?? DayColumn.missing) }

  public func day(_ row: Int) -> CalendarDay? {
    days[row] == DayColumn.missing ? nil : CalendarDay(daysSinceEpoch: days[row])
  }
}

/// A column of decimals: mantissas and scales; scale ``missing`` where there is no number.
public struct DecimalColumn: Sendable {
  public static let missing = Int8.min
  public var mantissas: [Int64] = []
  public var scales: [Int8] = []

  public init() {}

  @inlinable
  public mutating func append(_ value: ExactDecimal?) {
    mantissas.append(value?.mantissa ?? 0)
    scales.append(value?.scale ?? DecimalColumn.missing)
  }

  public func value(_ row: Int) -> ExactDecimal? {
    scales[row] == DecimalColumn.missing ? nil : ExactDecimal(mantissa: mantissas[row], scale: scales[row])
  }
}
