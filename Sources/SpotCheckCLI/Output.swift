import SpotCheck

/// Reports on standard output.
enum Output {
  /// - Parameter targets: rates are written with enough digits not to cross these, 90 % and 95 %.
  static func emit(_ report: Report, as answer: some AnswerForm, targets: [RateTarget] = []) throws {
    let format = try answer.formatInForce()
    guard !format.isBinary || !StandardStreams.isTerminal(1) else {
      throw CommandFailure(
        .usage,
        "\(format.rawValue) is no text for a terminal: write it to a file (> answer.\(format.rawValue)) or a pipe")
    }
    let report = format.hasWords ? report.speaking(try answer.language()) : report
    let width = format == .table && StandardStreams.isTerminal(1) ? StandardStreams.terminalWidth : nil
    try emit(
      report,
      with: format.emitter(width: width, targets: RateText.defaultTargets + targets, encoding: answer.encoding),
      in: answer.encoding)
  }

  static func emit(_ report: Report, with emitter: some Emitter, in encoding: OutputEncoding = .utf8) throws {
    var sink = StandardOutput(encoding)
    defer {
      sink.finish()
      if sink.lost > 0 {
        Console.note("\(sink.lost) private characters that GB18030 does not have were written as U+FFFD")
      }
    }
    try emitter.emit(report, to: &sink)
  }
}
