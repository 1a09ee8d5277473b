/// What a payload is, by its first character.
public enum DeliveredFormat: String, Sendable, Equatable {
  case csv
  case xml
}

/// Tells XML from delimited text without knowing the character set.
public enum FormatSniffer {
  /// The first character that is neither space nor byte order mark decides: `<` is XML, anything else is CSV.
  ///
  /// - Parameter head: the first bytes of the payload, undecoded (``TextStream/head()``). All character sets that
  ///   are read here write `<` as the byte 3C, in UTF-16 beside a NUL.
  public static func format(of head: [UInt8]) -> DeliveredFormat {
    var bytes = head[...]
    for mark in [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF], [0x84, 0x31, 0x95, 0x33]] as [[UInt8]] {
      if bytes.starts(with: mark) {
        bytes = bytes.dropFirst(mark.count)
        break
      }
    }
    let first = bytes.first { ![0, 0x09, 0x0A, 0x0D, 0x20].contains($0) }
    return first == UInt8(ascii: "<") ? .xml : .csv
  }
}
