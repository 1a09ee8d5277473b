public import SpotCheckAudit
import SpotCheckModel

/// Attacks the answers that a store gives, as if somebody else had published them.
///
/// Every dimension at every level is asked for, written as a machine would read it and as people do, and given to the
/// same checks as a bulletin (the room Audit, which knows nothing of how they were counted): margins close, parts add up, percentages and intervals recompute, rounding crosses no
/// target. Then the answers are held against each other: whatever the dimension, the total is the same. What is no error
/// but must be known before a number is quoted is said as a warning.
public struct StoreAudit {
  private let auditor: Auditor
  private var report = AuditReport(.store)

  public init(targets: [AuditTarget] = []) { auditor = Auditor(targets: targets) }

  /// - Parameter duplicates: pairs of samples that two levels have probably taken of one lot.
  /// - Throws: ``QueryError`` and what reading the snapshot throws.
  public mutating func audit(_ source: QuerySource, duplicates: Int) throws -> AuditReport {
    var first: (name: String, counts: RateCounts)?
    for dimension in StoreAudit.dimensions {
      let result = try RateQuery(by: [dimension]).run(on: source)
      let total = result.total.counts
      report.checked[.agreement, default: 0] += 1
      if let first, first.counts != total {
        report.add(
          AuditFinding(
            .marginOther, .error, subject: dimension.text, printed: "\(total.samples)",
            expected: "\(first.counts.samples)",
            "the total by \(dimension.text) differs from the total by \(first.name)",
            zh: "按\(dimension.heading)的合计与按\(first.name)的合计不同"))
      }
      first = first ?? (dimension.text, total)
      try check(result.report(), of: dimension)
    }
    try warn(source, duplicates: duplicates)
    return report
  }

  /// Every dimension of samples, at every level it has.
  static let dimensions: [Dimension] = DimensionKind.allCases.flatMap { kind -> [Dimension] in
    let plain = Dimension(kind)
    guard !plain.isItemBased else { return [] }
    switch kind {
    case .category: return [plain] + (1...4).map { Dimension(kind, level: $0) }
    case .district, .unitDistrict, .producerDistrict: return [plain] + (1...3).map { Dimension(kind, level: $0) }
    default: return [plain]
    }
  }

  /// One answer in the forms that are read most: by programs, and by people.
  private mutating func check(_ answer: Report, of dimension: Dimension) throws {
    for format in [OutputFormat.csv, .json] {
      let bytes = Array(try format.emitter().text(answer).utf8)
      // Longer answers than the checks take are still counted above.
      guard bytes.count <= Auditor.byteLimit else { continue }
      let found: AuditReport
      do throws(AuditRefusal) {
        found = try auditor.audit(bytes)
      } catch {
        // An answer without a row makes no claim.
        continue
      }
      for (kind, count) in found.checked { report.checked[kind, default: 0] += count }
      for var finding in found.findings {
        finding.position = .document
        finding.message = "by \(dimension.text), \(format.rawValue): \(finding.message)"
        finding.messageZh = "按\(dimension.heading)（\(format.rawValue)）：\(finding.messageZh)"
        report.add(finding)
      }
    }
  }

  /// What a number's reader has a right to know.
  private mutating func warn(_ source: QuerySource, duplicates: Int) throws {
    let warnings: [(AuditCode, condition: String, english: String, chinese: String)] = [
      (
        .contradictions, "item_flag = contradiction", "samples have an item whose verdict contradicts value and limit",
        "个样品有检验项目的判定与数值、限量不符"
      ),
      (.contradictions, "flag = contradiction", "samples are reported otherwise than their items say", "个样品的结论与检验项目不符"),
      (.incomplete, "flag = incomplete", "samples count although a row of theirs was refused", "个样品有行被拒收，仍计入"),
      (.pending, "flag = pending", "samples have an objection or a retest pending", "个样品处于异议或复检处置中"),
      (.unmapped, "flag = unmapped_category", "samples have a category that is in no table", "个样品的类别未映射"),
      (.unmapped, "flag = unmapped_district", "samples have a district that is in no table", "个样品的区县未映射"),
    ]
    for (code, condition, english, chinese) in warnings {
      let filter = try Filter(condition)
      var query = RateQuery(by: filter.usesItems ? [Dimension(.analyte)] : [], filter: filter)
      query.pool = true
      let samples = try query.run(on: source).total.counts.samples
      guard samples > 0 else { continue }
      report.add(
        AuditFinding(
          code, .warning, subject: condition, printed: "\(samples)", expected: "0", "\(samples) \(english)",
          zh: "\(samples) \(chinese)：list \(filter.usesItems ? "items" : "samples") --where \"\(condition)\""))
    }
    guard duplicates > 0 else { return }
    report.add(
      AuditFinding(
        .possibleDuplicates, .warning, subject: "", printed: "\(duplicates)", expected: "0",
        "\(duplicates) pairs of samples may be of one lot, taken by two levels",
        zh: "\(duplicates) 对样品疑为两级对同一批次重复抽样：list duplicates"))
  }
}
