// UNSAFE FILE: compares the first bytes of a raw slice, below its count.

/// The character sets that bureaus deliver.
public enum TextEncoding: String, Sendable, Equatable, CaseIterable {
  case utf8 = "utf-8"
  case gb18030 = "gb18030"
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  /// windows-1252, which is what `latin1` means in practice.
  case western = "windows-1252"

  /// What a label (of a pipeline, of an XML declaration) stands for.
  enum Label: Equatable {
    case auto
    case exact(TextEncoding)
    /// UTF-16 of an order that only the bytes can tell.
    case utf16
    case ascii
    case unknown
  }

  /// Reads a label as people write it: any case, GB2312 and GBK mean their superset GB18030.
  static func label(_ text: String) -> Label {
    switch text.lowercased() {
    case "", "auto": .auto
    case "utf-8", "utf8": .exact(.utf8)
    case "gb2312", "gbk", "cp936", "gb18030", "x-gbk": .exact(.gb18030)
    case "utf-16", "utf16": .utf16
    case "utf-16le", "utf16le": .exact(.utf16LittleEndian)
    case "utf-16be", "utf16be": .exact(.utf16BigEndian)
    case "ascii", "us-ascii": .ascii
    case "latin1", "iso-8859-1", "windows-1252": .exact(.western)
    default: .unknown
    }
  }

  var isUTF16: Bool { self == .utf16LittleEndian || self == .utf16BigEndian }
}

/// A byte order mark at the start of a payload.
struct ByteOrderMark: Equatable {
  /// nil: UTF-32, which nobody delivers and we don't read.
  var encoding: TextEncoding?
  var length: Int

  static func at(startOf head: UnsafeRawBufferPointer) -> ByteOrderMark? {
    func starts(_ bytes: [UInt8]) -> Bool { head.count >= bytes.count && head.prefix(bytes.count).elementsEqual(bytes) }
    if starts([0xEF, 0xBB, 0xBF]) { return ByteOrderMark(encoding: .utf8, length: 3) }
    if starts([0xFF, 0xFE, 0, 0]) || starts([0, 0, 0xFE, 0xFF]) { return ByteOrderMark(encoding: nil, length: 4) }
    if starts([0xFF, 0xFE]) { return ByteOrderMark(encoding: .utf16LittleEndian, length: 2) }
    if starts([0xFE, 0xFF]) { return ByteOrderMark(encoding: .utf16BigEndian, length: 2) }
    if starts([0x84, 0x31, 0x95, 0x33]) { return ByteOrderMark(encoding: .gb18030, length: 4) }
    return nil
  }
}
