import SpotCheckModel
public import SpotCheckReceipts
import SpotCheckSystem

/// Where a run says what it does: lines on standard error, for people, for programs or for systemd's journal. What it
/// quotes is masked by ``LogLine``.
public final class RunLog {
  /// How a line is written.
  public enum Style: Sendable, Hashable {
    case human
    /// One object a line.
    case json
    /// Priority in front; the journal adds time and program.
    case journal

    /// As asked for; people's lines go to the journal in its own form.
    public init(_ format: LogFormat, journalStream: String?) {
      self =
        switch format {
        case .json: .json
        case .human: (journalStream ?? "").isEmpty ? .human : .journal
        }
    }
  }

  private let style: Style
  private let minimum: LogLevel
  private let write: ([UInt8]) -> Void
  /// The run that the lines are about.
  public var run = "-"

  /// - Parameter minimum: less grave lines are not written: `warning` for a quiet night.
  public init(_ style: Style, minimum: LogLevel = .info, write: @escaping ([UInt8]) -> Void) {
    self.style = style
    self.minimum = minimum
    self.write = write
  }

  public func say(
    _ level: LogLevel, file: String? = nil, bureau: String? = nil, code: String? = nil, _ message: String,
    facts: [LogFact] = []
  ) {
    guard level >= minimum else { return }
    let line = LogLine(
      level, time: TimeStamp.now, run: run, file: file.flatMap { $0.isEmpty ? nil : $0 },
      bureau: bureau.flatMap { $0.isEmpty ? nil : $0 }, code: code.flatMap { $0.isEmpty ? nil : $0 }, message,
      facts: facts)
    switch style {
    case .human: write(Array((line.human + "\n").utf8))
    case .journal: write(Array((line.journal + "\n").utf8))
    case .json: write(line.json)
    }
  }
}

extension TimeStamp {
  /// Now, on China's clock, wherever the program runs.
  static var now: TimeStamp { TimeStamp(milliseconds: Machine.wallClockNanoseconds / 1_000_000) }
}

extension CalendarDay {
  /// Today in China, wherever the program runs.
  static var today: CalendarDay {
    let seconds = (Machine.wallClockSeconds + 8 * 3600) / 86_400
    return CalendarDay(daysSinceEpoch: Int32(clamping: Int64(seconds.rounded(.down))))
  }
}
