/// Why a document cannot be audited at all: where, what, and what to do.
public struct AuditProblem: Error, Sendable, Hashable {
  /// Line and column from 1; 0 = the document as a whole.
  public var position: AuditPosition
  /// What was found and expected, in English, with the nearest valid word where there is one.
  public var message: String
  /// The line as written, or empty where there is none.
  public var sourceLine: String

  public init(_ position: AuditPosition = .document, _ message: String, sourceLine: String = "") {
    self.position = position
    self.message = message
    self.sourceLine = sourceLine
  }

  /// `file:12:5: error: message`, the line and a caret under it.
  public func text(file: String) -> String {
    var place = file
    if position.line > 0 { place += ":\(position.line)" }
    if position.column > 0 { place += ":\(position.column)" }
    let headline = AuditText.harmless("\(place): error: \(message)")
    guard position.column > 0, !sourceLine.isEmpty else { return headline }
    let shown = AuditText.harmless(String(sourceLine.prefix(200)))
    // Chinese characters take two columns.
    let pad = shown.unicodeScalars.prefix(position.column - 1).map { $0.value >= 0x2E80 ? "  " : " " }.joined()
    return headline + "\n" + shown + "\n" + pad + "^"
  }
}

/// All that keeps a document from being audited.
public struct AuditRefusal: Error, Sendable, Hashable {
  public var problems: [AuditProblem]

  init(_ problems: [AuditProblem]) { self.problems = problems }
  init(_ message: String) { self.init([AuditProblem(.document, message)]) }
}
