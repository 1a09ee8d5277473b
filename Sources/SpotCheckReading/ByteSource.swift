// UNSAFE FILE: fills a raw buffer that the caller owns, never beyond its count.

/// Where bytes come from: a file, memory, a test that hands them out one by one.
///
/// Called once per block of up to 256 KiB, so an existential costs nothing.
public protocol ByteSource {
  /// Fills at most `buffer.count` bytes from the front and returns how many; 0 means the end, and stays 0.
  ///
  /// Throws only when the machinery fails (I/O error); bad content is none of its business.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// Bytes in memory, handed out whole or in pieces: reading must never depend on how they are cut.
public struct MemorySource: ByteSource, Sendable {
  /// How the bytes are cut.
  public enum Pieces: Sendable, Equatable {
    /// As much as the caller's buffer takes.
    case whole
    /// At most this many bytes a call.
    case fixed(Int)
    /// 1 … `upTo` bytes a call, from a seed.
    case random(seed: UInt64, upTo: Int)
  }

  private let bytes: [UInt8]
  private let pieces: Pieces
  private var position = 0
  private var state: UInt64

  public init(_ bytes: [UInt8], pieces: Pieces = .whole) {
    self.bytes = bytes
    self.pieces = pieces
    if case .random(let seed, _) = pieces { state = seed } else { state = 0 }
  }

  public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var count = min(bytes.count - position, buffer.count)
    switch pieces {
    case .whole: break
    case .fixed(let most): count = min(count, max(1, most))
    case .random(_, let upTo): count = min(count, 1 + Int(step() % UInt64(max(1, upTo))))
    }
    guard count > 0 else { return 0 }
    buffer.copyBytes(from: bytes[position..<position + count])
    position += count
    return count
  }

  /// splitmix64: the same pieces on every machine.
  private mutating func step() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
