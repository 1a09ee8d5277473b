import SpotCheckModel

/// Everything that one distinct text of a field was taken to mean. Indices point into the ``Interpreter``'s stores.
struct MemoEntry: Sendable {
  struct State: OptionSet, Sendable {
    let rawValue: UInt16
    /// The text means "nothing": blank or a placeholder.
    static let missing = State(rawValue: 1)
    /// One of the notes refuses the record.
    static let refused = State(rawValue: 2)
    /// The text is the name of a column: perhaps a repeated header.
    static let headerWord = State(rawValue: 4)
    /// 合计, 填表人 …: perhaps a footer.
    static let footerWord = State(rawValue: 8)
    static let unknownWord = State(rawValue: 16)
    static let checkDigit = State(rawValue: 32)
    static let riskMonitoring = State(rawValue: 64)
    static let dateProblem = State(rawValue: 128)
    /// 拒检.
    static let inspectionRefused = State(rawValue: 256)
    /// 涉嫌无证.
    static let unlicensed = State(rawValue: 512)
    /// The word says that an objection, or a retest asked for, is still open …
    static let objection = State(rawValue: 1024)
    /// … or that it has been dealt with.
    static let objectionSettled = State(rawValue: 2048)
    static let objectionUpheld = State(rawValue: 4096)
    /// The conclusion of a retest.
    static let retest = State(rawValue: 8192)
  }

  /// Stable hashes of the delivered text and the field's name; 0 for nothing, so a blank adds nothing to a sum.
  var hashLow: UInt64 = 0
  var hashHigh: UInt64 = 0
  /// Text to store if it is not the delivered one, else -1.
  var text: Int32 = -1
  /// By kind: days since 1970, number of a verdict or version, index of a result, limit, unit, analyte, list of items … -1 = none.
  var meaning: Int32 = -1
  /// Index of the list of notes, or -1.
  var notes: Int32 = -1
  var state: State = []
  /// Code in the field's own text column of the open tables; ``FieldMemo/unset`` until the first row needs it.
  var tableCode = FieldMemo.unset
}

/// The distinct texts of one field since the last seal, each interpreted once.
struct FieldMemo: Sendable {
  var dictionary = ByteDictionary()
  /// By code of the dictionary; entry 0 is the blank.
  var entries: [MemoEntry] = [MemoEntry(state: .missing, tableCode: 0)]
  static let unset = UInt32.max

  /// Forgets all texts and keeps the memory.
  mutating func removeAll() {
    dictionary.removeAll()
    entries.forget()
    entries.append(MemoEntry(state: .missing, tableCode: 0))
  }
}
