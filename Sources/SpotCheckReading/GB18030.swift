// UNSAFE FILE: two lookup tables, allocated once, written once and never freed; indices are bounded by the byte ranges
// checked beside each access.

import CKernels

/// GB18030 (and with it GB2312, GBK, CP936), from tables that stand in our source: a converter
/// of the platform is loaded when it is needed, and may be missing, fail, or be another one after an update.
enum GB18030 {
  // SAFETY of @unchecked Sendable: the tables are filled once before anybody sees them, and never written or freed after.
  struct Tables: @unchecked Sendable {
    let two: UnsafePointer<UInt32>
    let four: UnsafePointer<UInt32>
    /// By two bytes as they stand in memory, the first one lowest: the character as UTF-8, its first byte lowest, and in the
    /// highest byte how many there are. 0 where there is more to be said than that: ASCII, bad, private, of four bytes, or
    /// beyond the basic plane. 65 536 entries, so that nothing need be asked of the two bytes first.
    let written: UnsafePointer<UInt32>
  }

  /// Unpacked on first use: files in UTF-8 never pay for it. Immutable afterwards, hence safe to share.
  static let tables: Tables = {
    let two = UnsafeMutablePointer<UInt32>.allocate(capacity: Int(SCK_GB_TWO))
    let four = UnsafeMutablePointer<UInt32>.allocate(capacity: Int(SCK_GB_FOUR))
    two.initialize(repeating: 0, count: Int(SCK_GB_TWO))
    four.initialize(repeating: 0, count: Int(SCK_GB_FOUR))
    sck_gb18030_tables(two, four)
    let written = UnsafeMutablePointer<UInt32>.allocate(capacity: 1 << 16)
    written.initialize(repeating: 0, count: 1 << 16)
    for place in 0..<Int(SCK_GB_TWO) {
      written[(place / 191 + 0x81) | (place % 191 + 0x40) << 8] = plainUTF8(two[place])
    }
    return Tables(two: UnsafePointer(two), four: UnsafePointer(four), written: UnsafePointer(written))
  }()

  /// See ``Tables/written``.
  private static func plainUTF8(_ scalar: UInt32) -> UInt32 {
    if scalar < 0x80 || scalar > 0xFFFF || TextDecoder.isPrivateUse(scalar) { return 0 }
    let last = 0x80 | scalar & 0x3F
    if scalar < 0x800 { return 2 << 24 | last << 8 | (0xC0 | scalar >> 6) }
    return 3 << 24 | last << 16 | (0x80 | scalar >> 6 & 0x3F) << 8 | (0xE0 | scalar >> 12)
  }

  /// The tables read the other way round: for each character of the basic plane, and for the few beyond it that have two
  /// bytes, how it is written: two bytes as their number, four as ``fourBytes`` and their place; 0: not at all.
  static func codes() -> (basic: [UInt32], beyond: [UInt32: UInt32]) {
    let tables = self.tables
    var basic = [UInt32](repeating: 0, count: 0x1_0000)
    var beyond: [UInt32: UInt32] = [:]
    for place in 0..<Int(SCK_GB_FOUR) where tables.four[place] != 0 && tables.four[place] < 0x1_0000 {
      basic[Int(tables.four[place])] = fourBytes | UInt32(place)
    }
    for place in 0..<Int(SCK_GB_TWO) where tables.two[place] != 0 {
      let code = UInt32(place / 191 + 0x81) << 8 | UInt32(place % 191 + 0x40)
      let scalar = tables.two[place]
      if scalar < 0x1_0000 { basic[Int(scalar)] = code } else { beyond[scalar] = code }
    }
    return (basic, beyond)
  }

  static let fourBytes: UInt32 = 1 << 24
  /// Where the planes 1 to 16 begin among the places of four bytes.
  static let planes: UInt32 = 189_000

  /// One character or one bad stretch.
  struct Found {
    var length: Int
    /// 0: bad bytes.
    var scalar: UInt32
    /// The text ended inside what may be a character.
    var isCut: Bool
  }

  /// What stands at `index`, where the byte is not ASCII. An ASCII byte is never part of a bad stretch, so that no
  /// delimiter or line end is swallowed.
  @inline(__always)
  static func at(_ index: Int, in text: UnsafeRawBufferPointer, _ tables: Tables) -> Found {
    let lead = text[index]
    guard lead >= 0x81, lead <= 0xFE else { return Found(length: 1, scalar: 0, isCut: false) }
    guard index + 1 < text.count else { return Found(length: 1, scalar: 0, isCut: true) }
    let second = text[index + 1]
    if second >= 0x40, second != 0xFF {
      let scalar = tables.two[Int(lead &- 0x81) &* 191 &+ Int(second &- 0x40)]
      if scalar != 0 { return Found(length: 2, scalar: scalar, isCut: false) }
      return Found(length: second < 0x80 ? 1 : 2, scalar: 0, isCut: false)
    }
    guard second >= 0x30, second <= 0x39 else {
      return Found(length: second == 0xFF ? 2 : 1, scalar: 0, isCut: false)
    }
    guard index + 2 < text.count else { return Found(length: 1, scalar: 0, isCut: true) }
    let third = text[index + 2]
    guard third >= 0x81, third <= 0xFE else { return Found(length: 1, scalar: 0, isCut: false) }
    guard index + 3 < text.count else { return Found(length: 1, scalar: 0, isCut: true) }
    let fourth = text[index + 3]
    guard fourth >= 0x30, fourth <= 0x39 else { return Found(length: 1, scalar: 0, isCut: false) }
    let linear =
      ((Int(lead) - 0x81) * 10 + Int(second) - 0x30) * 1260 + (Int(third) - 0x81) * 10 + Int(fourth) - 0x30
    var scalar: UInt32 = 0
    if linear < Int(SCK_GB_FOUR) {
      scalar = tables.four[linear]
    } else if linear >= 189_000, linear < 189_000 + 0x10_0000 {
      // Planes 1 to 16 follow in order from 90308130.
      scalar = UInt32(linear - 189_000) + 0x1_0000
    }
    return scalar != 0
      ? Found(length: 4, scalar: scalar, isCut: false) : Found(length: 1, scalar: 0, isCut: false)
  }
}
