import ArgumentParser
import SpotCheck

struct DiagnosticsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnostics", abstract: "Explains a diagnostic code, or prints the page of all codes.",
    discussion: "EXAMPLES\n  spotcheck diagnostics GZ_TRUNCATED")

  @Argument(help: "A code.")
  var code: String?

  func run() throws {
    guard let code else {
      Console.out(DiagnosticReference.markdown)
      return
    }
    guard let known = DiagnosticCode(rawValue: code.uppercased()) else {
      throw CommandFailure(.usage, "there is no diagnostic code '\(code)'; 'spotcheck diagnostics' lists them")
    }
    let text = known.text
    Console.out(
      "\(known.rawValue) (\(known.severity.rawValue))\n  \(text.title). \(text.remedy).\n  \(text.titleZh)。\(text.remedyZh)。\n"
    )
  }
}
