import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// The samples say what the generator that made them says.
@Suite struct TruthTests {
  struct Truth: Decodable {
    struct Cell: Decodable {
      var bureau, categoryName, district, purpose: String
      var samples, passed, failed, undetermined, notTested, listed: Int
    }
    var rows: Int
    var samples: Int
    var cells: [Cell]
  }

  private static let decoder: JSONDecoder = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }()

  private func compare(folder: String, store: ScratchStore) throws {
    let truth = try TruthTests.decoder.decode(Truth.self, from: Data(try bytes(of: folder + "/TRUTH.json")))
    let result = try store.rate("bureau,category,district,purpose")
    #expect(result.total.counts.samples == truth.samples)
    var found: [[String]: RateCounts] = [:]
    for row in result.rows {
      let category = row.codes[1] == "?" ? "?" : row.names[1]
      found[[row.codes[0], category, row.codes[2], row.codes[3]]] = row.counts
    }
    for cell in truth.cells {
      let delivered = found.removeValue(forKey: [cell.bureau, cell.categoryName, cell.district, cell.purpose])
      var expected = RateCounts(
        passed: cell.passed, failed: cell.failed, undetermined: cell.undetermined, notTested: cell.notTested,
        listed: cell.listed)
      // What risk monitoring found the writer of the files calls undetermined.
      var counts = delivered
      if let risk = counts?.riskMonitoring, risk > 0 {
        counts?.undetermined += risk
        counts?.riskMonitoring = 0
      }
      // Screening is counted and shown, and in no denominator.
      if cell.purpose == "screening" {
        expected = RateCounts(screening: expected.samples, screeningPositive: expected.failed)
      }
      #expect(counts == expected, "\(cell)")
    }
    #expect(found.isEmpty, "\(found)")
  }

  @Test func theShippedSamplesAreWhatTheySay() throws {
    let store = try ScratchStore()
    let folder = Repository.path("samples/deliveries")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
      $0 != "TRUTH.json" && $0 != "README.md"
    }
    let summary = try store.importFiles(names.sorted().map { folder + "/" + $0 })
    #expect(summary.files.count >= 24)
    #expect(summary.count(.refused) == 0, "\(summary.files.compactMap(\.refusal))")
    for file in summary.files {
      #expect(file.accounts.isBalanced, "\(file.path)")
      // Every delivered column is either read or named under `ignore`.
      #expect(file.counts[.csvHeaderUnknown] == nil && file.counts[.xmlUnknownElement] == nil, "\(file.path)")
    }
    try compare(folder: folder, store: store)
  }

  /// The order in which files arrive does not matter to what counts.
  @Test(arguments: [3, 11] as [UInt64]) func anyOrderOfArrivalGivesTheSameCounts(_ seed: UInt64) throws {
    let store = try ScratchStore()
    let folder = store.folder + "/made"
    var options = GeneratorOptions()
    options.seed = seed
    options.quarters = 3
    options.samplesPerFile = [.market: 60, .agriculture: 40, .forestry: 30]
    var files = try Generator.run(options, into: folder).map(\.path)
    var random = SeededRandom(seed: seed)
    files.shuffle(using: &random)
    let summary = try store.importFiles(files)
    #expect(summary.count(.accepted) == files.count)
    try compare(folder: folder, store: store)
  }

  @Test func theSamplesAreWhatTheGeneratorMakes() throws {
    let store = try ScratchStore()
    let made = store.folder + "/made"
    for file in try Generator.run(GeneratorOptions(), into: made) {
      let name = (file.path as NSString).lastPathComponent
      #expect(
        try bytes(of: file.path) == bytes(of: Repository.path("samples/deliveries/" + name)),
        "run make regenerate: \(name)")
    }
  }
}
