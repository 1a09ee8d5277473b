/// A cell of a sheet. A text stays a text whatever it looks like: nothing in it is counted, dated or run.
public struct WorkbookCell: Sendable, Equatable {
  public enum Value: Sendable, Equatable {
    case empty
    case text(String)
    /// Sixteen digits of it are kept.
    case number(Double)
  }

  public var value: Value
  /// A number format as Excel writes them: `0`, `0.00%`.
  public var format: String
  public var isStrong: Bool

  /// The number format of texts: what is typed over one stays text too.
  public static let textFormat = "@"

  public init(_ value: Value, format: String = WorkbookCell.textFormat, isStrong: Bool = false) {
    self.value = value
    self.format = format
    self.isStrong = isStrong
  }
}

/// Text as a cell's XML holds it.
enum WorkbookText {
  /// Characters that XML cannot hold as `_xHHHH_`, and what looks like such an escape with its underline escaped
  /// (ECMA-376 part 1, 22.9.2.19 ST_Xstring). A carriage return is one: XML readers make it a line feed.
  static func escaped(_ text: String) -> String {
    let needsNone = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x5F && $0 != 0xEF || $0 == 0x09 || $0 == 0x0A }
    if needsNone { return text }
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    for (place, scalar) in scalars.enumerated() {
      switch scalar.value {
      case 0x09, 0x0A: result.append(scalar)
      case 0x00...0x1F, 0xFFFE, 0xFFFF: result.append(contentsOf: escape(scalar).unicodeScalars)
      case 0x5F where isEscape(scalars, at: place): result.append(contentsOf: escape(scalar).unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "_x" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + "_"
  }

  /// `_x`, four hexadecimal digits, `_`.
  private static func isEscape(_ scalars: [Unicode.Scalar], at place: Int) -> Bool {
    guard place + 6 < scalars.count, scalars[place + 1] == "x", scalars[place + 6] == "_" else { return false }
    return scalars[(place + 2)..<(place + 6)].allSatisfy { $0.isASCII && $0.properties.isASCIIHexDigit }
  }
}
