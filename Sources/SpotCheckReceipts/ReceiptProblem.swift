public import SpotCheckModel

/// Everything of one code that was found in a file: how often, and the first places.
public struct ReceiptProblem: Sendable, Hashable {
  /// So many places of one code are named unless asked otherwise.
  public static let examplesPerCode = 5

  /// The stable code: of ``DiagnosticCode``, or of intake (`POISON`).
  public var code: String
  public var severity: Severity
  public var count: Int
  public var title: String
  public var titleZh: String
  public var remedy: String
  public var remedyZh: String
  /// In order of place.
  public var examples: [ReceiptExample]

  public init(
    code: String, severity: Severity, count: Int, title: String, titleZh: String, remedy: String, remedyZh: String,
    examples: [ReceiptExample] = []
  ) {
    self.code = code
    self.severity = severity
    self.count = count
    self.title = title
    self.titleZh = titleZh
    self.remedy = remedy
    self.remedyZh = remedyZh
    self.examples = examples
  }

  /// Groups what an import found, the gravest first, then by code.
  ///
  /// - Parameters:
  ///   - counts: how often each code was found, kept whole or not.
  ///   - diagnostics: those that were kept; quoted text in them is masked here (again, if need be).
  public static func list(
    counts: [DiagnosticCode: Int], diagnostics: [Diagnostic], examples limit: Int = examplesPerCode
  ) -> [ReceiptProblem] {
    var places: [DiagnosticCode: [Diagnostic]] = [:]
    for diagnostic in diagnostics { places[diagnostic.code, default: []].append(diagnostic) }
    var problems: [ReceiptProblem] = []
    for code in DiagnosticCode.allCases {
      let found = places[code] ?? []
      let count = max(counts[code] ?? 0, found.count)
      guard count > 0 else { continue }
      let inOrder = found.enumerated().sorted {
        ($0.element.position.byteOffset, $0.offset) < ($1.element.position.byteOffset, $1.offset)
      }
      problems.append(
        ReceiptProblem(
          code: code.rawValue, severity: found.map(\.severity).max() ?? code.severity, count: count,
          title: code.text.title, titleZh: code.text.titleZh, remedy: code.text.remedy, remedyZh: code.text.remedyZh,
          examples: inOrder.prefix(max(0, limit)).map { ReceiptExample($0.element) }))
    }
    return problems.sorted { ($1.severity, $0.code) < ($0.severity, $1.code) }
  }
}

/// One place where a problem stands.
public struct ReceiptExample: Sendable, Hashable {
  /// From 1; 0: the file as a whole.
  public var line: Int
  /// Offset in the payload, from 0.
  public var byte: Int
  /// Field index from 0, and the column's name as delivered.
  public var field: Int?
  public var column: String?
  public var message: String
  public var messageZh: String

  public init(_ diagnostic: Diagnostic) {
    line = diagnostic.position.line
    byte = diagnostic.position.byteOffset
    field = diagnostic.position.field
    column = diagnostic.position.fieldName
    let text = diagnostic.code.text
    message = PersonalData.masked(diagnostic.message.isEmpty ? text.title : diagnostic.message)
    messageZh = PersonalData.masked(diagnostic.messageZh.isEmpty ? text.titleZh : diagnostic.messageZh)
  }
}

/// Why a file as a whole was refused, or has to wait.
public struct ReceiptRefusal: Sendable, Hashable {
  public var code: String
  public var message: String
  public var messageZh: String
  public var remedy: String
  public var remedyZh: String

  public init(code: String, message: String, messageZh: String, remedy: String, remedyZh: String) {
    self.code = code
    self.message = PersonalData.masked(message)
    self.messageZh = PersonalData.masked(messageZh)
    self.remedy = remedy
    self.remedyZh = remedyZh
  }

  public init(_ diagnostic: Diagnostic) {
    let text = diagnostic.code.text
    self.init(
      code: diagnostic.code.rawValue, message: diagnostic.message.isEmpty ? text.title : diagnostic.message,
      messageZh: diagnostic.messageZh.isEmpty ? text.titleZh : diagnostic.messageZh, remedy: text.remedy,
      remedyZh: text.remedyZh)
  }
}
