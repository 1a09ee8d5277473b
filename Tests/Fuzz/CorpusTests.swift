import Foundation
import SpotCheckTestSupport
import Testing

/// Every input that the fuzzer once tripped over, and small files of the repository, through the fuzzed readers: a
/// target traps if a promise is broken.
@Suite struct CorpusTests {
  static let inputs: [String] =
    FuzzTarget.allCases.flatMap { target in
      let folder = "Tests/Fuzz/corpus/" + target.rawValue
      let names = (try? FileManager.default.contentsOfDirectory(atPath: Repository.path(folder))) ?? []
      return names.sorted().map { folder + "/" + $0 }
    }

  @Test func everyTargetHasACorpus() {
    let covered = Set(CorpusTests.inputs.map { $0.split(separator: "/")[3] })
    #expect(covered == Set(FuzzTarget.allCases.map { Substring($0.rawValue) }))
  }

  @Test(arguments: FuzzTarget.allCases) func theCorpusPasses(_ target: FuzzTarget) throws {
    for path in CorpusTests.inputs where path.contains("/corpus/\(target.rawValue)/") {
      target.run(try bytes(of: Repository.path(path)))
    }
  }

  /// The variants that the last byte chooses, over delivered files that are wrong in every known way.
  @Test(arguments: [FuzzTarget.gzip, .text, .csv, .xml, .delivery])
  func hostileFilesPassInEveryVariant(_ target: FuzzTarget) throws {
    let folder = Repository.path("samples/hostile")
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      let content = try bytes(of: folder + "/" + name)
      guard content.count < 2048 else { continue }
      for choice in stride(from: 0, to: 256, by: 85) { target.run(content + [UInt8(choice)]) }
    }
  }
}
