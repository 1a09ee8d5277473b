import Foundation

@testable import SpotCheckAudit

/// Short ways to audit a text in tests.
enum Audit {
  static func report(_ text: String, targets: [String] = []) throws -> AuditReport {
    try Auditor(targets: targets.compactMap { AuditTarget($0) }).audit(Array(text.utf8))
  }

  /// The codes found, in order of place.
  static func codes(_ text: String, targets: [String] = []) throws -> [AuditCode] {
    try report(text, targets: targets).findings.map(\.code)
  }

  /// The messages of a refusal, or nil if the text was audited.
  static func refusal(_ bytes: [UInt8]) -> AuditRefusal? {
    do throws(AuditRefusal) {
      _ = try Auditor().audit(bytes)
      return nil
    } catch {
      return error
    }
  }

  static func refusal(_ text: String) -> AuditRefusal? { refusal(Array(text.utf8)) }

  /// A file of the repository.
  static func sample(_ path: String) throws -> [UInt8] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return [UInt8](try Data(contentsOf: root.appendingPathComponent(path)))
  }

  static func samples(in folder: String) throws -> [String] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path).sorted()
  }
}

/// Seeded numbers (SplitMix64): the same on every machine.
struct TestRandom: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
