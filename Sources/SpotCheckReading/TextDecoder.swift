// UNSAFE FILE: the decoding loops read raw input below its count and write into room reserved for the worst case
// (three bytes of UTF-8 for each byte of input), stated beside each `reserve`.

/// Turns payload bytes of a known character set into UTF-8 at the end of a ``TextBlock``.
struct TextDecoder {
  /// Something to report, in the order of the text.
  struct Event {
    enum Kind { case invalid, nul, privateUse }
    var kind: Kind
    /// Offset in the block's text.
    var decoded: Int
    /// Offset in the input slice, and how many bytes.
    var source: Int
    var length: Int
  }

  let encoding: TextEncoding
  /// Events of the last call. Only the first private use character of the file is an event; all are counted.
  var events: [Event] = []
  var privateUseCount = 0

  init(_ encoding: TextEncoding) { self.encoding = encoding }

  /// Sets the block's measure for this encoding; text already in it is ASCII or of the same encoding.
  func prepare(_ block: inout TextBlock) {
    block.isIdentity = encoding == .utf8
    block.asciiWidth = encoding.isUTF16 ? 2 : 1
    block.otherWidth = encoding == .western ? 1 : 2
  }

  /// Decodes what is whole in `input` and returns how many bytes that were; with `isLast`, everything.
  mutating func decode(_ input: UnsafeRawBufferPointer, isLast: Bool, into block: inout TextBlock) -> Int {
    events.removeAll(keepingCapacity: true)
    switch encoding {
    case .utf8: return decodeUTF8(input, isLast: isLast, into: &block)
    case .gb18030: return decodeGB18030(input, isLast: isLast, into: &block)
    case .utf16LittleEndian: return decodeUTF16(input, high: 1, isLast: isLast, into: &block)
    case .utf16BigEndian: return decodeUTF16(input, high: 0, isLast: isLast, into: &block)
    case .western: return decodeWestern(input, into: &block)
    }
  }

  // MARK: UTF-8

  private mutating func decodeUTF8(_ input: UnsafeRawBufferPointer, isLast: Bool, into block: inout TextBlock) -> Int {
    var count = input.count
    if !isLast {
      for back in 1...3 where back <= input.count && input[input.count - back] >= 0xC0 {
        if UTF8Sequence.at(input.count - back, in: input).isCut { count -= back }
        break
      }
    }
    let text = UnsafeRawBufferPointer(rebasing: input[..<count])
    guard let source = text.baseAddress, count > 0 else { return 0 }
    let scan = Kernels.scanUTF8(text)
    if scan.isDisjoint(with: [.invalid, .nul, .maybePrivate]) {
      block.reserve(count).copyMemory(from: source, byteCount: count)
      block.count += count
      return count
    }
    // SAFETY: a bad byte becomes three, everything else keeps its length.
    let out = block.reserve(3 * count)
    var written = 0
    var runStart = 0
    var index = 0
    func flush(to end: Int) {
      (out + written).copyMemory(from: source + runStart, byteCount: end - runStart)
      written += end - runStart
    }
    while index < count {
      if index + 8 <= count {
        let word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        if TextDecoder.isPlainASCII(word) {
          index += 8
          continue
        }
      }
      let byte = text[index]
      if byte < 0x80 {
        if byte == 0 {
          let at = block.count + written + index - runStart
          events.append(Event(kind: .nul, decoded: at, source: index, length: 1))
          block.faults.append(TextFault(offset: at))
        }
        index += 1
        continue
      }
      let found = UTF8Sequence.at(index, in: text)
      if found.isValid {
        if byte >= 0xEE {
          let second = text[index + 1]
          let isPrivate =
            byte == 0xEE || (byte == 0xEF && second < 0xA4) || (byte == 0xF3 && second >= 0xB0) || byte == 0xF4
          if isPrivate {
            notePrivateUse(
              decoded: block.count + written + index - runStart, source: index, length: found.length)
          }
        }
      } else {
        flush(to: index)
        let at = block.count + written
        TextDecoder.putReplacement(out + written)
        written += 3
        runStart = index + found.length
        noteInvalid(at: at, source: index, length: found.length, in: &block, counted: 3)
      }
      index += found.length
    }
    flush(to: count)
    block.count += written
    return count
  }

  // MARK: GB18030

  private mutating func decodeGB18030(
    _ input: UnsafeRawBufferPointer, isLast: Bool, into block: inout TextBlock
  ) -> Int {
    let tables = GB18030.tables
    // SAFETY: at most three bytes out of one (a bad one), four out of two; and eight more, so that a word can be stored
    // wherever eight bytes of input are left.
    let out = block.reserve(3 * input.count + 8)
    var written = 0
    var index = 0
    while index < input.count {
      while index &+ 8 <= input.count {
        let word = input.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
        // All eight bytes are stored; those that are plain ASCII stay.
        out.storeBytes(of: word.littleEndian, toByteOffset: written, as: UInt64.self)
        let odd = TextDecoder.oddBytes(word)
        if odd == 0 {
          written &+= 8
          index &+= 8
          continue
        }
        let plain = odd.trailingZeroBitCount / 8
        written &+= plain
        index &+= plain
        var isPlain = plain > 0
        // Characters of two bytes, as many as follow each other.
        while index &+ 2 <= input.count {
          let pair = input.loadUnaligned(fromByteOffset: index, as: UInt16.self).littleEndian
          let found = tables.written[Int(pair)]
          if found == 0 { break }
          out.storeBytes(of: found.littleEndian, toByteOffset: written, as: UInt32.self)
          written &+= Int(found &>> 24)
          index &+= 2
          isPlain = true
        }
        if !isPlain { break }
      }
      if index == input.count { break }
      let byte = input[index]
      if byte < 0x80 {
        if byte == 0 {
          events.append(Event(kind: .nul, decoded: block.count + written, source: index, length: 1))
          block.faults.append(TextFault(offset: block.count + written))
        }
        out.storeBytes(of: byte, toByteOffset: written, as: UInt8.self)
        written &+= 1
        index &+= 1
        continue
      }
      let found = GB18030.at(index, in: input, tables)
      if found.isCut, !isLast { break }
      if found.scalar == 0 {
        TextDecoder.putReplacement(out + written)
        noteInvalid(at: block.count + written, source: index, length: found.length, in: &block, counted: 2)
        written &+= 3
      } else {
        let scalar = found.scalar
        if TextDecoder.isPrivateUse(scalar) {
          notePrivateUse(decoded: block.count + written, source: index, length: found.length)
        }
        if found.length == 4 {
          block.exceptions.append(OffsetException(offset: block.count + written, delta: 2))
        }
        written &+= TextDecoder.put(scalar, out + written)
      }
      index &+= found.length
    }
    block.count += written
    return index
  }

  // MARK: UTF-16

  private mutating func decodeUTF16(
    _ input: UnsafeRawBufferPointer, high: Int, isLast: Bool, into block: inout TextBlock
  ) -> Int {
    // SAFETY: three bytes out of two, and three more for an odd last byte.
    let out = block.reserve(2 * input.count + 8)
    var written = 0
    var index = 0
    func unit(_ at: Int) -> UInt32 { UInt32(input[at + high]) << 8 | UInt32(input[at + 1 - high]) }
    while index + 1 < input.count {
      let first = unit(index)
      var scalar = first
      var length = 2
      if first & 0xF800 == 0xD800 {
        if first < 0xDC00, index + 3 >= input.count, !isLast { break }
        let second = first < 0xDC00 && index + 3 < input.count ? unit(index + 2) : 0
        if second & 0xFC00 == 0xDC00 {
          scalar = 0x1_0000 + ((first & 0x3FF) << 10 | (second & 0x3FF))
          length = 4
          block.exceptions.append(OffsetException(offset: block.count + written, delta: 2))
        } else {
          scalar = 0xFFFD
          noteInvalid(at: block.count + written, source: index, length: 2, in: &block, counted: 2)
        }
      }
      if scalar == 0 {
        events.append(Event(kind: .nul, decoded: block.count + written, source: index, length: 2))
        block.faults.append(TextFault(offset: block.count + written))
      } else if TextDecoder.isPrivateUse(scalar) {
        notePrivateUse(decoded: block.count + written, source: index, length: length)
      }
      written += TextDecoder.put(scalar, out + written)
      index += length
    }
    if isLast, index + 1 == input.count {
      noteInvalid(at: block.count + written, source: index, length: 1, in: &block, counted: 2)
      TextDecoder.putReplacement(out + written)
      written += 3
      index += 1
    }
    block.count += written
    return index
  }

  // MARK: windows-1252

  private mutating func decodeWestern(_ input: UnsafeRawBufferPointer, into block: inout TextBlock) -> Int {
    // SAFETY: at most three bytes out of one.
    let out = block.reserve(3 * input.count + 8)
    var written = 0
    for index in 0..<input.count {
      let byte = input[index]
      if byte == 0 {
        events.append(Event(kind: .nul, decoded: block.count + written, source: index, length: 1))
        block.faults.append(TextFault(offset: block.count + written))
      }
      let scalar =
        byte >= 0x80 && byte < 0xA0 ? UInt32(TextDecoder.western[Int(byte) - 0x80]) : UInt32(byte)
      written += TextDecoder.put(scalar, out + written)
    }
    block.count += written
    return input.count
  }

  /// 80…9F of windows-1252; the five holes are C1 controls, as in the WHATWG standard.
  private static let western: [UInt16] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D, 0x17D, 0x8F,
    0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0x9D, 0x17E,
    0x178,
  ]

  // MARK: Shared

  /// - Parameter counted: what the block's measure takes the replacement for.
  private mutating func noteInvalid(at decoded: Int, source: Int, length: Int, in block: inout TextBlock, counted: Int)
  {
    events.append(Event(kind: .invalid, decoded: decoded, source: source, length: length))
    block.faults.append(TextFault(offset: decoded))
    if length != counted {
      block.exceptions.append(OffsetException(offset: decoded, delta: length - counted))
    }
  }

  private mutating func notePrivateUse(decoded: Int, source: Int, length: Int) {
    if privateUseCount == 0 {
      events.append(Event(kind: .privateUse, decoded: decoded, source: source, length: length))
    }
    privateUseCount += 1
  }

  @inline(__always)
  static func isPrivateUse(_ scalar: UInt32) -> Bool {
    (scalar >= 0xE000 && scalar <= 0xF8FF) || scalar >= 0xF_0000
  }

  /// Eight ASCII bytes, none of them NUL.
  @inline(__always)
  private static func isPlainASCII(_ word: UInt64) -> Bool { oddBytes(word) == 0 }

  /// Bit 7 of the lowest byte that is NUL or not ASCII, if there is one, with others above it.
  @inline(__always)
  private static func oddBytes(_ word: UInt64) -> UInt64 {
    // Subtracting 1 from each byte sets bit 7 of a NUL; of the lowest NUL at least, which is enough.
    (word | (word &- 0x0101_0101_0101_0101)) & 0x8080_8080_8080_8080
  }

  @inline(__always)
  private static func putReplacement(_ out: UnsafeMutableRawPointer) {
    out.storeBytes(of: 0xEF, as: UInt8.self)
    out.storeBytes(of: 0xBF, toByteOffset: 1, as: UInt8.self)
    out.storeBytes(of: 0xBD, toByteOffset: 2, as: UInt8.self)
  }

  /// Writes one scalar as UTF-8 and returns its length.
  @inline(__always)
  private static func put(_ scalar: UInt32, _ out: UnsafeMutableRawPointer) -> Int {
    func byte(_ value: UInt32, _ at: Int) {
      out.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: at, as: UInt8.self)
    }
    if scalar < 0x80 {
      byte(scalar, 0)
      return 1
    }
    if scalar < 0x800 {
      byte(0xC0 | scalar >> 6, 0)
      byte(0x80 | scalar & 0x3F, 1)
      return 2
    }
    if scalar < 0x1_0000 {
      byte(0xE0 | scalar >> 12, 0)
      byte(0x80 | scalar >> 6 & 0x3F, 1)
      byte(0x80 | scalar & 0x3F, 2)
      return 3
    }
    byte(0xF0 | scalar >> 18, 0)
    byte(0x80 | scalar >> 12 & 0x3F, 1)
    byte(0x80 | scalar >> 6 & 0x3F, 2)
    byte(0x80 | scalar & 0x3F, 3)
    return 4
  }
}
