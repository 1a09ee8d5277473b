import SpotCheck
import SpotCheckTestSupport

/// What a bureau delivers in the simulation, and what is in it.
struct SimulatedContent: Hashable {
  /// Sampling number → passed. Empty: a file that must be refused.
  var verdicts: [Int: Bool]
  var bytes: [UInt8]

  var isReadable: Bool { !verdicts.isEmpty }

  /// A few samples of a small range of numbers, so that deliveries repeat, correct and contradict each other.
  static func random(_ numbers: inout SeededNumbers) -> SimulatedContent {
    if numbers.chance(12) { return broken(&numbers) }
    var verdicts: [Int: Bool] = [:]
    for _ in 0..<Int.random(in: 1...5, using: &numbers) {
      verdicts[Int.random(in: 1...24, using: &numbers)] = numbers.chance(80)
    }
    return SimulatedContent(verdicts: verdicts, bytes: csv(verdicts))
  }

  /// The same samples, one with another verdict.
  func corrected(_ numbers: inout SeededNumbers) -> SimulatedContent {
    guard let key = verdicts.keys.sorted().randomElement(using: &numbers) else { return self }
    var changed = verdicts
    changed[key] = !(changed[key] ?? false)
    return SimulatedContent(verdicts: changed, bytes: SimulatedContent.csv(changed))
  }

  private static func broken(_ numbers: inout SeededNumbers) -> SimulatedContent {
    let texts: [[UInt8]] = [
      [], [0x1F, 0x8B, 8, 0, 0, 0], Array("没有人认识的表头\n1\n".utf8), Array("<!DOCTYPE a><a/>".utf8),
      Array("抽样编号,检验结果\n\"A-1,合格\n".utf8),
    ]
    return SimulatedContent(verdicts: [:], bytes: numbers.pick(texts))
  }

  private static func csv(_ verdicts: [Int: Bool]) -> [UInt8] {
    let rows = verdicts.sorted { $0.key < $1.key }.map { "A-\($0.key),白菜,\($0.value ? "合格" : "不合格")\r\n" }
    return Array(("抽样编号,样品名称,检验结果\r\n" + rows.joined()).utf8)
  }

  /// A pipeline for these files alone: quick, and nothing of it changes with the shipped ones.
  static func library() throws -> PipelineLibrary {
    let tables = try Repository.library.get().tables
    let text = """
      pipeline: simulated
      title: 模拟
      bureau: nyncj
      layouts:
        - name: samples
          format: csv
          match: { header: [抽样编号, 检验结果] }
          shape: samples
          fields: { sampling_number: 抽样编号, product: 样品名称, verdict: 检验结果 }
      """
    let compilation = PipelineCompiler.compile(Array(text.utf8), file: "simulated.yaml", tables: tables)
    guard let plan = compilation.plan else { throw SimulationFailure("\(compilation.problems)") }
    return PipelineLibrary(folder: "", tables: tables, plans: [plan])
  }
}

struct SimulationFailure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
