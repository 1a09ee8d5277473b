import Foundation
import SpotCheckModel
import SpotCheckStatistics
import Testing

@testable import SpotCheckQuery

@Suite struct CompareTests {
  /// The province's bulletins of 2023Q1–3 and 2025H1 by level: samples and failures (method reference 3.2).
  private static let levels: [(String, before: (Int, Int), after: (Int, Int))] = [
    ("national", (2919, 69), (1537, 69)), ("provincial", (5392, 82), (828, 37)),
    ("municipal", (12059, 146), (1130, 18)),
    ("county", (11022, 126), (2979, 64)),
  ]

  private func bulletins() -> SmallStore {
    var store = SmallStore()
    for (level, before, after) in CompareTests.levels {
      for (day, counts) in [("2023-05-01", before), ("2025-05-01", after)] {
        for index in 0..<counts.0 {
          store.add(.selective, index < counts.1 ? .fail : .pass, [.level: level], day: day)
        }
      }
    }
    return store
  }

  private func compare(_ by: String, _ store: SmallStore, _ period: String, _ against: String) throws -> CompareResult {
    try CompareQuery(
      RateQuery(by: try Dimension.parse(list: by)), period: try PeriodSpan(period), against: try PeriodSpan(against)
    ).run(on: store.source)
  }

  /// Published figures: the failure rate rose by 1.5564 pp, 1.3073 of them by the rates and 0.2491 by the mix.
  @Test func theChangeIsSplitIntoRateAndMix() throws {
    let result = try compare("level", bulletins(), "2025", "2023")
    #expect(result.rows.map { $0.codes[0] } == ["county", "municipal", "national", "provincial"])
    let total = try #require(result.totals.first)
    let split = try #require(total.decomposition)
    #expect(abs(split.change + 0.015564) < 5e-7)
    #expect(abs(split.rateEffect + 0.013073) < 5e-7 && abs(split.mixEffect + 0.002491) < 5e-7)
    #expect(abs((total.standardised?.rate ?? 0) - (1 - 0.025512)) < 5e-7)
    // Parts add up to the whole, in points of the sum.
    #expect(abs(result.rows.compactMap { $0.part?.rateEffect }.reduce(0, +) - split.rateEffect) < 1e-12)
    #expect(abs(result.rows.compactMap { $0.part?.centredMixEffect }.reduce(0, +) - split.mixEffect) < 1e-12)
    let text = try TableEmitter().text(result.report())
    #expect(text.contains("-1.6") && text.contains("-1.3") && text.contains("-0.2") && text.contains("97.45%"))
  }

  /// Regions of 2025H1 (failures of samples): exactly compared three of them differ; allowing for over-dispersion the
  /// capital is inside the funnel (method reference 2.8 and 2.9).
  @Test func theFunnelAllowsForOverDispersion() throws {
    let regions: [(String, Int, Int)] = [
      ("630102", 1970, 77), ("630103", 1187, 33), ("630106", 705, 27), ("630122", 939, 24), ("630198", 559, 14),
      ("630199", 375, 1), ("630203", 566, 7), ("6301", 173, 5),
    ]
    var store = SmallStore()
    for (code, samples, failures) in regions {
      for index in 0..<samples {
        store.add(.selective, index < failures ? .fail : .pass, [.district: code], day: "2025-05-01")
      }
    }
    let result = try compare("district", store, "2025", "2024")
    let funnel = try #require(result.totals.first?.funnel)
    #expect(funnel.isOverDispersed && abs((funnel.dispersion ?? 0) - 3.544) < 5e-4)
    let capital = try #require(result.rows.first { $0.codes[0] == "630102" }?.signal)
    #expect(capital.position == .within)
    #expect(abs(capital.inner.lower - 0.012042) < 5e-7 && abs(capital.outer.upper - 0.070058) < 5e-7)
    #expect(result.notes.contains { $0.code == "over_dispersed" })
    // Nothing is ranked: rows stand in the order of their codes.
    #expect(result.rows.map { $0.codes[0] } == regions.map { $0.0 }.sorted())
    let exact = try #require(
      FunnelSignals.evaluate(regions.compactMap { Proportion($0.2, of: $0.1) }, dispersionLimit: 99))
    #expect(exact.signals.map { $0?.position } == [.high, .within, .within, .within, .within, .low, .low, .within])
    let adjusted = [0.037625, 1, 0.368284, 0.915219, 0.915219, 0.003102, 0.037625, 1]
    for (signal, expected) in zip(exact.signals, adjusted) { #expect(abs((signal?.adjusted ?? -1) - expected) < 5e-7) }
  }

  @Test func groupsOfOnePeriodAreMixAndNothingIsDivided() throws {
    var store = SmallStore()
    for _ in 0..<40 { store.add(.objective, .pass, [.district: "630102"], day: "2023-01-01") }
    for _ in 0..<40 { store.add(.objective, .fail, [.district: "630103"], day: "2024-01-01") }
    store.add(.screening, .pass, [.district: "630103"], day: "2024-01-01")
    let result = try compare("district", store, "2024", "2023")
    #expect(result.rows.map(\.codes) == [["630102", "objective"], ["630103", "objective"], ["630103", "screening"]])
    let objective = try #require(result.totals.first { $0.codes == ["*", "objective"] })
    #expect(objective.decomposition?.rateEffect == 0 && objective.decomposition?.mixEffect == -1)
    // The earlier mix is not in the later period at all: nothing can be standardised to it.
    #expect(objective.standardised == nil)
    let screening = try #require(result.totals.first { $0.codes == ["*", "screening"] })
    #expect(screening.decomposition == nil && screening.funnel == nil)
    for format in OutputFormat.allCases where !format.isBinary {
      #expect(try !format.emitter().text(result.report()).contains("nan"))
    }
    let nothing = try compare("district", SmallStore(), "2024", "2023")
    #expect(nothing.rows.isEmpty && nothing.totals.isEmpty)
    #expect(throws: QueryError.self) { try compare("analyte", store, "2024", "2023") }
  }
}
