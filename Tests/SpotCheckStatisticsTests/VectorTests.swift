import SpotCheckStatistics
import Testing

/// Every vector of the fixture against the function it names. `scripts/stat_vectors.py` says where each came from.
@Suite struct VectorTests {
  @Test func everyFunctionAgreesWithItsVectors() throws {
    let vectors = try VectorFile.load()
    #expect(vectors.count > 1500)
    var seen: Set<String> = []
    for vector in vectors {
      guard let function = VectorFunctions.table[vector.f] else {
        Issue.record("no function for vectors named \(vector.f)")
        continue
      }
      seen.insert(vector.f)
      guard let result = function(vector) else {
        Issue.record("\(vector.f)(\(vector.in)) gave nothing [\(vector.source)]")
        continue
      }
      if let difference = vector.difference(from: result) {
        Issue.record("\(vector.f)(\(vector.in)): \(difference) [\(vector.source)]")
      }
    }
    let unused = Set(VectorFunctions.table.keys).subtracting(seen)
    #expect(unused.isEmpty, "functions without a vector: \(unused.sorted())")
  }

  /// Digits as printed are a weak test; beside each stands the same computation to full precision.
  @Test func everyPrintedFigureHasAnExactTwin() throws {
    let vectors = try VectorFile.load()
    var exact: [String: [[String: [Double]]]] = [:]
    for vector in vectors where vector.tol != nil {
      #expect(vector.digits == nil)
      exact[vector.f, default: []].append(vector.in)
    }
    var figures = 0
    for vector in vectors where vector.digits != nil {
      figures += vector.out.count { $0 != nil }
      #expect(exact[vector.f]?.contains(vector.in) == true, "\(vector.f)(\(vector.in)) [\(vector.source)]")
    }
    #expect(figures >= 500)
  }

  /// Published percentages are what `PercentText` prints from the published counts.
  @Test func publishedRatesArePrintedAsPublished() throws {
    var printed = 0
    for vector in try VectorFile.load() where vector.f == "rate" {
      guard let digits = vector.digits?.first, digits >= 2, let rate = vector.out.first ?? nil else { continue }
      let proportion = try #require(Proportion(vector.whole("x"), of: vector.whole("n")))
      let text = try #require(PercentText(digits: digits - 2, keepsExtremes: false).text(proportion))
      #expect(Double(text) == (rate * 1e8).rounded() / 1e6, "\(text) for \(rate) [\(vector.source)]")
      printed += 1
    }
    #expect(printed > 10)
  }
}
