import SpotCheck
import Testing

/// The register that ships.
struct ShippedTargetsTests {
  static let folder = GeneratedFilesTests.root + "/pipelines"

  static let library = Result {
    try PipelineLibrary.load(folder: folder, filterCheck: Filter.fault(ofSampleFilter:))
  }

  private func register() throws -> TargetRegister {
    let library = try Self.library.get()
    #expect(library.problems.isEmpty, "\(library.problems.map(\.description).joined(separator: "\n"))")
    return library.targets
  }

  /// Rows 1…28 and 39 of the list of the plan's targets: all of its pass rates, ratios, levels, indices and duties in
  /// rings 0 to 2.
  @Test func everyRowOfRingsZeroToTwoIsThere() throws {
    let targets = try register().targets
    let rows = Set(targets.compactMap(\.row))
    #expect(rows == Set(Array(1...28) + [39]))
    for target in targets {
      if let row = target.row { #expect(target.ring == (row <= 6 ? 0 : row <= 18 ? 1 : 2), "\(target.id)") }
      #expect(target.row != nil || target.document.key != "plan", "\(target.id) is of the plan and has no row")
    }
    // One version each so far, so that ids are unique.
    #expect(Set(targets.map(\.id)).count == targets.count)
  }

  @Test func theNinetyAndNinetyFivePerCentRowsAreLive() throws {
    let register = try register()
    let day = try #require(CalendarDay(iso: "2024-12-31"))
    let live = register.targets(on: day).filter(\.isLive)
    #expect(
      live.map { "\($0.id) \($0.goal?.description ?? "")" } == [
        "industrial-product-pass-rate ≥90%", "farm-forest-product-pass-rate ≥95%", "farm-product-pass-rate ≥95%",
        "forest-product-pass-rate ≥95%", "qinghai-farm-product-monitoring-rate ≥98%",
      ])
    #expect(live.map(\.isStable) == [false, true, true, true, true])
    let industrial = try #require(register.target("industrial-product-pass-rate", on: day))
    #expect(industrial.clause == "宁政办〔2015〕127号 二(三)、三(一)" && industrial.due == 2020)
    #expect(industrial.purposes == [.selective] && industrial.owners.first?.code == "scjgj")
    #expect(industrial.validFrom == CalendarDay(iso: "2015-08-21"))

    // The 95 % is split by bureau; what the plan does not say is marked as inferred.
    let parts = register.parts(of: "farm-forest-product-pass-rate", on: day)
    #expect(parts.map { $0.owners.map(\.code) } == [["nyncj"], ["lcj"]])
    #expect(parts.map(\.ownerIsInferred) == [false, true])
    #expect(parts.map(\.purposes) == [[.objective], [.selective]])
    // Each part of the whole's population is a part's population with its purposes: the whole is the sum.
    let whole = try #require(register.target("farm-forest-product-pass-rate", on: day))
    let sum = parts.map { "(\($0.population ?? "") and purpose = \($0.purposes.map(\.rawValue).joined()))" }
    #expect(whole.population == sum.joined(separator: " or "))
    #expect(whole.purposes == parts.flatMap(\.purposes))
  }

  @Test func noTargetHoldsBeforeItWasAdopted() throws {
    let register = try register()
    #expect(register.targets(on: try #require(CalendarDay(iso: "2015-08-20"))).isEmpty)
    let first = register.targets(on: try #require(CalendarDay(iso: "2015-08-21")))
    #expect(!first.isEmpty && first.allSatisfy { $0.document.key == "plan" })
    #expect(register.revision.count == 12)
  }

  @Test func everyPopulationIsAFilterOverSamples() throws {
    for target in try register().targets {
      guard let population = target.population else { continue }
      #expect(throws: Never.self, "\(target.id)") { try Filter(population) }
      #expect(Filter.fault(ofSampleFilter: population) == nil, "\(target.id)")
    }
  }

  /// Values are those of the plan: the numbers that the quote itself writes.
  @Test func everyValueStandsInItsQuote() throws {
    for target in try register().targets {
      guard let goal = target.goal, target.id != "delivered-construction-conformity" else { continue }
      #expect(
        target.quotes.contains { $0.contains(goal.value.description + goal.unit.sign) }, "\(target.id) \(goal)")
    }
  }

  @Test func textsAreChinese() throws {
    for target in try register().targets {
      for text in [target.name, target.section] + target.quotes + target.owners.map(\.name) {
        #expect(text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "\(target.id): \(text)")
      }
    }
  }
}
