/// Where a text is among the bytes of its column.
public enum TextOffsets {
  /// The bytes of text `index`. Offsets that come from a ``Segment`` rise and stay inside their bytes; they cease to
  /// if somebody cuts the file while it is being read. Then the range is empty, and the segment refuses the whole
  /// reading when it ends.
  public static func range(_ offsets: Span<UInt32>, _ index: Int, byteCount: Int) -> Range<Int> {
    let (start, end) = (Int(offsets[index]), Int(offsets[index + 1]))
    return start <= end && end <= byteCount ? start..<end : 0..<0
  }
}
