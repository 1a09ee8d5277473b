import Foundation

/// One line of Fixtures/stat_vectors.json: a function, named inputs, expected outputs.
struct StatVector: Decodable, Sendable {
  var f: String
  var `in`: [String: [Double]]
  var out: [Double?]
  var tol: Double
  var source: String
  var relative: Bool?

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
      let allowed = tol * (relative == true ? abs(want) : max(1, abs(want)))
      if !(abs(got - want) <= allowed) { return "[\(i)] got \(got), expected \(want), off by \(abs(got - want))" }
    }
    return nil
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
