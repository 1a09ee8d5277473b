import ArgumentParser
import SpotCheck

/// How an answer is written, whoever has read what was said about it.
protocol AnswerForm {
  var format: OutputFormat? { get }
  var encoding: OutputEncoding { get }
  var lang: AnswerLanguage? { get }
}

struct AnswerOptions: ParsableArguments, AnswerForm {
  @Option(
    help:
      "How the answer is written (default: $SPOTCHECK_FORMAT, settings, or table); excel-csv is CSV that Excel opens by itself."
  )
  var format: OutputFormat?

  @Option(help: "Characters of csv, excel-csv, tsv, table and markdown: utf-8, or gb18030 for programs that want it.")
  var encoding: OutputEncoding = .utf8

  @Option(
    help: "Headings, notes and words of what people read: zh or en (default: $SPOTCHECK_LANG, settings, or zh).")
  var lang: AnswerLanguage?

  func validate() throws {
    if let format, let fault = fault(of: format) { throw ValidationError(fault) }
  }
}

extension AnswerForm {
  /// Data stay as they were delivered, and formats for machines as they are. The locale has no say (Decisions/0021).
  func language() throws -> AnswerLanguage {
    try lang ?? SettingsInForce.word(.lang) ?? .chinese
  }

  /// What was said, or is settled.
  func formatInForce() throws -> OutputFormat {
    if let format { return format }
    guard let setting = try SettingsInForce.setting(.format), let format = OutputFormat(rawValue: setting.value) else {
      return .table
    }
    if let fault = fault(of: format) { throw CommandFailure(.usage, "\(fault) (\(setting.origin))") }
    return format
  }

  /// Why the answer cannot be written so.
  fileprivate func fault(of format: OutputFormat) -> String? {
    guard encoding != .utf8, !format.takesEncodings else { return nil }
    return "--encoding \(encoding.rawValue) is for csv, excel-csv, tsv, table and markdown; \(format.rawValue) is "
      + (format.isBinary ? "no text" : "always UTF-8")
  }
}
