import SpotCheckModel

/// One line of a log. What it quotes is masked and made harmless here, whoever wrote it.
public struct LogLine: Sendable {
  public var level: LogLevel
  public var time: TimeStamp
  public var run: String
  /// SHA-256 of the file that it is about; eight digits of it are written.
  public var file: String?
  public var bureau: String?
  /// A diagnostic code, or one of the program's own.
  public var code: String?
  public var message: String
  /// Further facts, in order.
  public var facts: [LogFact]

  public init(
    _ level: LogLevel, time: TimeStamp, run: String, file: String? = nil, bureau: String? = nil, code: String? = nil,
    _ message: String, facts: [LogFact] = []
  ) {
    self.level = level
    self.time = time
    self.run = run
    self.file = file
    self.bureau = bureau
    self.code = code
    self.message = message
    self.facts = facts
  }

  /// One JSON object and a line break: `ts`, `level`, `run`, and where given `bureau`, `file`, `code`; `msg`; the facts.
  public var json: [UInt8] {
    var pairs: [(key: String, value: JSONValue)] = [
      ("ts", .text(time.text)), ("level", .text(level.rawValue)), ("run", .text(run)),
    ]
    if let bureau { pairs.append(("bureau", .text(bureau))) }
    if let file { pairs.append(("file", .text(String(file.prefix(8))))) }
    if let code { pairs.append(("code", .text(code))) }
    pairs.append(("msg", .text(PersonalData.masked(message))))
    for fact in facts { pairs.append((fact.name, fact.json)) }
    return JSONValue.object(pairs).line + [0x0A]
  }

  /// For people: `2024-03-05 08:00:00 warning nyncj 1a2b3c4d CELL_UNIT: message (rows=3)`.
  public var human: String { time.shortText + " " + level.rawValue + " " + body }

  /// For the journal of systemd, which knows time and run: `<4>nyncj 1a2b3c4d CELL_UNIT: message`.
  public var journal: String { "<\(level.priority)>" + body }

  private var body: String {
    var words: [String] = []
    if let bureau { words.append(bureau) }
    if let file { words.append(String(file.prefix(8))) }
    if let code { words.append(code) }
    var text = words.joined(separator: " ") + (words.isEmpty ? "" : ": ") + PersonalData.masked(message)
    if !facts.isEmpty { text += " (" + facts.map { "\($0.name)=\($0.text)" }.joined(separator: ", ") + ")" }
    return DisplayWidth.harmless(text)
  }
}

/// One further fact of a log line.
public struct LogFact: Sendable, Hashable {
  public enum Value: Sendable, Hashable {
    case text(String)
    case integer(Int64)
  }
  public var name: String
  public var value: Value

  public init(_ name: String, _ text: String) {
    self.name = name
    value = .text(text)
  }

  public init(_ name: String, _ number: Int) {
    self.name = name
    value = .integer(Int64(number))
  }

  var text: String {
    switch value {
    case .text(let text): PersonalData.masked(text)
    case .integer(let number): String(number)
    }
  }

  var json: JSONValue {
    switch value {
    case .text: .text(text)
    case .integer(let number): .integer(number)
    }
  }
}

/// How grave a log line is; the raw values are printed.
public enum LogLevel: String, Sendable, CaseIterable, Comparable {
  case debug, info, notice, warning, error

  /// The priority of syslog and the journal.
  public var priority: Int {
    switch self {
    case .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    }
  }

  public static func < (left: LogLevel, right: LogLevel) -> Bool { left.priority > right.priority }
}
