import Foundation

/// One line of Fixtures/stat_vectors.json: a function, named inputs, expected outputs; exact or as printed.
struct StatVector: Decodable, Sendable {
  var f: String
  var `in`: [String: [Double]]
  var out: [Double?]
  var source: String
  /// Of an exact vector: how far a result may be off.
  var tol: Double?
  var relative: Bool?
  /// Of a printed vector: digits after the point, one for each number.
  var digits: [Int]?

  func list(_ name: String) -> [Double] { self.in[name] ?? [] }
  func number(_ name: String) -> Double { self.in[name]?.first ?? .nan }
  func whole(_ name: String) -> Int { Int(exactly: number(name)) ?? -1 }
  func wholes(_ name: String) -> [Int] { list(name).map { Int(exactly: $0) ?? -1 } }

  /// Where the result differs from the expectation, or nil. An expected null is not compared.
  func difference(from result: [Double]) -> String? {
    guard result.count == out.count else { return "\(result.count) numbers, expected \(out.count)" }
    for (i, (got, want)) in zip(result, out).enumerated() {
      guard let want else { continue }
      if got == want { continue }
      guard let allowed = allowance(i, want) else { return "neither tolerance nor digits" }
      if !(abs(got - want) <= allowed) { return "[\(i)] got \(got), expected \(want), off by \(abs(got - want))" }
    }
    return nil
  }

  private func allowance(_ i: Int, _ want: Double) -> Double? {
    if let tol { return tol * (relative == true ? abs(want) : max(1, abs(want))) }
    guard let digits, i < digits.count else { return nil }
    // Half a unit of the last digit printed, and a hair for halves that the binary value of `want` misses.
    var unit = 1.0
    for _ in 0..<digits[i] { unit /= 10 }
    return 0.5 * unit * (1 + 1e-9) + 1e-15
  }
}

struct VectorFile: Decodable {
  var vectors: [StatVector]

  static func load() throws -> [StatVector] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appendingPathComponent("Fixtures/stat_vectors.json"))
    return try JSONDecoder().decode(VectorFile.self, from: data).vectors
  }
}
