import Foundation
import SpotCheckModel
import SpotCheckReceipts
import Testing

@Suite struct TimeStampTests {
  @Test(arguments: [
    (0, 480, "1970-01-01T08:00:00.000+08:00"), (0, 0, "1970-01-01T00:00:00.000+00:00"),
    (-1, 0, "1969-12-31T23:59:59.999+00:00"), (1_711_929_600_123, 480, "2024-04-01T08:00:00.123+08:00"),
    (1_711_929_600_123, -210, "2024-03-31T20:30:00.123-03:30"), (Int64.max, 0, "9999-12-31T00:00:00.000+00:00"),
    (Int64.min, 0, "0001-01-02T00:00:00.000+00:00"),
  ])
  func isWrittenAsTheClockShowedIt(_ milliseconds: Int64, _ offset: Int, _ expected: String) {
    #expect(TimeStamp(milliseconds: milliseconds, offsetMinutes: offset).text == expected)
  }

  @Test func secondsForMetrics() {
    #expect(TimeStamp(milliseconds: 1_711_929_600_123).secondsText == "1711929600.123")
    #expect(TimeStamp(milliseconds: -5).secondsText == "-0.005")
    #expect(TimeStamp(milliseconds: 0).shortText == "1970-01-01 08:00:00")
  }
}

@Suite struct MetricsTextTests {
  private var figures: MetricsFigures {
    var figures = MetricsFigures()
    figures.lastRun = ReceiptFixture.time
    figures.runMilliseconds = 61_005
    figures.filesByState = ["accepted": 3, "rejected": 1]
    figures.rowsByState = ["accepted": 1000, "rejected": 2]
    figures.rejectsByCode = ["CELL_REQUIRED": 2]
    figures.oldestPendingSeconds = ["lcj": 0, "a\"b\\c\nd": 7]
    figures.lastReceived = ["nyncj": ReceiptFixture.time]
    return figures
  }

  @Test func everyFamilyHasHelpAndTypeAndStandsOnce() {
    let text = String(decoding: MetricsText.file(figures), as: UTF8.self)
    #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
    var announced: [String] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("# TYPE ") { announced.append(String(line.split(separator: " ")[2])) }
      if line.hasPrefix("#") { continue }
      let name = line.prefix { $0 != "{" && $0 != " " }
      #expect(announced.last == String(name), "\(line)")
    }
    #expect(Set(announced).count == announced.count)
    for line in [
      "spotcheck_last_run_timestamp_seconds 1711929600.123", "spotcheck_run_duration_seconds 61.005",
      "spotcheck_files_total{state=\"accepted\"} 3", "spotcheck_rows_total{state=\"rejected\"} 2",
      "spotcheck_rejects_total{code=\"CELL_REQUIRED\"} 2", "spotcheck_oldest_pending_seconds{bureau=\"lcj\"} 0",
      "spotcheck_oldest_pending_seconds{bureau=\"a\\\"b\\\\c\\nd\"} 7",
      "spotcheck_last_received_timestamp{bureau=\"nyncj\"} 1711929600.123",
    ] {
      #expect(text.contains(line + "\n"), "missing: \(line)")
    }
    // Nothing is said about a success that there never was.
    #expect(!text.contains("last_success"))
  }
}

@Suite struct LogLineTests {
  private let line = LogLine(
    .warning, time: ReceiptFixture.time, run: "r1", file: ReceiptFixture.digest, bureau: "nyncj", code: "CELL_UNIT",
    "单位“mg”\n电话13912345678", facts: [LogFact("rows", 3), LogFact("name", "a\u{1B}b 0971-6123456")])

  @Test func jsonIsOneObjectALine() throws {
    let text = String(decoding: line.json, as: UTF8.self)
    #expect(
      text
        == "{\"ts\":\"2024-04-01T08:00:00.123+08:00\",\"level\":\"warning\",\"run\":\"r1\",\"bureau\":\"nyncj\","
        + "\"file\":\"01234567\",\"code\":\"CELL_UNIT\",\"msg\":\"单位“mg”\\n电话139******78\",\"rows\":3,"
        + "\"name\":\"a\\u001bb 097*-*****56\"}\n")
    #expect(try JSONSerialization.jsonObject(with: Data(line.json)) is [String: Any])
  }

  @Test func peopleAndTheJournalGetOneHarmlessLine() {
    let body = "nyncj 01234567 CELL_UNIT: 单位“mg” 电话139******78 (rows=3, name=ab 097*-*****56)"
    #expect(line.human == "2024-04-01 08:00:00 warning " + body)
    #expect(line.journal == "<4>" + body)
    #expect(LogLine(.error, time: ReceiptFixture.time, run: "r1", "x").journal == "<3>x")
    #expect(LogLevel.error > .warning && LogLevel.allCases.map(\.priority) == [7, 6, 5, 4, 3])
  }
}

@Suite struct RunRecordTests {
  @Test func totalsFollowFromTheFiles() throws {
    var run = RunFigures(id: "r1", command: "nightly", started: ReceiptFixture.time)
    for state in ["accepted", "accepted", "rejected"] {
      var file = FileFigures(delivery: "r1-000001", bureau: "nyncj", name: "a.csv", state: state)
      file.rows = RowAccounts(read: 2, accepted: 1, rejected: 1)
      file.counts = ["CELL_REQUIRED": 1]
      run.files.append(file)
    }
    run.findings = [RunFinding(kind: "gate", code: "SET_REJECT_RATE", severity: .error, message: "电话13912345678")]
    let object = try #require(try JSONSerialization.jsonObject(with: Data(run.json)) as? [String: Any])
    #expect(object["files_by_state"] as? [String: Int] == ["accepted": 2, "rejected": 1])
    #expect((object["rows"] as? [String: Any])?["read"] as? Int == 6)
    #expect(object["codes"] as? [String: Int] == ["CELL_REQUIRED": 3])
    #expect(object["ended"] is NSNull)
    #expect(run.json.last == 0x0A)
    #expect(!String(decoding: run.json, as: UTF8.self).contains("13912345678"))
  }
}
