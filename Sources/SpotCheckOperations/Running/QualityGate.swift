public import SpotCheckModel
public import SpotCheckPipeline

/// Judges a file as a whole, before anything of it is visible.
///
/// Numbers are compared as integers: the border between allowed and not is exact, and what is printed is the count,
/// because one bad row in ten million is no "0.00 %".
public struct QualityGate {
  /// Records of the newest accepted deliveries of a layout, newest first, at most so many.
  public typealias Recent = (_ subject: GateSubject, _ limit: Int) throws -> [Int]

  private let settings: GateSettings
  private let recent: Recent

  public init(_ settings: GateSettings, recent: @escaping Recent) {
    self.settings = settings
    self.recent = recent
  }

  /// Breaches of severity `fatal` refuse the file; the others are worth knowing. In order: rejects, codes by their
  /// names, unmapped values, number of records.
  public func findings(_ subject: GateSubject) throws -> [Diagnostic] {
    let limits = settings.limits(for: subject.bureau)
    var findings: [Diagnostic] = []
    if let finding = rejects(subject, limits) { findings.append(finding) }
    for (code, limit) in limits.codes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      if let finding = codeFinding(subject, code, limit) { findings.append(finding) }
    }
    if let finding = unmapped(subject, limits) { findings.append(finding) }
    if let drop = limits.rowDrop, let finding = try rowDrop(subject, drop) { findings.append(finding) }
    return findings
  }

  private func rejects(_ subject: GateSubject, _ limits: GateLimits) -> Diagnostic? {
    let (rejected, records) = (subject.accounts.rejected, subject.records)
    let limit = CodeLimit(count: limits.rejectCount, rate: limits.rejectRate)
    guard let allowed = QualityGate.breach(rejected, of: records, limit) else { return nil }
    return Diagnostic(
      .gateRejects, at: .file, "\(rejected) of \(records) records rejected; allowed: \(allowed.english)",
      zh: "\(records) 条记录中 \(rejected) 条被拒收，允许：\(allowed.chinese)", severity: severity(settings.action))
  }

  private func codeFinding(_ subject: GateSubject, _ code: DiagnosticCode, _ limit: CodeLimit) -> Diagnostic? {
    let (count, records) = (subject.counts[code] ?? 0, subject.records)
    guard let allowed = QualityGate.breach(count, of: records, limit) else { return nil }
    return Diagnostic(
      .gateRejects, at: .file,
      "\(code.rawValue) was found \(count) times in \(records) records; allowed: \(allowed.english)",
      zh: "\(records) 条记录中 \(code.rawValue)（\(code.text.titleZh)）出现 \(count) 次，允许：\(allowed.chinese)",
      severity: severity(settings.action))
  }

  private func unmapped(_ subject: GateSubject, _ limits: GateLimits) -> Diagnostic? {
    guard let share = limits.unmappedShare else { return nil }
    // The worst table, and of equals the first by name.
    let worst = subject.unmapped.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.first
    guard let (table, count) = worst else { return nil }
    let limit = CodeLimit(rate: share)
    guard let allowed = QualityGate.breach(count, of: subject.records, limit) else { return nil }
    return Diagnostic(
      .gateUnmapped, at: .file,
      "\(count) values are not in the table '\(table)', in \(subject.records) records; allowed: \(allowed.english)",
      zh: "\(subject.records) 条记录中 \(count) 个名称不在 \(table) 代码表中，允许：\(allowed.chinese)",
      severity: severity(settings.action))
  }

  private func rowDrop(_ subject: GateSubject, _ limit: RowDropLimit) throws -> Diagnostic? {
    let earlier = try recent(subject, limit.last)
    guard earlier.count >= limit.atLeast else { return nil }
    // Twice the median, so that it is whole for an even number too.
    let sorted = earlier.sorted()
    let middle = sorted.count / 2
    let doubled =
      sorted.count % 2 == 1
      ? Int128(sorted[middle]) * 2 : Int128(sorted[middle - 1]) + Int128(sorted[middle])
    guard doubled >= Int128(limit.minimumRows) * 2 else { return nil }
    // records < median × (1 − share)
    let scale = QualityGate.powerOfTen(limit.share.scale)
    guard Int128(subject.records) * 2 * scale < doubled * (scale - Int128(limit.share.mantissa)) else { return nil }
    let median = doubled % 2 == 0 ? "\(doubled / 2)" : "\(doubled / 2).5"
    return Diagnostic(
      .gateRowDrop, at: .file,
      "\(subject.records) records; the last \(earlier.count) deliveries of \(subject.layout) had \(median) at the median; allowed: a drop of \(limit.share)",
      zh: "本文件 \(subject.records) 条记录；此前 \(earlier.count) 次同类报送的中位数为 \(median)，允许降幅 \(limit.share)",
      severity: severity(limit.action == .file ? settings.action : .warn))
  }

  private func severity(_ action: GateSettings.Action) -> Severity { action == .file ? .fatal : .warning }

  /// What was allowed, if it was exceeded.
  private static func breach(_ count: Int, of records: Int, _ limit: CodeLimit) -> (english: String, chinese: String)? {
    var (english, chinese): ([String], [String]) = ([], [])
    if let most = limit.count, count > most {
      english.append(most == 0 ? "not one" : "\(most)")
      chinese.append(most == 0 ? "0 条" : "\(most) 条")
    }
    if let rate = limit.rate, Int128(count) * powerOfTen(rate.scale) > Int128(rate.mantissa) * Int128(max(0, records)) {
      english.append(rate.mantissa == 0 ? "not one" : "a share of \(rate)")
      chinese.append("占比 \(rate)")
    }
    return english.isEmpty ? nil : (english.joined(separator: ", "), chinese.joined(separator: "，"))
  }

  /// 10^scale; the largest scale is 18, so that products of it with a count fit 2^127.
  private static func powerOfTen(_ scale: Int8) -> Int128 {
    (0..<max(0, Int(scale))).reduce(Int128(1)) { product, _ in product * 10 }
  }
}
