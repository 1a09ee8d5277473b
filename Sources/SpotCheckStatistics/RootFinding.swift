/// Finds the zero of an increasing function inside a bracket: the proposals of `evaluate` (Newton, in whatever scale
/// suits the function) while they stay inside, halving otherwise.
///
/// - Parameter evaluate: for a point, the residual (positive = the point is too high) and the next point to try.
/// - Returns: the zero to the last few bits; with a useless `evaluate` some point of the bracket. Always ends.
func solveIncreasing(
  low: Double, high: Double, start: Double, _ evaluate: (Double) -> (residual: Double, next: Double)
) -> Double {
  var low = low
  var high = high
  var at = start > low && start < high ? start : low + (high - low) / 2
  for round in 0..<1200 {
    let (residual, proposal) = evaluate(at)
    if residual == 0 || residual.isNaN { return at }
    if residual > 0 { high = at } else { low = at }
    var next = proposal
    // Thirty proposals are plenty where Newton works; after that the bracket alone decides.
    if round >= 30 || !(next > low && next < high) {
      if low == 0 {
        next = high / 16
      } else if low > 0 && high > 4 * low {
        next = low.squareRoot() * high.squareRoot()
      } else {
        next = low + (high - low) / 2
      }
      if !(next > low && next < high) { return next }
    }
    if abs(next - at) <= 4e-16 * abs(at) { return next }
    at = next
  }
  return at
}
