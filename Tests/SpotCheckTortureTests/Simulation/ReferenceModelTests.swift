import SpotCheck
import SpotCheckTestSupport
import Testing

/// The model is what the simulation believes in: planted mistakes show that it looks.
@Suite("The model of the simulation notices")
struct ReferenceModelTests {
  private let first: SimulatedContent
  private let second: SimulatedContent
  private let rubbish = SimulatedContent(verdicts: [:], bytes: [1, 2, 3])
  private var model = ReferenceModel()

  init() {
    var numbers = SeededNumbers(state: 1)
    first = .random(&numbers)
    second = first.corrected(&numbers)
    for (name, content) in [("a", first), ("b", second), ("c", first), ("d", rubbish)] {
      model.add(.init(folder: "f", name: name, content: content))
    }
  }

  private func recorded(_ name: String, _ content: SimulatedContent, _ state: BatchState) -> ReferenceModel.Recorded {
    .init(folder: "f", name: name, digest: ReferenceModel.digest(content), state: state)
  }

  private var right: [ReferenceModel.Recorded] {
    [
      recorded("a", first, .accepted), recorded("b", second, .accepted), recorded("c", first, .duplicate),
      recorded("d", rubbish, .refused),
    ]
  }

  @Test func nothingIfAllIsWell() {
    #expect(model.differences(of: right, isQuiet: true) == [])
    #expect(model.samples(after: right) == second.verdicts)
  }

  @Test("a file that is lost, but not while more may come", arguments: 0..<4) func lost(_ index: Int) {
    var batches = right
    batches.remove(at: index)
    #expect(model.differences(of: batches, isQuiet: true).contains { $0.hasPrefix("never recorded") })
    #expect(model.differences(of: Array(right.prefix(index)), isQuiet: false) == [])
  }

  @Test("a file that is recorded twice, or was never there", arguments: 0..<4) func twice(_ index: Int) {
    #expect(
      model.differences(of: right + [right[index]], isQuiet: true).contains { $0.hasPrefix("recorded too often") })
    var batches = right
    batches[index].name = "other"
    #expect(!model.differences(of: batches, isQuiet: false).isEmpty)
  }

  @Test("a wrong fate", arguments: 0..<4) func fate(_ index: Int) {
    for state in [BatchState.accepted, .duplicate, .refused] where state != right[index].state {
      var batches = right
      batches[index].state = state
      #expect(!model.differences(of: batches, isQuiet: false).isEmpty)
    }
  }

  @Test func theOrderOfCorrections() {
    #expect(model.samples(after: [right[1], right[0]]) == first.verdicts)
    // A repetition brings nothing back.
    var again = right[2]
    again.state = .accepted
    #expect(model.samples(after: [right[0], right[1], again]) == second.verdicts)
  }
}
