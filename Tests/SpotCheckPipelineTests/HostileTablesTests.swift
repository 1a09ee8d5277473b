import SpotCheckPipeline
import Testing

/// Code tables and test files as somebody's editor or disk may leave them: problems, never a trap.
struct HostileTablesTests {
  struct Random {
    var state: UInt64
    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(truncatingIfNeeded: (state >> 33) % UInt64(max(1, bound)))
    }
  }

  func mutate(_ original: [UInt8], _ random: inout Random) -> [UInt8] {
    let spices = Array(",\"\n\r|0-9:[]{}".utf8) + [0, 0xFF, 0xE5]
    var bytes = original
    for _ in 0...random.below(5) {
      let place = random.below(bytes.count)
      switch random.below(4) {
      case 0 where !bytes.isEmpty: bytes[place] = spices[random.below(spices.count)]
      case 1: bytes.insert(spices[random.below(spices.count)], at: min(place, bytes.count))
      case 2: bytes.removeSubrange(min(place, bytes.count)..<min(bytes.count, place + random.below(30)))
      default: bytes.append(contentsOf: bytes.prefix(random.below(bytes.count)))
      }
    }
    return bytes
  }

  @Test func mutatedCodeTablesNeverTrap() {
    var random = Random(state: 7)
    var clean = 0
    for _ in 0..<600 {
      let files = Fixture.codes.map { (name: $0.name, bytes: mutate($0.bytes, &random)) }
      let set = CodeTableSet(files: files, folder: "codes")
      if set.problems.isEmpty { clean += 1 }
      _ = set.problems.map(\.description)
      _ = PipelineCompiler.compile(Array(Fixture.pipeline.utf8), file: "p.yaml", tables: set).problems
    }
    #expect(clean < 600)
  }

  @Test func mutatedTestFilesNeverTrap() throws {
    var random = Random(state: 11)
    let plan = try #require(Fixture.compile(Fixture.pipeline).plan)
    let library = PipelineLibrary(folder: "p", tables: Fixture.tables, plans: [plan])
    for _ in 0..<600 {
      let bytes = mutate(Array(PipelineTesterTests.cases.utf8), &random)
      _ = PipelineTestFile(bytes, file: "t.yaml", library: library).problems.map(\.description)
    }
  }
}
