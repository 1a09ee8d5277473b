import SpotCheckModel
import SpotCheckStatistics

/// Collects inspected samples by group and enterprise.
///
/// An enterprise is its credit code; where only a name was delivered, the name (width, case and blanks aside), and a name
/// that goes with exactly one code in the samples counted is that code's.
struct EnterpriseScan: Sendable {
  struct Key: Hashable {
    var group: Int
    var code: UInt32
    var name: UInt32
  }
  struct Samples {
    var passed: UInt32 = 0
    var failed: UInt32 = 0
  }

  private(set) var found: [Key: Samples] = [:]
  private var scan: RateScan
  private var codes = [UInt32](repeating: 0, count: RateScan.chunk)
  private var names = [UInt32](repeating: 0, count: RateScan.chunk)
  private let role: EnterpriseRole

  init(cardinalities: [Int], role: EnterpriseRole) {
    scan = RateScan(cardinalities: cardinalities, groups: 1)
    self.role = role
  }

  /// Numbers of enterprise codes and names by the segment's dictionary codes.
  struct Maps: Sendable {
    var codes: [UInt32]
    var names: [UInt32]
  }

  mutating func count(_ prepared: PreparedSegment, _ maps: Maps, _ rows: Range<Int>) throws {
    var start = rows.lowerBound
    while start < rows.upperBound {
      let part = start..<min(start + RateScan.chunk, rows.upperBound)
      let keys = Array(try scan.sampleKeys(prepared, part))
      let classes = Array(try scan.filteredClasses(prepared, part).classes)
      try prepared.segment.readCodes(role.codeColumn, part, into: &codes)
      try prepared.segment.readCodes(role.nameColumn, part, into: &names)
      for index in 0..<part.count where SampleClass.isInspected(place: classes[index]) {
        let key = Key(
          group: keys[index], code: EnterpriseScan.number(codes[index], maps.codes),
          name: EnterpriseScan.number(names[index], maps.names))
        if classes[index] == CountPlace.passed {
          found[key, default: Samples()].passed &+= 1
        } else {
          found[key, default: Samples()].failed &+= 1
        }
      }
      start = part.upperBound
    }
  }

  private static func number(_ code: UInt32, _ map: [UInt32]) -> UInt32 {
    Int(code) < map.count ? map[Int(code)] : 0
  }

  mutating func merge(_ other: EnterpriseScan) {
    found.merge(other.found) { Samples(passed: $0.passed &+ $1.passed, failed: $0.failed &+ $1.failed) }
  }

  /// The samples of each enterprise, by group. Enterprise -1: none was named.
  ///
  /// - Parameter group: the group that a found one belongs to.
  func byGroup(_ group: (Int) -> Int) -> [Int: [Int: Samples]] {
    var codesOfName: [UInt32: UInt32] = [:]
    var ambiguous: Set<UInt32> = []
    for key in found.keys where key.code != 0 && key.name != 0 {
      if let other = codesOfName.updateValue(key.code, forKey: key.name), other != key.code {
        ambiguous.insert(key.name)
      }
    }
    var result: [Int: [Int: Samples]] = [:]
    for (key, samples) in found {
      var code = key.code
      if code == 0, !ambiguous.contains(key.name), let known = codesOfName[key.name] { code = known }
      // Codes and names are numbered apart: even and odd.
      let enterprise = code != 0 ? Int(code) * 2 : key.name != 0 ? Int(key.name) * 2 + 1 : -1
      var sum = result[group(key.group), default: [:]][enterprise] ?? Samples()
      sum.passed &+= samples.passed
      sum.failed &+= samples.failed
      result[group(key.group), default: [:]][enterprise] = sum
    }
    return result
  }

  /// Counts enterprises, and estimates the sample rate with their samples as clusters.
  static func counts(_ enterprises: [Int: Samples]) -> EnterpriseCounts {
    var counts = EnterpriseCounts()
    var clusters: [Proportion] = []
    for (enterprise, samples) in enterprises {
      let (passed, failed) = (Int(samples.passed), Int(samples.failed))
      guard enterprise >= 0 else {
        counts.unnamedSamples += passed + failed
        continue
      }
      if failed > 0 { counts.failed += 1 } else { counts.passed += 1 }
      if let cluster = Proportion(passed, of: passed + failed) { clusters.append(cluster) }
    }
    // Samples of no named enterprise are clusters of one.
    let unnamed = enterprises[-1] ?? Samples()
    if let pass = Proportion(1, of: 1) { clusters += [Proportion](repeating: pass, count: Int(unnamed.passed)) }
    if let fail = Proportion(0, of: 1) { clusters += [Proportion](repeating: fail, count: Int(unnamed.failed)) }
    // Sums of fractions depend on their order, so that is made the same whatever order enterprises were met in.
    clusters.sort { $0.total != $1.total ? $0.total < $1.total : $0.count < $1.count }
    counts.clustered = clusters.count > 1 ? SurveyEstimate.clustered(clusters) : nil
    return counts
  }
}
