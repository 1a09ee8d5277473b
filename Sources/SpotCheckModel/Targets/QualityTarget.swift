/// A quality target as an authority adopted it: what was promised, in whose words, by whom, and how it is measured.
///
/// One value is one *version*: several with the same ``id`` and disjoint validity tell how a target changed.
public struct QualityTarget: Sendable, Hashable {
  /// Kebab-case; what commands and reports call it.
  public var id: String
  /// What people call it (Chinese).
  public var name: String
  /// Line of the list of the plan's targets, or nil for a target that is not the plan's.
  public var row: Int?
  /// 0 = pass rates of samples, 1 = from the same records, 2 = figures of other bureaus, 3 = neighbouring registers.
  public var ring: Int
  public var kind: TargetKind

  /// The document that set it, and where in it: `三(一)`.
  public var document: TargetDocument
  public var section: String
  /// The document's own words.
  public var quotes: [String]

  /// Who answers for it today.
  public var owners: [TargetOwner]
  /// Whether the document itself does not name them for this target.
  public var ownerIsInferred: Bool
  /// The owners as the document calls them.
  public var ownersInPlan: [String]

  /// The number to reach, or nil for a target without one.
  public var goal: TargetGoal?
  /// Whether its data arrive and it is judged; otherwise it is a definition only.
  public var isLive: Bool
  /// A filter over samples, in the language of `--where`: which ones it speaks of. Nil where it speaks of no samples.
  public var population: String?
  /// Purposes of sampling that count. More than one are counted together: that is said beside the result.
  public var purposes: [Purpose]
  /// What is counted, and of what (Chinese); empty where there is nothing to count.
  public var numerator: String
  public var denominator: String
  public var period: TargetPeriod
  /// The day that puts a sample into a period.
  public var periodBy: SampleDay
  /// The year by which it is to be reached.
  public var due: Int?

  /// Error probability of each side of the exact verdict.
  public var alpha: ExactDecimal
  /// With fewer units than this no rate is shown as a result.
  public var minimumCount: Int
  /// Whether every unit is examined, so that integers decide and there is no sampling error.
  public var isCensus: Bool
  /// 稳定: it must also hold for the process, not for one period by luck.
  public var isStable: Bool
  /// The id of the target that this one is a part of.
  public var partOf: String?

  /// First day on which this version holds.
  public var validFrom: CalendarDay
  /// First day on which it no longer does; nil = still.
  public var validTo: CalendarDay?
  /// What a reader must know (Chinese).
  public var notes: String

  /// The error probability where a target does not say: 0.05.
  public static let defaultAlpha = ExactDecimal(mantissa: 5, scale: 2)
  /// The smallest number of units where a target does not say.
  public static let defaultMinimumCount = 30

  public init(
    id: String, name: String, row: Int? = nil, ring: Int, kind: TargetKind, document: TargetDocument,
    section: String, quotes: [String], owners: [TargetOwner], ownerIsInferred: Bool = false,
    ownersInPlan: [String] = [], goal: TargetGoal? = nil, isLive: Bool = false, population: String? = nil,
    purposes: [Purpose] = [], numerator: String = "", denominator: String = "", period: TargetPeriod = .year,
    periodBy: SampleDay = .sampled, due: Int? = nil, alpha: ExactDecimal = QualityTarget.defaultAlpha,
    minimumCount: Int = QualityTarget.defaultMinimumCount, isCensus: Bool = false, isStable: Bool = false,
    partOf: String? = nil, validFrom: CalendarDay, validTo: CalendarDay? = nil, notes: String = ""
  ) {
    self.id = id
    self.name = name
    self.row = row
    self.ring = ring
    self.kind = kind
    self.document = document
    self.section = section
    self.quotes = quotes
    self.owners = owners
    self.ownerIsInferred = ownerIsInferred
    self.ownersInPlan = ownersInPlan
    self.goal = goal
    self.isLive = isLive
    self.population = population
    self.purposes = purposes
    self.numerator = numerator
    self.denominator = denominator
    self.period = period
    self.periodBy = periodBy
    self.due = due
    self.alpha = alpha
    self.minimumCount = minimumCount
    self.isCensus = isCensus
    self.isStable = isStable
    self.partOf = partOf
    self.validFrom = validFrom
    self.validTo = validTo
    self.notes = notes
  }

  /// How the target is cited: `宁政办〔2015〕127号 三(一)`.
  public var clause: String { document.number + " " + section }

  public func isValid(on day: CalendarDay) -> Bool { validFrom <= day && (validTo.map { day < $0 } ?? true) }
}

/// A document that sets targets.
public struct TargetDocument: Sendable, Hashable {
  /// What the register calls it.
  public var key: String
  /// 文号.
  public var number: String
  public var title: String
  public var issuer: String
  /// Nil where it is not known.
  public var issued: CalendarDay?

  public init(key: String, number: String, title: String, issuer: String, issued: CalendarDay?) {
    self.key = key
    self.number = number
    self.title = title
    self.issuer = issuer
    self.issued = issued
  }
}

/// A body that answers for a target.
public struct TargetOwner: Sendable, Hashable {
  /// Its code in the table of bureaus, if it delivers data.
  public var code: String?
  public var name: String

  public init(code: String? = nil, name: String) {
    self.code = code
    self.name = name
  }
}

/// The number of a target: `≥ 90 %`, `≤ 5.5 ‰`.
public struct TargetGoal: Sendable, Hashable {
  public var direction: TargetDirection
  public var value: ExactDecimal
  public var unit: TargetUnit

  public init(_ direction: TargetDirection, _ value: ExactDecimal, _ unit: TargetUnit) {
    self.direction = direction
    self.value = value
    self.unit = unit
  }

  /// The value as a share of one, exactly: 90 % is 0.90, 5.5 ‰ is 0.0055. Nil for counts and where it does not fit.
  public var share: ExactDecimal? {
    switch unit {
    case .percent: value.scaledByPowerOfTen(-2)
    case .permille: value.scaledByPowerOfTen(-3)
    case .count: nil
    }
  }
}

extension TargetGoal: CustomStringConvertible {
  /// `≥90%`, as Chinese documents write it.
  public var description: String { direction.sign + value.description + unit.sign }
}
