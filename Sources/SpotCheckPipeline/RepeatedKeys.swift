import SpotCheckModel
import SpotCheckStore

/// Which rows of a file's segments have a key that the file holds more than once: the only ones for which a look into its other
/// segments is worth while. They are few, where looking for all would take the square of the number of segments.
struct RepeatedKeys {
  /// More rows of a segment are not held.
  static let most = 1 << 14

  struct Row {
    var row: Int32
    var key: UInt64
  }

  /// Two bits for each slot: some key was there, and once more. Keys that share a slot only make more rows.
  private struct Sketch {
    private var once: [UInt64]
    private var again: [UInt64]
    private let mask: UInt64

    init(keys: Int) {
      var size = 1 << 12
      while size < 1 << 26, size < keys * 16 { size *= 2 }
      once = Array(repeating: 0, count: size / 64)
      again = Array(repeating: 0, count: size / 64)
      mask = UInt64(size - 1)
    }

    mutating func note(_ key: UInt64) {
      let slot = key & mask
      let (word, bit) = (Int(slot >> 6), UInt64(1) << (slot & 63))
      again[word] |= once[word] & bit
      once[word] |= bit
    }

    func isRepeated(_ key: UInt64) -> Bool {
      let slot = key & mask
      return again[Int(slot >> 6)] >> (slot & 63) & 1 == 1
    }
  }

  /// By segment; nil: too many.
  private var rows: [[Row]?] = []

  /// - Throws: ``StoreError`` if a column is damaged.
  init(_ segments: [Segment]) throws {
    var sketch = Sketch(keys: segments.reduce(0) { $0 + $1.sampleCount })
    for segment in segments {
      try segment.withHashes(.key) { keys in
        for row in 0..<keys.count { sketch.note(keys[row]) }
      }
    }
    for segment in segments {
      var found: [Row] = []
      try segment.withHashes(.key) { keys in
        for row in 0..<keys.count where sketch.isRepeated(keys[row]) {
          if found.count > RepeatedKeys.most { break }
          found.append(Row(row: Int32(row), key: keys[row]))
        }
      }
      rows.append(found.count > RepeatedKeys.most ? nil : found)
      segment.releasePages()
    }
  }

  /// Nil: all of the segment's rows may be such.
  func rows(_ segment: Int) -> [Row]? { rows[segment] }
}
