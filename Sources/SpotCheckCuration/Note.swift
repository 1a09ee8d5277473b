import SpotCheckModel

/// A problem found in a value, before it has a place: the same value causes it wherever it stands.
struct Note: Sendable, Hashable {
  var code: DiagnosticCode
  var message: String
  var messageZh: String

  init(_ code: DiagnosticCode, _ message: String, zh: String = "") {
    self.code = code
    self.message = message
    messageZh = zh
  }
}
