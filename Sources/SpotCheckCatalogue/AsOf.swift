import GRDB
import SpotCheckModel

extension Catalogue {
  /// The snapshot that `--as-of` means. Nil or `latest`: the newest.
  ///
  /// - `17` or `v17`: the snapshot of that number;
  /// - a label;
  /// - the id of a run: the newest snapshot at its end;
  /// - `2025-07-01`: the newest snapshot of that day or before; `2025-07-01T12:30[:15][Z|+08:00]`: of that moment or
  ///   before. Days and times without a zone are China Standard Time (UTC+8), wherever the program runs.
  ///
  /// - Throws: ``CatalogueError`` (`unknownSnapshot`), also if it was expired.
  public func resolve(asOf text: String?) throws -> SnapshotNumber {
    guard let text, text != "latest" else { return try latestSnapshot() }
    let number = try find(asOf: text)
    try checkReadable(number, "snapshot \(number), which '\(text)' means, was expired")
    return number
  }

  /// - Throws: ``CatalogueError`` (`unknownSnapshot`) if the rows of a snapshot may be gone.
  public func checkReadable(_ number: SnapshotNumber) throws {
    try checkReadable(number, "snapshot \(number) was expired while it was read")
  }

  private func checkReadable(_ number: SnapshotNumber, _ message: String) throws {
    guard try isExpired(number) else { return }
    throw CatalogueError(
      .unknownSnapshot, path: path, message, advice: "'spotcheck store snapshots' lists those that can be read.")
  }

  func isExpired(_ number: SnapshotNumber) throws -> Bool {
    guard try hasFormat(3) else { return false }
    return try read { db in
      try Bool.fetchOne(db, sql: "SELECT is_expired FROM snapshots WHERE number = ?", arguments: [number]) ?? false
    }
  }

  private func find(asOf text: String) throws -> SnapshotNumber {
    let digits = text.hasPrefix("v") ? String(text.dropFirst()) : text
    if !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) {
      guard let number = Int64(digits), try exists(number) else { throw unknownSnapshot(text) }
      return number
    }
    if let end = Moment.lastMillisecond(of: text) {
      let number = try read { db in
        try Int64.fetchOne(db, sql: "SELECT max(number) FROM snapshots WHERE time <= ?", arguments: [end])
      }
      // Before the first snapshot the store was empty.
      return number ?? 0
    }
    let found = try read { db in
      try Int64.fetchOne(db, sql: "SELECT number FROM snapshots WHERE label = ? AND label <> ''", arguments: [text])
        ?? Int64.fetchOne(db, sql: "SELECT max(number) FROM snapshots WHERE run = ?", arguments: [text])
        ?? Int64.fetchOne(db, sql: "SELECT last_snapshot FROM runs WHERE id = ?", arguments: [text])
    }
    guard let found else { throw unknownSnapshot(text) }
    return found
  }

  private func exists(_ number: SnapshotNumber) throws -> Bool {
    try read { db in
      try Int64.fetchOne(db, sql: "SELECT number FROM snapshots WHERE number = ?", arguments: [number]) != nil
    }
  }

  func unknownSnapshot(_ text: String) -> CatalogueError {
    CatalogueError(
      .unknownSnapshot, path: path, "no snapshot is called '\(text)'",
      advice: "Give the number of a snapshot, a date such as 2025-07-01, a tag, or the id of a run.")
  }
}

/// Dates and times as people write them after `--as-of`.
enum Moment {
  static let millisecondsPerDay: Int64 = 86_400_000
  /// China Standard Time; it has had no summer time since 1991.
  static let chinaOffset: Int64 = 8 * 3_600_000

  /// The last millisecond (since 1970 UTC) that the text covers: of a day, a minute or a second. nil: not a date.
  static func lastMillisecond(of text: String) -> Int64? { span(of: text)?.upperBound }

  /// The milliseconds that the text covers.
  static func span(of text: String) -> ClosedRange<Int64>? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 10, let day = CalendarDay(iso: String(decoding: bytes[..<10], as: UTF8.self)) else {
      return nil
    }
    let midnight = Int64(day.daysSinceEpoch) * millisecondsPerDay
    if bytes.count == 10 { return midnight - chinaOffset...midnight - chinaOffset + millisecondsPerDay - 1 }
    guard bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " ") else { return nil }
    var rest = bytes[11...]
    var offset = chinaOffset
    if rest.last == UInt8(ascii: "Z") {
      rest = rest.dropLast()
      offset = 0
    } else if rest.count >= 6, let sign = [43: 1, 45: -1][Int(rest[rest.endIndex - 6])],
      let minutes = clock(rest.suffix(5), parts: 2)
    {
      offset = Int64(sign) * minutes.milliseconds
      rest = rest.dropLast(6)
    }
    guard let time = clock(rest, parts: 3) ?? clock(rest, parts: 2) else { return nil }
    let start = midnight + time.milliseconds - offset
    return start...start + time.length - 1
  }

  /// `HH:MM` or `HH:MM:SS` as milliseconds, and how long the unit named last lasts.
  private static func clock(_ text: ArraySlice<UInt8>, parts: Int) -> (milliseconds: Int64, length: Int64)? {
    let fields = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard fields.count == parts else { return nil }
    var numbers: [Int64] = []
    for field in fields {
      guard field.count == 2, field.allSatisfy({ (48...57).contains($0) }) else { return nil }
      numbers.append(field.reduce(0) { $0 * 10 + Int64($1 - 48) })
    }
    guard numbers[0] < 24, numbers[1] < 60, numbers.count < 3 || numbers[2] < 60 else { return nil }
    let seconds = numbers[0] * 3600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
    return (seconds * 1000, numbers.count == 3 ? 1000 : 60_000)
  }
}
