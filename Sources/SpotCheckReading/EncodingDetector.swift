// UNSAFE FILE: reads raw slices handed in by TextStream; every index is below the slice's count.

/// Decides what bytes are, on a window whose place and size depend on the payload alone.
enum EncodingDetector {
  /// Bytes looked at, from the first that is not ASCII.
  static let windowBytes = 1 << 20
  /// Bytes at the start looked at for a byte order mark and for UTF-16 without one.
  static let headBytes = 64 << 10

  /// How well the window fits.
  struct Scores: Equatable {
    var utf8Errors = 0
    /// Valid sequences of two and more bytes.
    var utf8Sequences = 0
    /// nil: not counted, because strict UTF-8 had settled it.
    var gbErrors: Int?

    /// So much good UTF-8 around so few bad bytes is UTF-8 with damage, whatever else it may be read as.
    var isMostlyUTF8: Bool { utf8Sequences >= 20 && utf8Sequences >= 20 * utf8Errors }

    /// What an unlabelled text is.
    var choice: TextEncoding {
      guard utf8Errors > 0, let gbErrors else { return .utf8 }
      if isMostlyUTF8 { return .utf8 }
      if gbErrors == 0 { return .gb18030 }
      if utf8Sequences >= 10 * utf8Errors { return .utf8 }
      return gbErrors < utf8Errors ? .gb18030 : .utf8
    }
  }

  /// - Parameter isWhole: the payload ends with the window, so a character cut by its end is an error.
  static func score(_ window: UnsafeRawBufferPointer, isWhole: Bool, needsGB: Bool) -> Scores {
    var scores = Scores()
    // Whether there are errors, and whether it can still be mostly UTF-8, is all that matters to a text that is GB18030
    // throughout: the rest of UTF-8 is only counted for one that is not.
    let stopped = countUTF8(window, from: 0, isWhole: isWhole, &scores, stopsWhenHopeless: true)
    guard scores.utf8Errors > 0 || needsGB else { return scores }
    let errors = countGBErrors(window, isWhole: isWhole)
    scores.gbErrors = errors
    if errors > 0 { _ = countUTF8(window, from: stopped, isWhole: isWhole, &scores, stopsWhenHopeless: false) }
    return scores
  }

  /// Counts sequences and errors of UTF-8.
  /// - Parameter stopsWhenHopeless: no further than to where ``Scores/isMostlyUTF8`` is false whatever follows, and stays so.
  /// - Returns: where it ended.
  private static func countUTF8(
    _ window: UnsafeRawBufferPointer, from start: Int, isWhole: Bool, _ scores: inout Scores, stopsWhenHopeless: Bool
  ) -> Int {
    var index = start
    while true {
      index = nonASCII(window, from: index)
      if index >= window.count { return index }
      let found = UTF8Sequence.at(index, in: window)
      if found.isValid {
        scores.utf8Sequences += 1
      } else if !found.isCut || isWhole {
        scores.utf8Errors += 1
        // A sequence has two bytes at least.
        let most = scores.utf8Sequences + (window.count - index) / 2
        if stopsWhenHopeless, most < 20 * scores.utf8Errors { return index + found.length }
      }
      index += found.length
    }
  }

  private static func countGBErrors(_ window: UnsafeRawBufferPointer, isWhole: Bool) -> Int {
    var errors = 0
    var index = 0
    let tables = GB18030.tables
    while true {
      index = nonASCII(window, from: index)
      if index >= window.count { return errors }
      // Characters of two bytes, as many as follow each other.
      while index &+ 2 <= window.count,
        tables.written[Int(window.loadUnaligned(fromByteOffset: index, as: UInt16.self).littleEndian)] != 0
      {
        index &+= 2
      }
      if index >= window.count { return errors }
      if window[index] < 0x80 { continue }
      let found = GB18030.at(index, in: window, tables)
      if found.scalar == 0, !found.isCut || isWhole { errors += 1 }
      if found.isCut, !isWhole { return errors }
      index += found.length
    }
  }

  /// The first byte from `start` on that is not ASCII, or the end.
  @inline(__always)
  private static func nonASCII(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
    var index = start
    while index &+ 8 <= text.count {
      let word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian & 0x8080_8080_8080_8080
      if word != 0 { return index &+ word.trailingZeroBitCount / 8 }
      index &+= 8
    }
    while index < text.count, text[index] < 0x80 { index &+= 1 }
    return index
  }

  /// UTF-16 without a byte order mark: NULs stand in every other byte, on one side only, beside ASCII.
  ///
  /// Wanted are eight such characters at least and one in twenty (commas, digits, line ends), none of the other
  /// order, no NUL character, and few pairs that read as two ASCII characters: stray NULs in a text of bytes fail this.
  static func utf16Order(of head: UnsafeRawBufferPointer) -> TextEncoding? {
    let units = head.count / 2
    // For each order: units that are ASCII text; NULs on the low side; pairs that look like two ASCII characters.
    var wide = (little: 0, big: 0)
    var pairs = 0
    for unit in 0..<units {
      let (first, second) = (head[2 * unit], head[2 * unit + 1])
      if isText(first), second == 0 { wide.little += 1 }
      if isText(second), first == 0 { wide.big += 1 }
      if isText(first), isText(second) { pairs += 1 }
      // A NUL character, or NULs on both sides: not UTF-16 text.
      if first == 0, second == 0 { return nil }
    }
    guard (wide.little == 0) != (wide.big == 0), pairs * 10 <= units * 4 else { return nil }
    let most = max(wide.little, wide.big)
    guard most >= 8, most * 20 >= units else { return nil }
    return wide.little > 0 ? .utf16LittleEndian : .utf16BigEndian
  }

  private static func isText(_ byte: UInt8) -> Bool {
    (byte >= 0x20 && byte < 0x7F) || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }
}
