/// "Did you mean": the valid word nearest to a mistyped one.
public enum NearestWord {
  /// The nearest candidate within a third of the word's length (at least 1, at most 3 changes), or nil.
  ///
  /// Ties go to the candidate that comes first.
  public static func find(_ word: String, in candidates: [String]) -> String? {
    let target = Array(word.lowercased().unicodeScalars)
    // A word of one letter has no neighbours: every other one would be.
    let allowed = min(max(1, min(3, target.count / 3)), target.count - 1)
    var best: (distance: Int, word: String)?
    for candidate in candidates {
      let letters = Array(candidate.lowercased().unicodeScalars)
      guard abs(letters.count - target.count) <= allowed else { continue }
      let distance = distance(target, letters)
      if distance <= allowed, distance < (best?.distance ?? Int.max) { best = (distance, candidate) }
    }
    return best?.word
  }

  /// `; did you mean 'x'?`, or nothing.
  public static func hint(_ word: String, in candidates: [String]) -> String {
    find(word, in: candidates).map { "; did you mean '\($0)'?" } ?? ""
  }

  /// Damerau-Levenshtein distance with adjacent transpositions (optimal string alignment): three rows.
  public static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var older: [Int] = []
    var previous = Array(0...right.count)
    for i in 0..<left.count {
      var current = [i + 1]
      for j in 0..<right.count {
        var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (left[i] == right[j] ? 0 : 1))
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { cost = min(cost, older[j - 1] + 1) }
        current.append(cost)
      }
      older = previous
      previous = current
    }
    return previous[right.count]
  }
}
