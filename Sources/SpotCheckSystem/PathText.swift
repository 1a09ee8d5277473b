/// Paths as `String` without losing any file: names on disk are bytes, and an old bureau's are GBK.
///
/// A byte that is not part of valid UTF-8 becomes the private scalar U+10FF00 + byte, and is turned back on every
/// system call. A name that already holds such a scalar has its bytes escaped one by one, so the mapping is
/// one to one in both directions.
public enum PathText {
  private static let base: UInt32 = 0x10FF00

  /// The text of a name's bytes.
  public static func decode(_ bytes: [UInt8]) -> String {
    var result = String.UnicodeScalarView()
    var index = 0
    while index < bytes.count {
      let (scalar, length) = nextScalar(bytes, index)
      if let scalar, !isEscape(scalar) {
        result.append(scalar)
      } else {
        for byte in bytes[index..<index + length] { append(byte, to: &result) }
      }
      index += length
    }
    return String(result)
  }

  /// The bytes of a name's text.
  public static func encode(_ text: String) -> [UInt8] {
    // Every escape begins with this byte in UTF-8, and so does hardly anything else.
    if !text.utf8.contains(0xF4) { return Array(text.utf8) }
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if isEscape(scalar) {
        result.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
    return result
  }

  /// For messages: what is no text, and control characters, as `%9F`.
  public static func printable(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if isEscape(scalar) || scalar.properties.generalCategory == .control {
        let byte = UInt8(truncatingIfNeeded: scalar.value)
        result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether a name is UTF-8 without control characters: what people can read and programs can print.
  public static func isText(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { !isEscape($0) && $0.properties.generalCategory != .control }
  }

  /// `folder/name`; an empty folder means the current one.
  public static func join(_ folder: String, _ name: String) -> String {
    if folder.isEmpty { return name }
    return folder.utf8.last == UInt8(ascii: "/") ? folder + name : folder + "/" + name
  }

  /// The part before the last `/`, or `.`.
  public static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.utf8.startIndex ? "/" : String(path.utf8[..<slash]) ?? "."
  }

  /// The part after the last `/`.
  public static func name(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path.utf8[path.utf8.index(after: slash)...]) ?? path
  }

  private static func isEscape(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= base + 0x80 }

  private static func append(_ byte: UInt8, to view: inout String.UnicodeScalarView) {
    let value = byte < 0x80 ? UInt32(byte) : base + UInt32(byte)
    if let scalar = Unicode.Scalar(value) { view.append(scalar) }
  }

  /// The scalar at an index and its length in bytes; nil and 1 if the bytes there are not valid UTF-8.
  private static func nextScalar(_ bytes: [UInt8], _ index: Int) -> (Unicode.Scalar?, Int) {
    let first = bytes[index]
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    let length = first >= 0xF0 ? 4 : (first >= 0xE0 ? 3 : 2)
    guard index + length <= bytes.count else { return (nil, 1) }
    let slice = bytes[index..<index + length]
    guard let text = String(validating: slice, as: UTF8.self), let scalar = text.unicodeScalars.first,
      text.unicodeScalars.count == 1
    else { return (nil, 1) }
    return (scalar, length)
  }
}

extension UTF8 {
  fileprivate static var encodedReplacementCharacter: EncodedScalar { UTF8.encode("\u{FFFD}") ?? EncodedScalar() }
}
