// UNSAFE FILE: passes raw text to a C kernel, and holds its scalar twin. Every pointer comes with its length.

import CKernels

extension Kernels {
  /// Writes the offsets of the bytes at which plain XML text may end, and returns how many: `<`, `>`, `&`, control
  /// characters except TAB and LF, and the last byte of U+FFFE and U+FFFF.
  ///
  /// - Parameters:
  ///   - out: must have room for `text.count + 64`.
  ///   - feeds: one bit a byte for every LF, `(text.count + 63) / 64` words.
  static func xmlMarks(
    in text: UnsafeRawBufferPointer, into out: UnsafeMutablePointer<UInt32>, feeds: UnsafeMutablePointer<UInt64>,
    level: Int32 = Kernels.level
  ) -> Int {
    guard let base = text.baseAddress, text.count > 0 else { return 0 }
    guard level > 0 else { return xmlMarksScalar(in: text, into: out, feeds: feeds) }
    // SAFETY: the kernel reads `text.count` bytes and writes below the promised room.
    return sck_xml_marks(level, base.assumingMemoryBound(to: UInt8.self), text.count, out, feeds)
  }

  static func xmlMarksScalar(
    in text: UnsafeRawBufferPointer, into out: UnsafeMutablePointer<UInt32>, feeds: UnsafeMutablePointer<UInt64>
  ) -> Int {
    feeds.update(repeating: 0, count: (text.count + 63) / 64)
    var count = 0
    for index in 0..<text.count {
      let byte = text[index]
      switch byte {
      case 0x0A:
        feeds[index / 64] |= 1 << UInt64(index % 64)
        continue
      case 0x09:
        continue
      case 0..<0x20, 0x26, 0x3C, 0x3E:
        break
      case 0xBE, 0xBF:
        guard index > 1, text[index - 1] == 0xBF, text[index - 2] == 0xEF else { continue }
      default:
        continue
      }
      out[count] = UInt32(truncatingIfNeeded: index)
      count += 1
    }
    return count
  }
}
