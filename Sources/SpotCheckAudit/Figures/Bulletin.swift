import SpotCheckStatistics

/// A total taken apart along one dimension.
struct Breakdown: Sendable, Hashable {
  var name: String
  var position: AuditPosition
  var rows: [Figures]
  /// The sum printed with it (合计); nil: the bulletin's total.
  var total: Figures?
  /// The rows do not claim to be all.
  var isPartial = false
  /// Found in running text: a row without failures may have been left out.
  var isInferred = false
  /// Rows that are part of other rows (其中…, 小计): looked at by themselves, not added up.
  var subordinates: Set<Int> = []

  mutating func addSubordinate(_ row: Figures) {
    rows.append(row)
    subordinates.insert(rows.count - 1)
  }

  /// The rows that add up.
  var summands: [Figures] { rows.indices.filter { !subordinates.contains($0) }.map { rows[$0] } }
}

/// A list of classes with how often each occurs: failing items, hazards.
struct ClassList: Sendable, Hashable {
  struct Entry: Sendable, Hashable {
    var name: String
    var position: AuditPosition
    var count: PrintedCount?
    var share: PrintedPercent?
  }
  var name: String
  var position: AuditPosition
  var entries: [Entry]
  /// The number that the counts add up to, and the denominator of the shares.
  var total: PrintedCount?
  /// One sample may stand in several classes, so counts may add up to more than the total.
  var countsSamples = false
  /// The entries do not claim to be all.
  var isPartial = false
}

/// A change between two rates in percentage points.
struct RateChange: Sendable, Hashable {
  var name: String
  var position: AuditPosition
  var kind: RateKind
  var from: Figures
  var to: Figures
  var points: PrintedPercent
}

/// A published document as claims that can be checked, however it was written.
struct Bulletin: Sendable {
  var title = ""
  var total: Figures?
  var breakdowns: [Breakdown] = []
  var lists: [ClassList] = []
  var changes: [RateChange] = []
  /// Groups found in running text.
  var statements: [Figures] = []
  var targets: [AuditTarget] = []
  /// Sentences and lines with numbers that no check made use of.
  var notUnderstood = 0
}

/// A target for pass rates, as written and exactly.
public struct AuditTarget: Sendable, Hashable {
  public let text: String
  let value: RateTarget

  /// In percent: `90`, `94.5`, `98%`. nil unless it lies between 0 and 100 with at most eight digits after the point.
  public init?(_ text: String) {
    let source = SourceText(text)
    guard let number = ScannedNumber.scan(source.scalars[...], at: 0), let mantissa = number.mantissa,
      number.zeros == 0, number.decimals <= 8
    else { return nil }
    let rest = source.scalars[number.end...].drop { $0 == " " }
    guard rest.isEmpty || rest.elementsEqual(["%"]),
      let target = RateTarget(mantissa: mantissa, scale: number.decimals + 2)
    else { return nil }
    self.text = number.text
    value = target
  }
}
