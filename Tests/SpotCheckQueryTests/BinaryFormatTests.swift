import Foundation
import SpotCheckStore
import SpotCheckTestSupport
import SpotCheckWorkbook
import Testing

@testable import SpotCheckQuery

@Suite struct BinaryFormatTests {
  static func bytes(_ report: Report, _ format: OutputFormat) throws -> [UInt8] {
    var buffer = ByteBuffer()
    try format.emitter().emit(report, to: &buffer)
    return buffer.bytes
  }

  static func report(_ columns: [ReportColumn], _ rows: [[ReportCell]], total: [ReportCell]? = nil) -> Report {
    Report(
      columns: columns, query: [("by", .list(["产品", "\"x\""])), ("pool", .boolean(true))], snapshot: 7, total: total,
      notes: [QueryNote("a", "b", zh: "注\u{0}意")]
    ) { body in for row in rows { try body(row) } }
  }

  /// The column's kind and texts, as they will stand in an Arrow file.
  private func gathered(_ cells: [ReportCell], isNumeric: Bool = false) -> (String, [String?]) {
    var column = GatheredColumn()
    for cell in cells { column.append(cell) }
    let result = column.column(ReportColumn("c", heading: "列", isNumeric: isNumeric))
    func texts(_ values: [String]) -> [String?] { zip(values, result.isMissing).map { $1 ? nil : $0 } }
    switch result.values {
    case .integers(let values): return ("integers", texts(values.map { String($0) }))
    case .numbers(let values): return ("numbers", texts(values.map { $0.description }))
    case .text(let bytes, let ends):
      let starts = [0] + ends.dropLast()
      return ("text", texts(zip(starts, ends).map { String(decoding: bytes[$0..<$1], as: UTF8.self) }))
    }
  }

  @Test func columnsAreAsNarrowAsTheirValues() {
    let exact = 1 << 53
    #expect(gathered([.integer(1), .missing, .integer(exact + 1)]) == ("integers", ["1", nil, "9007199254740993"]))
    #expect(gathered([.missing, .integer(1), .rate(0.5, of: nil)]) == ("numbers", [nil, "1.0", "0.5"]))
    #expect(gathered([.number(2, digits: 1), .integer(exact)]) == ("numbers", ["2.0", "9007199254740992.0"]))
    // A double would lose the last digit: text keeps it, whichever came first.
    #expect(gathered([.integer(exact + 1), .number(0.5, digits: 1)]) == ("text", ["9007199254740993", "0.5"]))
    #expect(gathered([.number(0.5, digits: 1), .integer(exact + 1)]) == ("text", ["0.5", "9007199254740993"]))
    #expect(gathered([.missing, .integer(7), .text("*")]) == ("text", [nil, "7", "*"]))
    #expect(
      gathered([.integer(7), .number(0.5, digits: 1), .integer(8), .text("")]) == ("text", ["7", "0.5", "8", ""]))
    #expect(gathered([.text(""), .missing]) == ("text", ["", nil]))
    #expect(gathered([.missing, .missing]) == ("text", [nil, nil]))
    #expect(gathered([.missing], isNumeric: true) == ("numbers", [nil]))
    #expect(gathered([]) == ("text", []))
    #expect(gathered([], isNumeric: true) == ("numbers", []))
  }

  @Test func arrowFilesBeginAndEndAsSuch() throws {
    let report = Self.report([ReportColumn("a", heading: "甲")], [[.text("x")]], total: [.missing])
    let bytes = try Self.bytes(report, .arrow)
    #expect(bytes.starts(with: Array("ARROW1\0\0".utf8)) && bytes.suffix(6).elementsEqual("ARROW1".utf8))
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains(#"{"by":["产品","\"x\""],"pool":true}"#) && text.contains("spotcheck.snapshot"))
    #expect(try bytes == Self.bytes(report, .arrow))
  }

  @Test(.enabled(if: !Workbook.isBuilt)) func aProgramWithoutWorkbooksSaysHowToGetThem() throws {
    let error = #expect(throws: QueryError.self) {
      try Self.bytes(Self.report([ReportColumn("a", heading: "甲")], []), .xlsx)
    }
    #expect(error?.description.contains("install libxlsxwriter-dev and build with --traits XLSX") == true)
    #expect(error?.description.contains("--format csv") == true)
  }

  @Test(.enabled(if: Workbook.isBuilt)) func equalAnswersAreEqualWorkbooks() throws {
    let report = Self.report([ReportColumn("a", heading: "甲")], [[.text("=1+1")], [.rate(0.94996, of: nil)]])
    let first = try Self.bytes(report, .xlsx)
    // The zip format counts time by two seconds.
    Thread.sleep(forTimeInterval: 2.1)
    #expect(try first == Self.bytes(report, .xlsx))
    #expect(first.starts(with: [0x50, 0x4B, 3, 4]))
  }

  @Test(.enabled(if: Workbook.isBuilt)) func whatDoesNotFitIntoASheetIsSaid() throws {
    func failure(_ rows: [[ReportCell]], columns: Int = 1) -> String {
      let columns = (0..<columns).map { ReportColumn("c\($0)", heading: "列\($0)") }
      do {
        _ = try Self.bytes(Self.report(columns, rows), .xlsx)
        return ""
      } catch { return "\(error)" }
    }
    // 32,767 UTF-16 units fit; an emoji is two.
    let emoji = String(repeating: "🍎", count: 16_383)
    #expect(failure([[.text(emoji + "x")]]) == "")
    #expect(failure([[.missing], [.text(emoji + "xy")]]).contains("row 3, column 1 has 32768 characters"))
    #expect(failure([], columns: 16_385).contains("16384 columns"))
    let many = Report(columns: [ReportColumn("a", heading: "甲")], query: [], snapshot: 1) { body in
      for _ in 0..<WorkbookLimits.rows { try body([.missing]) }
    }
    let error = #expect(throws: QueryError.self) { try Self.bytes(many, .xlsx) }
    #expect(error?.description.contains("1048577 rows") == true && error?.description.contains("csv") == true)
  }
}

/// Random answers in other people's readers. Runs where SPOTCHECK_PYTHON names a Python that has pyarrow; workbooks are read
/// where it has openpyxl.
@Suite(
  "Answers in pyarrow and openpyxl",
  .enabled(
    if: ProcessInfo.processInfo.environment["SPOTCHECK_PYTHON"]?.isEmpty == false, "SPOTCHECK_PYTHON is not set"))
struct ForeignFormatTests {
  private static let texts = [
    "", "630102", "007", "687000000000000001", "=1+1", "+1", "-cmd|' /C calc'!A0", "@x", "＝1", "2024-03", "1E5", "a\nb",
    "a\r\nb",
    " 前后 ", "\tx", "nul\u{0}nul", "\u{1B}[31m", "_x0041_", "__x000D__", "_x000g_", "🍎👩‍👩‍👧", "\u{202E}abc", "a\u{301}",
    "<b>&\"'", "\u{FFFE}\u{FFFF}\u{FFFD}", "\u{7F}\u{85}", "http://x.example/", "TRUE", "#N/A", "0x1F",
  ]

  private static func cell(_ kind: Int, _ numbers: inout SeededNumbers) -> ReportCell {
    if numbers.chance(20) { return .missing }
    switch kind {
    case 0: return .text(numbers.pick(texts))
    case 1:
      return .integer(numbers.pick([0, -1, 42, 1 << 53, (1 << 53) + 1, 999_999_999_999_999, -1_000_000_000_000_000]))
    case 2: return .rate(Double.random(in: 0...1, using: &numbers), of: nil)
    case 3: return .change(Double.random(in: -1...1, using: &numbers), from: nil, to: nil)
    case 4:
      return .number(Double.random(in: -1e12...1e12, using: &numbers), digits: Int.random(in: -1...12, using: &numbers))
    case 5: return .missing
    default: return cell(Int.random(in: 0..<5, using: &numbers), &numbers)
    }
  }

  @Test func everyCellComesBack() throws {
    var numbers = SeededNumbers(state: 20)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spotcheck-formats-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for number in 0..<40 {
      // The last is longer than a batch of an Arrow file.
      let rowCount = number == 39 ? 65_540 : numbers.pick([0, 1, 7, 8, 9, 64, 65])
      let kinds =
        number == 39
        ? [0, 1, 2] : (0..<Int.random(in: 1...9, using: &numbers)).map { _ in Int.random(in: 0...6, using: &numbers) }
      let columns = kinds.indices.map {
        ReportColumn("c\($0)", heading: "列\($0)", isNumeric: numbers.chance(50))
      }
      let rows = (0..<rowCount).map { _ in kinds.map { Self.cell($0, &numbers) } }
      let report = BinaryFormatTests.report(columns, rows, total: numbers.chance(50) ? rows.first : nil)
      func write(_ ending: String, _ bytes: [UInt8]) throws {
        try Data(bytes).write(to: folder.appendingPathComponent("\(number)." + ending))
      }
      try write("columns", Array(try JSONEncoder().encode(columns.map { [$0.name, $0.heading] })))
      try write("ndjson", try BinaryFormatTests.bytes(report, .ndjson))
      try write("arrow", try BinaryFormatTests.bytes(report, .arrow))
      if Workbook.isBuilt, number < 39 { try write("xlsx", try BinaryFormatTests.bytes(report, .xlsx)) }
    }
    let process = Process()
    process.executableURL = URL(
      fileURLWithPath: try #require(ProcessInfo.processInfo.environment["SPOTCHECK_PYTHON"]))
    process.arguments = [Repository.path("Tests/SpotCheckQueryTests/read_back.py"), folder.path]
    process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(said)")
    print("answers read back:", said)
  }
}
