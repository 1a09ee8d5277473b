extension Array {
  /// Forgets the elements and keeps the memory for as many; but not several times as much, which something unusual has
  /// needed once.
  @inlinable
  public mutating func forget() { removeAll(keepingCapacity: capacity / 4 <= count &+ 1024) }
}
