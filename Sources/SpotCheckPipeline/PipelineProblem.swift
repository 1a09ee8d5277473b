/// Something wrong in a pipeline, a code table or a test file: where, what, and what was probably meant.
public struct PipelineProblem: Sendable, Hashable, Error {
  public enum Severity: String, Sendable, Hashable {
    case error, warning
  }
  public var severity: Severity
  /// The file's path as given.
  public var file: String
  /// Line and column from 1; columns count Unicode scalars. 0 = the file as a whole.
  public var line: Int
  public var column: Int
  /// How many scalars the caret line marks.
  public var length: Int
  /// What was found and expected, in English, with the nearest valid word where there is one.
  public var message: String
  /// The line as written, or empty where there is none.
  public var sourceLine: String

  public init(
    _ severity: Severity = .error, file: String, line: Int = 0, column: Int = 0, length: Int = 1,
    _ message: String, sourceLine: String = ""
  ) {
    self.severity = severity
    self.file = file
    self.line = line
    self.column = column
    self.length = length
    self.message = message
    self.sourceLine = sourceLine
  }

  /// `file:12:5: error: message`
  public var headline: String {
    let place = line > 0 ? ":\(line)" + (column > 0 ? ":\(column)" : "") : ""
    return "\(file)\(place): \(severity.rawValue): \(message)"
  }
}

extension PipelineProblem: CustomStringConvertible {
  /// The headline, the source line and a caret line under it, as compilers print them.
  public var description: String {
    guard line > 0, column > 0, !sourceLine.isEmpty else { return headline }
    let scalars = Array(sourceLine.unicodeScalars)
    let start = min(column - 1, scalars.count)
    var pad = ""
    for scalar in scalars[..<start] { pad += scalar == "\t" ? "\t" : spaces(DisplayWidth.of(scalar)) }
    let end = min(start + max(1, length), scalars.count)
    let width = scalars[start..<max(start, end)].reduce(0) { $0 + DisplayWidth.of($1) }
    return headline + "\n" + sourceLine + "\n" + pad + "^" + String(repeating: "~", count: max(0, width - 1))
  }

  private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}

extension PipelineProblem: Comparable {
  /// By file, then place, then text: the same order on every machine.
  public static func < (left: PipelineProblem, right: PipelineProblem) -> Bool {
    if left.file != right.file { return left.file.utf8.lexicographicallyPrecedes(right.file.utf8) }
    if left.line != right.line { return left.line < right.line }
    if left.column != right.column { return left.column < right.column }
    if left.severity != right.severity { return left.severity == .error }
    return left.message.utf8.lexicographicallyPrecedes(right.message.utf8)
  }
}

/// How many terminal cells a scalar takes, as far as carets need to know.
enum DisplayWidth {
  static func of(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x20000...0x3FFFD:
      2
    case 0x0300...0x036F, 0x200B...0x200F, 0xFEFF: 0
    default: 1
    }
  }
}
