import SpotCheck
import SpotCheckTestSupport

/// The sample rows of a store as they lie in its segments, those that do not count included.
struct StoredRows {
  struct Row {
    var number: String
    var texts: [SampleText: String]
    var flags: SampleFlags
    var itemCount: Int
    var counts: Bool
    var sampleClass: SampleClass

    subscript(_ column: SampleText) -> String { texts[column] ?? "" }
  }

  var rows: [Row] = []

  init(_ source: QuerySource) throws {
    for visible in try source.segments() {
      let segment = try visible.open()
      let all = 0..<segment.sampleRows
      var texts: [SampleText: [String]] = [:]
      for column in SampleText.allCases {
        var codes = [UInt32](repeating: 0, count: all.count)
        try segment.readCodes(column, all, into: &codes)
        let entries = try segment.entries(column)
        texts[column] = codes.map { entries[Int($0)] }
      }
      var flags = [UInt32](repeating: 0, count: all.count)
      var items = flags
      try segment.readNumbers(SampleNumber.flags, all, into: &flags)
      try segment.readNumbers(SampleNumber.itemCount, all, into: &items)
      let numbers = try segment.plainTexts(.samplingNumber, all)
      let closed = Set(visible.excludedRows)
      for row in all {
        let own = texts.mapValues { $0[row] }
        let flags = SampleFlags(rawValue: flags[row])
        rows.append(
          Row(
            number: numbers[row], texts: own, flags: flags, itemCount: Int(items[row]),
            counts: !closed.contains(UInt32(row)),
            sampleClass: SampleClass(
              verdict: Verdict(rawValue: own[.verdict] ?? ""), flags: flags,
              isScreening: SampleClass.isScreening(purpose: own[.purpose] ?? "", in: source.tables["purposes"]))))
      }
    }
  }

  /// Imports one text that must be accepted, and reads what became of it.
  init(importing text: String, as name: String) throws {
    let store = try ScratchStore()
    let outcome = try store.importFiles([try store.file(name, Array(text.utf8))]).files.first
    guard outcome?.state == .accepted else {
      throw ImportError(.unbalanced, path: name, "\(String(describing: outcome?.refusal))")
    }
    try self.init(try store.open())
  }
}
