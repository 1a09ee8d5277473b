/// Difference of two independent rates.
public enum RateDifference {
  /// `first − second` with Newcombe's hybrid score interval (square-and-add of the two Wilson intervals).
  ///
  /// Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 873–890, method 10. A difference of rates is stated in
  /// percentage points (百分点). nil if either total is 0 or the confidence is outside (0, 1).
  public static func newcombe(_ first: Proportion, _ second: Proportion, confidence: Double = 0.95)
    -> (difference: Double, interval: Interval)?
  {
    guard let one = first.interval(.wilson, confidence: confidence),
      let two = second.interval(.wilson, confidence: confidence)
    else { return nil }
    let difference = first.p - second.p
    let below = squareSum(first.p - one.lower, two.upper - second.p)
    let above = squareSum(one.upper - first.p, second.p - two.lower)
    return (difference, Interval(lower: max(-1, difference - below), upper: min(1, difference + above)))
  }

  private static func squareSum(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
}
