import Foundation

/// Row numbers as bytes: ascending, little-endian UInt32. Compact enough, and decoded in one pass.
enum RowList {
  static func encode(_ rows: [UInt32]) -> Data {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rows.count * 4)
    for row in rows {
      bytes.append(UInt8(truncatingIfNeeded: row))
      bytes.append(UInt8(truncatingIfNeeded: row >> 8))
      bytes.append(UInt8(truncatingIfNeeded: row >> 16))
      bytes.append(UInt8(truncatingIfNeeded: row >> 24))
    }
    return Data(bytes)
  }

  /// nil if the bytes are no list of rows.
  static func decode(_ data: Data) -> [UInt32]? {
    guard data.count % 4 == 0 else { return nil }
    let bytes = Array(data)
    var rows: [UInt32] = []
    rows.reserveCapacity(bytes.count / 4)
    var index = 0
    while index < bytes.count {
      let low = UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8
      rows.append(low | UInt32(bytes[index + 2]) << 16 | UInt32(bytes[index + 3]) << 24)
      index += 4
    }
    return rows
  }
}
