/// Adjustments of p-values for many comparisons.
public enum MultiplicityMethod: String, Sendable, CaseIterable {
  /// Benjamini & Hochberg, JRSS B 57 (1995) 289–300: false discovery rate. House default, q = 0.10.
  case benjaminiHochberg
  /// Benjamini & Yekutieli, Ann. Statist. 29 (2001) 1165–1188: false discovery rate under any dependence (shared samples).
  case benjaminiYekutieli
  /// Holm, Scand. J. Statist. 6 (1979) 65–70: family-wise error.
  case holm
  /// Bonferroni: family-wise error.
  case bonferroni
}

public enum Multiplicity {
  /// Adjusted p-values in the order given; reject those ≤ q (or α). nil if any p is not in 0...1.
  public static func adjusted(_ pValues: [Double], _ method: MultiplicityMethod = .benjaminiHochberg) -> [Double]? {
    guard pValues.allSatisfy({ $0 >= 0 && $0 <= 1 }) else { return nil }
    let m = pValues.count
    // The index breaks ties, so that equal p-values never depend on the sort's moods.
    let order = pValues.indices.sorted { pValues[$0] != pValues[$1] ? pValues[$0] < pValues[$1] : $0 < $1 }
    var result = [Double](repeating: 1, count: m)
    switch method {
    case .bonferroni:
      for i in pValues.indices { result[i] = min(1, pValues[i] * Double(m)) }
    case .holm:
      var largest = 0.0
      for (rank, i) in order.enumerated() {
        largest = max(largest, min(1, pValues[i] * Double(m - rank)))
        result[i] = largest
      }
    case .benjaminiHochberg, .benjaminiYekutieli:
      var factor = Double(m)
      if method == .benjaminiYekutieli {
        var harmonic = 0.0
        for i in 0..<m { harmonic += 1 / Double(i + 1) }
        factor *= harmonic
      }
      var smallest = 1.0
      for (rank, i) in order.enumerated().reversed() {
        smallest = min(smallest, pValues[i] * factor / Double(rank + 1))
        result[i] = smallest
      }
    }
    return result
  }

  /// The indices whose adjusted p-value is at most `level`, ascending. nil if any p is not in 0...1.
  public static func rejected(
    _ pValues: [Double], level: Double = 0.10, _ method: MultiplicityMethod = .benjaminiHochberg
  ) -> [Int]? {
    guard let adjusted = adjusted(pValues, method) else { return nil }
    // A hair of tolerance: 0.05 · 3 / 3 must still be at most 0.05.
    return adjusted.indices.filter { adjusted[$0] <= level * (1 + 1e-12) }
  }
}
