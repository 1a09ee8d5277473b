import SpotCheck
import SpotCheckTestSupport
import Testing

/// `audit STORE`: our own answers, attacked as if somebody else had published them.
@Suite struct StoreAuditTests {
  private func audit(_ store: ScratchStore) throws -> AuditReport {
    var audit = StoreAudit()
    return try audit.audit(
      try store.open(), duplicates: try OpenStore(store.root).possibleDuplicates().count)
  }

  private func store(_ names: [String]) throws -> ScratchStore {
    let store = try ScratchStore()
    _ = try store.importFiles(names.map { Repository.path("samples/" + $0) })
    return store
  }

  @Test func theAnswersOfASoundStoreStand() throws {
    let report = try audit(
      try store(["deliveries/scjgj-2023Q1.xml", "deliveries/nyncj-2023Q1.csv.gz", "deliveries/lcj-2023Q1.csv.gz"]))
    #expect(report.errors == 0, "\(report.findings)")
    // Every dimension was asked for and looked at: silence is no clean bill.
    #expect((report.checked[.agreement] ?? 0) >= 30)
    for kind in [ClaimKind.sums, .parts, .rates, .intervals] { #expect((report.checked[kind] ?? 0) > 500, "\(kind)") }
  }

  @Test func whatMustBeKnownBeforeQuotingIsSaid() throws {
    let cases: [(String, AuditCode)] = [
      ("ROW_CONTRADICTION", .contradictions), ("ROW_INCOMPLETE_SAMPLE", .incomplete),
      ("CODE_UNKNOWN_CATEGORY", .unmapped), ("CODE_UNKNOWN_DISTRICT", .unmapped),
      ("ROW_POSSIBLE_DUPLICATE", .possibleDuplicates),
    ]
    for (name, code) in cases {
      let report = try audit(try store(["hostile/\(name).csv"]))
      #expect(report.findings.map(\.code).contains(code), "\(name): \(report.findings.map(\.code))")
      #expect(report.errors == 0 && report.warnings > 0, "\(name)")
    }
  }

  @Test func anEmptyStoreHasNothingToAttack() throws {
    let report = try audit(try ScratchStore())
    #expect(report.errors == 0 && report.warnings == 0)
  }
}
