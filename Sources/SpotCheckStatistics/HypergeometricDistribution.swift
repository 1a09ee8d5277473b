/// The hypergeometric distribution: x marked ones among n drawn without replacement from `population`, of which
/// `marked` are marked.
///
/// Total: impossible arguments give NaN; x outside its range has probability 0.
public enum HypergeometricDistribution {
  /// P(X = x) as a quotient of three binomial probabilities (Loader 2000), so that no large factorials cancel.
  public static func pmf(_ x: Int, population: Int, marked: Int, drawn: Int) -> Double {
    guard valid(population, marked, drawn) else { return .nan }
    guard x >= max(0, drawn - (population - marked)), x <= min(drawn, marked) else { return 0 }
    if drawn == 0 || drawn == population { return 1 }
    let p = Double(drawn) / Double(population)
    let q = Double(population - drawn) / Double(population)
    let inMarked = SpecialFunctions.binomialDensity(Double(x), Double(marked - x), p, q)
    let restDrawn = drawn - x
    let inRest = SpecialFunctions.binomialDensity(Double(restDrawn), Double(population - marked - restDrawn), p, q)
    let total = SpecialFunctions.binomialDensity(Double(drawn), Double(population - drawn), p, q)
    return inMarked / total * inRest
  }

  /// P(X ≤ x).
  public static func cdf(_ x: Int, population: Int, marked: Int, drawn: Int) -> Double {
    tails(x, population, marked, drawn).lower
  }

  /// P(X ≥ x).
  public static func upperTail(_ x: Int, population: Int, marked: Int, drawn: Int) -> Double {
    guard x > Int.min else { return cdf(0, population: population, marked: marked, drawn: drawn).isNaN ? .nan : 1 }
    return tails(x - 1, population, marked, drawn).upper
  }

  /// P(X ≤ x) and P(X ≥ x+1), the smaller one summed term by term from its large end.
  private static func tails(_ x: Int, _ population: Int, _ marked: Int, _ drawn: Int) -> TailPair {
    guard valid(population, marked, drawn) else { return .undefined }
    let least = max(0, drawn - (population - marked))
    let most = min(drawn, marked)
    if x < least { return TailPair(lower: 0, upper: 1) }
    if x >= most { return TailPair(lower: 1, upper: 0) }
    let mean = Double(drawn) * (Double(marked) / Double(population))
    let unmarkedLeft = Double(population - marked) - Double(drawn)
    if Double(x) < mean {
      var term = pmf(x, population: population, marked: marked, drawn: drawn)
      var sum = term
      var at = Double(x)
      while at > Double(least), term > sum * 1e-18 {
        term *= at * (unmarkedLeft + at) / ((Double(marked) - at + 1) * (Double(drawn) - at + 1))
        sum += term
        at -= 1
      }
      let lower = min(1, sum)
      return TailPair(lower: lower, upper: 1 - lower)
    }
    var term = pmf(x + 1, population: population, marked: marked, drawn: drawn)
    var sum = term
    var at = Double(x) + 1
    while at < Double(most), term > sum * 1e-18 {
      at += 1
      term *= (Double(marked) - at + 1) * (Double(drawn) - at + 1) / (at * (unmarkedLeft + at))
      sum += term
    }
    let upper = min(1, sum)
    return TailPair(lower: 1 - upper, upper: upper)
  }

  private static func valid(_ population: Int, _ marked: Int, _ drawn: Int) -> Bool {
    population >= 0 && marked >= 0 && drawn >= 0 && marked <= population && drawn <= population
      && Double(population) <= SpecialFunctions.parameterLimit
  }
}
