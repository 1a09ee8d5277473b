/// The keys of the bulletin format: the one table that the reader and the documentation follow.
enum BulletinKeys {
  static let root = [
    "title", "source", "number", "period", "note", "targets", "total", "breakdowns", "lists", "changes", "sentences",
  ]
  static let figures =
    ["sampled", "inspected", "passed", "failed"] + RateKind.allCases.flatMap { [$0.chinese, $0.key] }
  static let row = ["name"] + figures
  static let breakdown = ["name", "partial", "total", "rows"]
  static let list = ["name", "counts", "total", "partial", "rows"]
  static let listRow = ["name", "count", "share"]
  static let change = ["name", "rate", "from", "to", "points"]
  static let sentence = ["text", "paraphrase"]

  /// What `counts` may be.
  static let countWords = ["items", "samples"]
}

extension RateKind {
  /// The key for those who do not type Chinese.
  var key: String {
    switch self {
    case .pass: "pass_rate"
    case .failure: "failure_rate"
    case .finding: "finding_rate"
    }
  }

  init?(name: String) {
    guard let kind = RateKind.allCases.first(where: { $0.chinese == name || $0.key == name }) else { return nil }
    self = kind
  }
}

/// "Did you mean": the key nearest to a mistyped one.
enum NearestKey {
  /// `; did you mean 'x'?`, or all keys if none is near.
  static func hint(_ word: String, in keys: [String]) -> String {
    if let near = find(word, in: keys) { return "; did you mean '\(near)'?" }
    return "; keys here are: \(keys.joined(separator: ", "))"
  }

  /// The key within a third of the word's length (at least 1, at most 3 changes); ties go to the first.
  static func find(_ word: String, in keys: [String]) -> String? {
    let target = Array(word.lowercased().unicodeScalars.prefix(40))
    let allowed = min(max(1, min(3, target.count / 3)), target.count - 1)
    var best: (distance: Int, key: String)?
    for key in keys {
      let distance = distance(target, Array(key.unicodeScalars))
      if distance <= allowed, distance < (best?.distance ?? Int.max) { best = (distance, key) }
    }
    return best?.key
  }

  /// Edits, insertions, deletions and swaps of neighbours (optimal string alignment): three rows.
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var older: [Int] = []
    var previous = Array(0...right.count)
    for i in left.indices {
      var current = [i + 1]
      for j in right.indices {
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
