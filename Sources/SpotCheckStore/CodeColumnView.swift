/// The codes of a dictionary column as they lie in the file: 1, 2 or 4 bytes each. Code 0 means missing.
///
/// It cannot leave the closure that got it. For one fast loop over columns of any widths, either switch over the
/// three spans once and call a generic function, or widen a block of rows at a time with ``copy(rows:into:)``.
@frozen
public enum CodeColumnView: ~Escapable {
  case narrow(Span<UInt8>)
  case medium(Span<UInt16>)
  case wide(Span<UInt32>)

  /// Number of rows.
  @inlinable
  public var count: Int {
    switch self {
    case .narrow(let codes): codes.count
    case .medium(let codes): codes.count
    case .wide(let codes): codes.count
    }
  }

  /// Bytes of a code.
  @inlinable
  public var width: Int {
    switch self {
    case .narrow: 1
    case .medium: 2
    case .wide: 4
    }
  }

  @inlinable
  public subscript(_ row: Int) -> UInt32 {
    switch self {
    case .narrow(let codes): UInt32(codes[row])
    case .medium(let codes): UInt32(codes[row])
    case .wide(let codes): codes[row]
    }
  }

  /// Writes the codes of `rows` to the first places of `target`, which must be at least as long.
  @inlinable
  public func copy(rows: Range<Int>, into target: inout MutableSpan<UInt32>) {
    precondition(rows.count <= target.count, "the target is too short")
    let start = rows.lowerBound
    switch self {
    case .narrow(let codes): for index in 0..<rows.count { target[index] = UInt32(codes[start &+ index]) }
    case .medium(let codes): for index in 0..<rows.count { target[index] = UInt32(codes[start &+ index]) }
    case .wide(let codes): for index in 0..<rows.count { target[index] = codes[start &+ index] }
    }
  }
}
