/// Figures for Prometheus, as node_exporter's textfile collector reads them. Counters are totals of the whole store, so
/// that they only grow; what concerns the last run is a gauge.
public struct MetricsFigures: Sendable {
  public var lastRun: TimeStamp?
  /// The last run that ended with everything well; nil: none yet.
  public var lastSuccess: TimeStamp?
  public var lastExitStatus = 0
  public var runMilliseconds: Int64 = 0
  /// Files ever decided, by ``ReceiptStage``'s word; rows ever read, by where they went; rows refused, by code.
  public var filesByState: [String: Int] = [:]
  public var rowsByState: [String: Int] = [:]
  public var rejectsByCode: [String: Int] = [:]
  /// Files lying in each bureau's inbox, and the age of the oldest; bureaus with none are 0.
  public var pendingFiles: [String: Int] = [:]
  public var oldestPendingSeconds: [String: Int] = [:]
  public var lastReceived: [String: TimeStamp] = [:]
  /// Files in quarantine, by code.
  public var quarantined: [String: Int] = [:]
  public var snapshot: Int64 = 0
  public var storeBytes: Int64 = 0
  public var freeBytes: Int64 = 0
  public var program = ""

  public init() {}
}

/// Prometheus exposition format 0.0.4.
public enum MetricsText {
  /// The whole file: every family with HELP and TYPE, labels escaped, a line break at the end.
  public static func file(_ figures: MetricsFigures) -> [UInt8] {
    var text = Families()
    text.family("build_info", "gauge", "The program that wrote this file.", [("version", figures.program, "1")])
    text.single("last_run_timestamp_seconds", "When the last run ended.", figures.lastRun?.secondsText)
    text.single(
      "last_success_timestamp_seconds", "When the last run that did its work ended, whatever it refused.",
      figures.lastSuccess?.secondsText)
    text.single("last_run_exit_status", "Exit status of the last run.", String(figures.lastExitStatus))
    text.single("run_duration_seconds", "How long the last run took.", milliseconds(figures.runMilliseconds))
    text.family("files_total", "counter", "Files decided, by what became of them.", rows("state", figures.filesByState))
    text.family("rows_total", "counter", "Rows read, by where they went.", rows("state", figures.rowsByState))
    text.family("rejects_total", "counter", "Rows refused, by diagnostic code.", rows("code", figures.rejectsByCode))
    text.family("pending_files", "gauge", "Files that lie in an inbox.", rows("bureau", figures.pendingFiles))
    text.family(
      "oldest_pending_seconds", "gauge", "Age of the oldest file that lies in an inbox.",
      rows("bureau", figures.oldestPendingSeconds))
    text.family(
      "last_received_timestamp", "gauge", "When a bureau last delivered.",
      figures.lastReceived.sorted { $0.key < $1.key }.map { ("bureau", $0.key, $0.value.secondsText) })
    text.family("quarantined_files", "gauge", "Files in quarantine, by code.", rows("code", figures.quarantined))
    text.single("snapshot", "Number of the newest snapshot.", String(figures.snapshot))
    text.single("store_bytes", "Size of the store.", String(figures.storeBytes))
    text.single("free_bytes", "Room left where the store is.", String(figures.freeBytes))
    return Array(text.text.utf8)
  }

  private static func rows(_ label: String, _ counts: [String: Int]) -> [(String, String, String)] {
    counts.sorted { $0.key < $1.key }.map { (label, $0.key, String($0.value)) }
  }

  private static func milliseconds(_ number: Int64) -> String {
    TimeStamp(milliseconds: number, offsetMinutes: 0).secondsText
  }

  private struct Families {
    var text = ""

    mutating func single(_ name: String, _ help: String, _ value: String?) {
      guard let value else { return }
      head(name, "gauge", help)
      text += "spotcheck_\(name) \(value)\n"
    }

    mutating func family(_ name: String, _ type: String, _ help: String, _ rows: [(String, String, String)]) {
      guard !rows.isEmpty else { return }
      head(name, type, help)
      for (label, key, value) in rows { text += "spotcheck_\(name){\(label)=\"\(escaped(key))\"} \(value)\n" }
    }

    private mutating func head(_ name: String, _ type: String, _ help: String) {
      text += "# HELP spotcheck_\(name) \(help)\n# TYPE spotcheck_\(name) \(type)\n"
    }

    /// Backslash, quote and line break, as the format asks; other control characters have no place in a label.
    private func escaped(_ label: String) -> String {
      var result = String.UnicodeScalarView()
      for scalar in label.unicodeScalars {
        switch scalar {
        case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
        case "\"": result.append(contentsOf: "\\\"".unicodeScalars)
        case "\n": result.append(contentsOf: "\\n".unicodeScalars)
        case _ where scalar.value < 0x20 || scalar.value == 0x7F: result.append(" ")
        default: result.append(scalar)
        }
      }
      return String(result)
    }
  }
}
