import SpotCheckTestSupport

extension SeededNumbers {
  /// From 0 up to, and without, a limit above 0.
  mutating func next(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}
