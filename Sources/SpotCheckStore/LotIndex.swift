import SpotCheckModel

/// The lots of a segment's samples with the levels that took them, sorted: says quickly that two segments have no lot in
/// common that different levels took.
public struct LotIndex: Sendable {
  /// Sorted, each once.
  private var hashes: [UInt64]
  /// By hash: a bit for each level that took the lot.
  private var levels: [UInt8]

  /// - Throws: ``StoreError`` if a column is damaged.
  public init(_ segment: Segment) throws {
    hashes = []
    levels = []
    let lots = try LotColumns.lotHashes(segment)
    guard lots.contains(where: { $0 != 0 }), !(try LotColumns.levels(segment).isEmpty) else { return }
    let columns = try LotColumns(segment, lots: lots)
    var pairs: [(hash: UInt64, level: UInt8)] = []
    for row in 0..<columns.rowCount {
      guard let key = columns.key(row) else { continue }
      let level = UInt8(1) << UInt8(key.level)
      if key.byName != 0 { pairs.append((key.byName, level)) }
      if key.byCode != 0 { pairs.append((key.byCode, level)) }
    }
    pairs.sort { $0 < $1 }
    for pair in pairs {
      if hashes.last == pair.hash {
        levels[levels.count - 1] |= pair.level
      } else {
        hashes.append(pair.hash)
        levels.append(pair.level)
      }
    }
  }

  public var count: Int { hashes.count }
  public var isEmpty: Bool { hashes.isEmpty }

  /// Whether a lot of this segment was taken by another level there. Equal hashes of different lots only make more work.
  public func hasPartner(in other: LotIndex) -> Bool {
    let (few, many) = count <= other.count ? (self, other) : (other, self)
    for (index, hash) in few.hashes.enumerated() {
      guard let place = many.find(hash) else { continue }
      if (few.levels[index] | many.levels[place]).nonzeroBitCount > 1 { return true }
    }
    return false
  }

  private func find(_ hash: UInt64) -> Int? {
    var (low, high) = (0, hashes.count)
    while low < high {
      let middle = (low + high) / 2
      if hashes[middle] < hash { low = middle + 1 } else { high = middle }
    }
    return low < hashes.count && hashes[low] == hash ? low : nil
  }
}
