import SpotCheckModel

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
    // Keys come from outside: a long one is near to nothing.
    if let near = NearestWord.find(String(word.prefix(40)), in: keys) { return "; did you mean '\(near)'?" }
    return "; keys here are: \(keys.joined(separator: ", "))"
  }
}
