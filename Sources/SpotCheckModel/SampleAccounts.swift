/// Where every sample went: `samples == inspected + excluded`, and `excluded` divides by reason.
///
/// ``samples`` is counted on its own, so that the identity can fail: a sample that is in no class, or in two, is seen.
public struct SampleAccounts: Sendable, Hashable {
  /// Samples that count.
  public var samples: Int
  /// One place a ``SampleClass``, in the order of its cases.
  private var counts: [Int]

  public init(samples: Int = 0, _ counts: [SampleClass: Int] = [:]) {
    self.samples = samples
    self.counts = SampleClass.allCases.map { counts[$0] ?? 0 }
  }

  public subscript(_ sampleClass: SampleClass) -> Int {
    get { counts[sampleClass.place] }
    set { counts[sampleClass.place] = newValue }
  }

  /// The denominator of a pass rate.
  public var inspected: Int { sum { $0.isInspected } }
  /// Counted and shown, in no denominator.
  public var excluded: Int { sum { !$0.isInspected } }
  public var isBalanced: Bool { samples == inspected + excluded && counts.allSatisfy { $0 >= 0 } }

  /// Counts more samples, one unless said otherwise.
  public mutating func count(_ sampleClass: SampleClass, _ number: Int = 1) {
    samples &+= number
    self[sampleClass] &+= number
  }

  public mutating func add(_ other: SampleAccounts) {
    samples &+= other.samples
    for index in counts.indices { counts[index] &+= other.counts[index] }
  }

  /// Wraps round instead of trapping: counts may come from a damaged catalogue.
  private func sum(_ isWanted: (SampleClass) -> Bool) -> Int {
    SampleClass.allCases.reduce(0) { $0 &+ (isWanted($1) ? self[$1] : 0) }
  }
}
