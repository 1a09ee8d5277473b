/// A column's name or XML path, normalised, to be compared with many others.
///
/// Strings are compared as people read them, whole characters and all ways to write them, which takes a third of the time that a
/// small XML file takes. Where the names have only one way to be written their bytes say the same (``SeparatorSearch``).
struct ColumnName: Sendable {
  let text: String
  /// The bytes of `/text/`: a path is made of whole steps.
  private let bytes: [UInt8]
  private let isPlain: Bool

  /// - Parameter text: normalised (``HeaderNames``).
  init(_ text: String) {
    self.text = text
    let utf8 = text.utf8
    isPlain = SeparatorSearch.isPlain(utf8.span)
    bytes = [0x2F] + utf8 + [0x2F]
  }

  var isEmpty: Bool { text.isEmpty }

  static func == (left: ColumnName, right: ColumnName) -> Bool {
    left.isPlain && right.isPlain ? left.bytes == right.bytes : left.text == right.text
  }

  /// Whether the last steps of a path are this name.
  func ends(_ path: ColumnName) -> Bool {
    guard isPlain, path.isPlain else { return path.text.hasSuffix("/" + text) }
    guard path.bytes.count > bytes.count else { return false }
    return path.bytes.suffix(bytes.count).elementsEqual(bytes)
  }

  /// Whether some steps of a path are this name.
  func stands(in path: ColumnName) -> Bool {
    guard isPlain, path.isPlain else { return ("/" + path.text + "/").contains("/" + text + "/") }
    return SeparatorSearch.occurs(bytes.span, in: path.bytes.span)
  }
}
