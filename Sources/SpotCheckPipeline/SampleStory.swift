import SpotCheckCatalogue
import SpotCheckModel

/// Decides, from everything that was said about one sample, what counts (decisions 0006 and 0009).
///
/// A pure function of the versions in order of arrival. Whether they arrived one by one or all at once makes no
/// difference: what lost once loses again, so that versions which have no say any more may be left out of the telling,
/// as long as their contents are known.
struct SampleStory {
  /// By version: why it does not count; nil: it counts.
  private(set) var reasons: [SupersessionReason?]
  /// Each time that a later version took the place of an earlier one, in order.
  private(set) var displaced: [(loser: Int, winner: Int)] = []
  /// The report about which a notice says whether an objection is open.
  private(set) var contested: (report: Int, isPending: Bool)?

  /// - Parameters:
  ///   - versions: reports and notices, in order of arrival.
  ///   - past: what versions said that have no say any more.
  ///   - mayRepeat: whether a version can be a repetition. One of which it is known already that it is none must not
  ///     be mistaken for one because a repetition of it is among `past`.
  init(_ versions: [SampleVersion], past: Set<SampleContent> = [], mayRepeat: (Int) -> Bool = { _ in true }) {
    reasons = Array(repeating: nil, count: versions.count)
    var said = past
    var report: Int?
    var notice: Int?
    for (index, version) in versions.enumerated() {
      // The same content again is a duplicate, even of a version that no longer counts: an old file that is sent once
      // more does not undo what came after it.
      if !said.insert(version.content).inserted, mayRepeat(index) {
        reasons[index] = .duplicate
      } else if version.isNotice {
        contest(&notice, index, versions)
      } else {
        contest(&report, index, versions)
      }
    }
    // A notice alone stands for its sample until a report arrives.
    guard let report else { return }
    if versions[report].kind == .withdrawal { reasons[report] = .withdrawn }
    guard let notice else { return }
    // A notice never takes a report's verdict away.
    if SupersessionRule.holds(notice: versions[notice], against: versions[report]) {
      reasons[notice] = .objection
      contested = (report, versions[notice].isPending)
    } else {
      reasons[notice] = .superseded
    }
  }

  /// Puts one more version against the one that stands so far.
  private mutating func contest(_ standing: inout Int?, _ index: Int, _ versions: [SampleVersion]) {
    guard let winner = standing else {
      standing = index
      return
    }
    switch SupersessionRule.decide(earlier: versions[winner], later: versions[index]) {
    case .earlierWins: reasons[index] = .superseded
    case .laterWins:
      displaced.append((winner, index))
      reasons[winner] = .superseded
      standing = index
    }
  }
}
