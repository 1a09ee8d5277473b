import SpotCheckModel
public import SpotCheckStatistics

/// Rates that can stand beside the sample rate. Each counts something else, so each has columns of its own.
public enum RateMeasure: String, Sendable, CaseIterable, Hashable {
  /// 项次合格率: passing of judged items, of inspected samples. Never below the sample rate, and it depends on how many
  /// items were tested.
  case item
  /// 企业合格率: enterprises without a failing sample of those with an inspected one.
  case enterprise
  /// By hazard: failed of those tested for it, and its share of all failing items.
  case hazard
  /// 实物质量合格率: samples that failed by their label alone count as passed.
  case physical

  /// Whether items are counted for it.
  var readsItems: Bool { self == .item || self == .hazard }

  /// Reads `item,enterprise`.
  ///
  /// - Throws: ``QueryError`` with a caret and the nearest name.
  public static func parse(list text: String) throws -> [RateMeasure] {
    var measures: [RateMeasure] = []
    var position = 0
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = part.filter { $0 != " " }
      if name != "sample" {
        guard let measure = RateMeasure(rawValue: name) else {
          let known = ["sample"] + allCases.map(\.rawValue)
          let nearest = NearestName.of(name, among: known)
          throw QueryError(
            name.isEmpty ? "a measure is missing" : "unknown measure '\(name)'", source: text, position: position,
            advice: nearest.map { "Did you mean '\($0)'?" } ?? "Measures: " + known.joined(separator: ", ") + ".")
        }
        if !measures.contains(measure) { measures.append(measure) }
      }
      position += part.unicodeScalars.count + 1
    }
    return measures
  }
}

/// Which enterprise a sample is laid to.
public enum EnterpriseRole: String, Sendable, CaseIterable {
  /// 标称生产企业.
  case producer
  /// 被抽样单位.
  case unit

  var nameColumn: SampleText { self == .producer ? .producerName : .unitName }
  var codeColumn: SampleText { self == .producer ? .producerCode : .unitCode }
}

/// Enterprises of one group.
public struct EnterpriseCounts: Sendable, Hashable {
  /// Enterprises with an inspected sample and no failing one.
  public var passed = 0
  /// Enterprises with a failing sample.
  public var failed = 0
  /// Inspected samples that name no enterprise: in no denominator here.
  public var unnamedSamples = 0
  /// The sample rate's survey estimate with the samples of one enterprise as a cluster; nil with fewer than two.
  ///
  /// Source: Korn and Graubard (1998); design effect of clusters as in Kish (1965).
  public var clustered: SurveyEstimate?

  public var enterprises: Int { passed + failed }
  public var proportion: Proportion? { Proportion(passed, of: enterprises) }
}

/// The unweighted mean of the rates of a group's parts, as some publishers print it.
public struct MeanRate: Sendable, Hashable {
  public var rate: Double
  /// Parts with an inspected sample; parts without one have no rate and are left out.
  public var parts: Int
}

/// A target that the rows of an answer are held against.
public struct TargetQuestion: Sendable, Hashable {
  public var target: RateTarget
  public var alpha: Double
  /// How it was asked for: the id of a registered target, or the percentage.
  public var text: String

  public init(_ target: RateTarget, alpha: Double = 0.05, text: String) {
    self.target = target
    self.alpha = alpha
    self.text = text
  }

  /// Reads `90`, `90%`, `97.5%`, `≥90%`: a pass rate of at least that.
  public init?(percent text: String) {
    var digits = text.filter { $0 != " " }
    for prefix in [">=", "≥"] where digits.hasPrefix(prefix) { digits.removeFirst(prefix.count) }
    for suffix in ["%", "％"] where digits.hasSuffix(suffix) { digits.removeLast() }
    guard let share = ExactDecimal(plain: digits)?.scaledByPowerOfTen(-2), let target = RateTarget(share: share) else {
      return nil
    }
    self.init(target, text: digits + "%")
  }
}
