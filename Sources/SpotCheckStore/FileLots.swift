import SpotCheckModel

/// The lots of one new file that more than one level took, and where each was met first at each level.
///
/// The segments of a file are compared with each other by looking at each twice: first at all, to learn which keys occur at
/// several levels at all; they are few, and only they are held. Looking at every segment anew for each that follows would take
/// the square of their number.
struct FileLots {
  /// More keys are not held: the segments that follow are compared with those before them one by one.
  static let mostKeys = 1 << 19

  struct Place {
    /// -1: none yet.
    var segment: Int32 = -1
    var row: Int32 = 0
  }

  /// The segments of the file, in order. They stay open for what may be found in them.
  let segments: [Segment]
  /// Nil: at most one level took anything.
  private let sketch: LevelSketch?
  /// Key → where its places begin.
  private var indices: [UInt64: Int32] = [:]
  private var places: [Place] = []

  /// Whether no lot of the file was taken by two levels.
  var isEmpty: Bool { sketch == nil }
  /// Keys that are held.
  var count: Int { indices.count }

  /// - Throws: ``StoreError``, or what opening a segment throws.
  init(_ file: [CountingSegment]) throws {
    segments = try file.map { try $0.open() }
    var levels: Set<Int> = []
    for segment in segments { levels.formUnion(try LotColumns.levels(segment)) }
    guard levels.count > 1 else {
      sketch = nil
      return
    }
    var sketch = LevelSketch(keys: 2 * segments.reduce(0) { $0 + $1.sampleCount })
    for (segment, counting) in zip(segments, file) {
      try LotColumns.forEachKey(segment, closed: counting.closed) { key, _ in sketch.note(key) }
      segment.releasePages()
    }
    self.sketch = sketch.hasMixed ? sketch : nil
  }

  /// Whether more than one level may have taken what a key stands for.
  func isMixed(_ key: LotColumns.Key) -> Bool {
    guard let sketch else { return false }
    return (key.byName != 0 && sketch.isMixed(key.byName)) || (key.byCode != 0 && sketch.isMixed(key.byCode))
  }

  /// Notes a row, unless one of its key and level was met before it.
  mutating func note(_ key: LotColumns.Key, segment: Int, row: Int) {
    guard let sketch else { return }
    for hash in [key.byName, key.byCode] where hash != 0 && sketch.isMixed(hash) {
      let first: Int
      if let known = indices[hash] {
        first = Int(known)
      } else {
        first = places.count
        indices[hash] = Int32(first)
        places.append(contentsOf: repeatElement(Place(), count: LotColumns.levelCount))
      }
      if places[first + key.level].segment < 0 {
        places[first + key.level] = Place(segment: Int32(segment), row: Int32(row))
      }
    }
  }

  /// Where a key was met first at a level.
  func place(_ hash: UInt64, level: Int) -> Place? {
    guard let sketch, sketch.isMixed(hash), let first = indices[hash] else { return nil }
    let place = places[Int(first) + level]
    return place.segment < 0 ? nil : place
  }
}
