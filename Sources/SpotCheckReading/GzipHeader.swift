// UNSAFE FILE: hands single bytes to the checksum function of zlib.

import CZlib

/// Parses one gzip member header (RFC 1952), a byte at a time, in bounded memory.
///
/// No field is kept: a FNAME is never a path to us, and a comment is nobody's data.
struct GzipHeader {
  enum Step: Equatable {
    case more
    case complete
    /// The header is not one of RFC 1952; why, in both languages.
    case bad(String, String)
  }

  private enum Field { case fixed, extraLength, extra, name, comment, checksum, done }

  private let fieldLimit: Int
  private var field = Field.fixed
  private var index = 0
  private var flags: UInt8 = 0
  private var value = 0
  private var checksum: UInt = 0

  init(fieldLimit: Int) { self.fieldLimit = fieldLimit }

  mutating func take(_ byte: UInt8) -> Step {
    if field != .checksum {
      checksum = withUnsafePointer(to: byte) { crc32_z(checksum, $0, 1) }
    }
    switch field {
    case .fixed:
      switch index {
      case 0 where byte != 0x1F, 1 where byte != 0x8B:
        return .bad("not a gzip header", "不是 gzip 文件头")
      case 2 where byte != 8:
        return .bad("compression method \(byte) is not deflate", "压缩方法不是 deflate")
      case 3 where byte & 0xE0 != 0:
        return .bad("reserved header flags are set", "文件头的保留标志位不为零")
      case 3: flags = byte
      default: break
      }
      index += 1
      if index == 10 { enter(after: .fixed) }
    case .extraLength:
      value |= Int(byte) << (8 * index)
      index += 1
      if index == 2 {
        index = 0
        field = .extra
        if value == 0 { enter(after: .extra) }
      }
    case .extra:
      index += 1
      if index == value { enter(after: .extra) }
    case .name, .comment:
      index += 1
      if byte == 0 {
        enter(after: field)
      } else if index > fieldLimit {
        return .bad("a header field is longer than \(fieldLimit) bytes", "文件头字段过长")
      }
    case .checksum:
      value |= Int(byte) << (8 * index)
      index += 1
      if index == 2 {
        guard value == Int(checksum & 0xFFFF) else {
          return .bad("the header checksum is wrong", "文件头校验和错误")
        }
        field = .done
      }
    case .done: break
    }
    return field == .done ? .complete : .more
  }

  /// Goes to the next field that the flags announce.
  private mutating func enter(after previous: Field) {
    index = 0
    value = 0
    switch previous {
    case .fixed where flags & 4 != 0: field = .extraLength
    case .fixed, .extraLength, .extra:
      if flags & 8 != 0 { field = .name } else { fallthrough }
    case .name:
      if flags & 16 != 0 { field = .comment } else { fallthrough }
    case .comment:
      field = flags & 2 != 0 ? .checksum : .done
    case .checksum, .done: field = .done
    }
  }
}
