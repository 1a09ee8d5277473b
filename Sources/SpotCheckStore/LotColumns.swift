import SpotCheckModel

/// What tells whether two samples were taken from one lot, hashed, for the rows of one segment.
///
/// A row has up to two keys: producer's name, product, lot and specification; and the same with the producer's credit code
/// in place of the name. Rows that lack lot, product, producer or a known level have none: nothing can be claimed of them.
struct LotColumns {
  /// Place of a level in arrays by level; -1 for ``TaskLevel/unknown``.
  private let levelOfCode: [Int8]
  private let lots: [UInt64]
  private let products: [UInt64]
  private let names: [UInt64]
  private let codes: [UInt64]
  private let specifications: [UInt64]
  private let rows: Rows

  /// Codes of the columns, one a row.
  private struct Rows {
    var lot: [UInt32]
    var product: [UInt32]
    var name: [UInt32]
    var code: [UInt32]
    var specification: [UInt32]
    var level: [UInt32]
  }

  struct Key {
    var byName: UInt64
    var byCode: UInt64
    /// Index of the level in ``TaskLevel/allCases``.
    var level: Int
  }

  static let levelCount = TaskLevel.allCases.count
  /// Keys at a time.
  private static let batch = 256

  /// - Parameter lots: hashes of the segment's lots, from ``lotHashes(_:)``; rows of a lot with 0 have no key.
  init(_ segment: Segment, lots: [UInt64]) throws {
    self.lots = lots
    products = try LotColumns.hashes(segment, .product)
    names = try LotColumns.hashes(segment, .producerName)
    codes = try LotColumns.hashes(segment, .producerCode)
    specifications = try LotColumns.hashes(segment, .specification)
    levelOfCode = try segment.dictionary(of: SampleText.level).map { Int8(LotColumns.place($0) ?? -1) }
    rows = Rows(
      lot: try segment.codes(of: SampleText.lot), product: try segment.codes(of: SampleText.product),
      name: try segment.codes(of: SampleText.producerName), code: try segment.codes(of: SampleText.producerCode),
      specification: try segment.codes(of: SampleText.specification), level: try segment.codes(of: SampleText.level))
  }

  /// The known levels of a segment's samples, as places in ``TaskLevel/allCases``.
  static func levels(_ segment: Segment) throws -> Set<Int> {
    Set(try segment.dictionary(of: SampleText.level).compactMap(place))
  }

  private static func place(_ level: String) -> Int? {
    guard let level = TaskLevel(rawValue: level), level != .unknown else { return nil }
    return TaskLevel.allCases.firstIndex(of: level)
  }

  /// Hash of each entry of the segment's lots; 0 for what is missing. Cheap next to the rest: asked first.
  static func lotHashes(_ segment: Segment) throws -> [UInt64] { try hashes(segment, .lot) }

  private static func hashes(_ segment: Segment, _ column: SampleText) throws -> [UInt64] {
    try segment.withDictionary(of: column) { offsets, bytes in
      var hash = NameHash()
      var result: [UInt64] = []
      result.reserveCapacity(offsets.count)
      for entry in 0..<max(0, offsets.count - 1) {
        result.append(hash.hash(bytes.extracting(TextOffsets.range(offsets, entry, byteCount: bytes.count))))
      }
      return result
    }
  }

  var rowCount: Int { rows.lot.count }

  /// The keys of a segment's rows that count, in order.
  static func forEachKey(_ segment: Segment, closed: [UInt32], _ body: (Key, Int) throws -> Void) throws {
    let lots = try lotHashes(segment)
    guard lots.contains(where: { $0 != 0 }), !(try levels(segment).isEmpty) else { return }
    try LotColumns(segment, lots: lots).forEachKeys(closed: closed) { keys in
      for (key, row) in keys { try body(key, row) }
    }
  }

  /// The keys of the rows that count, in order, some hundred at a time: whoever looks for them in something large can ask
  /// for all of their places before waiting for the first.
  func forEachKeys(closed: [UInt32], _ body: ([(key: Key, row: Int)]) throws -> Void) rethrows {
    let closed = Set(closed)
    var keys: [(key: Key, row: Int)] = []
    keys.reserveCapacity(LotColumns.batch)
    for row in 0..<rowCount where closed.isEmpty || !closed.contains(UInt32(row)) {
      guard let key = key(row) else { continue }
      keys.append((key, row))
      guard keys.count == LotColumns.batch else { continue }
      try body(keys)
      keys.removeAll(keepingCapacity: true)
    }
    if !keys.isEmpty { try body(keys) }
  }

  /// Nil if nothing can be claimed of the row.
  func key(_ row: Int) -> Key? {
    let lot = LotColumns.value(lots, rows.lot[row])
    let product = LotColumns.value(products, rows.product[row])
    let name = LotColumns.value(names, rows.name[row])
    let code = LotColumns.value(codes, rows.code[row])
    let level = Int(rows.level[row]) < levelOfCode.count ? levelOfCode[Int(rows.level[row])] : -1
    guard lot != 0, product != 0, name != 0 || code != 0, level >= 0 else { return nil }
    let specification = LotColumns.value(specifications, rows.specification[row])
    return Key(
      byName: name == 0 ? 0 : NameHash.combine(1, name, product, lot, specification),
      byCode: code == 0 ? 0 : NameHash.combine(2, code, product, lot, specification), level: Int(level))
  }

  private static func value(_ hashes: [UInt64], _ code: UInt32) -> UInt64 {
    Int(code) < hashes.count ? hashes[Int(code)] : 0
  }
}
