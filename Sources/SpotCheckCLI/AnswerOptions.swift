import ArgumentParser
import SpotCheck

/// How an answer is written.
struct AnswerOptions: ParsableArguments {
  @Option(help: "How the answer is written; excel-csv is CSV that Excel opens by itself.")
  var format: OutputFormat = .table

  @Option(help: "Characters of csv, excel-csv, tsv, table and markdown: utf-8, or gb18030 for programs that want it.")
  var encoding: OutputEncoding = .utf8

  func validate() throws {
    guard encoding == .utf8 || format.takesEncodings else {
      throw ValidationError(
        "--encoding \(encoding.rawValue) is for csv, excel-csv, tsv, table and markdown; \(format.rawValue) is "
          + (format.isBinary ? "no text" : "always UTF-8"))
    }
  }
}
