import ArgumentParser
import SpotCheck

/// How an answer is written.
struct AnswerOptions: ParsableArguments {
  @Option(help: "How the answer is written; excel-csv is CSV that Excel opens by itself.")
  var format: OutputFormat = .table

  @Option(help: "Characters of csv, excel-csv, tsv, table and markdown: utf-8, or gb18030 for programs that want it.")
  var encoding: OutputEncoding = .utf8

  @Option(
    help: "Headings, notes and words of what people read: zh or en (default: $SPOTCHECK_LANG, or zh).")
  var lang: AnswerLanguage?

  /// Data stay as they were delivered, and formats for machines as they are. The locale has no say (Decisions/0021).
  func language() throws -> AnswerLanguage {
    if let lang { return lang }
    guard let name = Machine.environment("SPOTCHECK_LANG"), !name.isEmpty else { return .chinese }
    guard let language = AnswerLanguage(rawValue: name) else {
      throw CommandFailure(.usage, "SPOTCHECK_LANG is '\(PathText.printable(name))'; it must be zh or en")
    }
    return language
  }

  func validate() throws {
    guard encoding == .utf8 || format.takesEncodings else {
      throw ValidationError(
        "--encoding \(encoding.rawValue) is for csv, excel-csv, tsv, table and markdown; \(format.rawValue) is "
          + (format.isBinary ? "no text" : "always UTF-8"))
    }
  }
}
