import SpotCheck
import SpotCheckTestSupport
import Testing

/// Nights in which everything happens at once (REL-11): drops, slow and wrong uploads, duplicates, corrections, kills, I/O
/// errors, jumping clocks, lost receipts; against a model that is simple enough to be believed.
///
/// `SPOTCHECK_SEEDS=5000` for more nights, `SPOTCHECK_SEED=4711` for the one that failed, with its story.
@Suite struct SimulationTests {
  static let seeds: [UInt64] = {
    if let one = Machine.environment("SPOTCHECK_SEED").flatMap(UInt64.init) { return [one] }
    let count = Machine.environment("SPOTCHECK_SEEDS").flatMap(UInt64.init) ?? 16
    return Array(1...max(1, count))
  }()

  @Test(arguments: seeds) func theNightEndsAsTheModelSays(_ seed: UInt64) throws {
    let world = try SimulatedWorld(seed: seed)
    do {
      for step in 0..<36 {
        try world.go()
        // What is visible at any time is the sum of whole files.
        if step % 6 == 5 { try expectNone(try world.differences(isQuiet: false)) }
      }
      try world.comeToRest()
      try expectNone(try world.differences(isQuiet: true))
      if Machine.environment("SPOTCHECK_SEED") != nil { print(world.story.joined(separator: "\n")) }
    } catch {
      Issue.record("SPOTCHECK_SEED=\(seed): \(error)\n\(world.story.joined(separator: "\n"))")
    }
  }

  private func expectNone(_ differences: [String]) throws {
    if !differences.isEmpty { throw SimulationFailure(differences.joined(separator: "\n")) }
  }
}
