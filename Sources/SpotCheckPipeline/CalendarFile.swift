public import SpotCheckModel

/// `calendar.yaml` as read: the working days, and everything wrong with the file.
public struct CalendarFile: Sendable {
  /// The name that makes a YAML file the calendar and no pipeline.
  public static let name = "calendar.yaml"

  /// Knows no year if there are errors.
  public private(set) var calendar = WorkCalendar.weekendsOnly
  /// Sorted by place.
  public private(set) var problems: [PipelineProblem]

  public init(_ bytes: [UInt8], file: String) {
    let (document, found) = PipelineDocument.checked(bytes, file: file, as: .calendar)
    problems = found
    if let document, found.isEmpty {
      let years = (document.root["years"]?.entries ?? []).compactMap { read($0, document) }
      if problems.isEmpty { calendar = WorkCalendar(years) }
    }
    problems.sort()
  }

  private mutating func read(_ entry: PipelineDocument.Entry, _ document: PipelineDocument) -> WorkCalendar.Year? {
    guard let year = Int(entry.key), (1949...9999).contains(year) else {
      problems.append(document.problem(key: entry, "'\(entry.key)' is no year"))
      return nil
    }
    var holidays: Set<CalendarDay> = []
    for node in entry.value["holidays"]?.elements ?? [] {
      guard let days = CalendarFile.days(node.text ?? "") else {
        problems.append(document.problem(at: node, "expected a day (2024-01-01) or days (2024-02-10..2024-02-17)"))
        continue
      }
      // A notice may begin with the last days of the year before.
      if days.contains(where: { $0.civil.year != year && $0.civil.year != year - 1 }) {
        problems.append(document.problem(at: node, "these days do not belong to \(year)"))
      }
      holidays.formUnion(days)
    }
    var worked: Set<CalendarDay> = []
    for node in entry.value["worked"]?.elements ?? [] {
      guard let day = node.text.flatMap({ CalendarDay(iso: $0) }) else { continue }
      if !day.isWeekend { problems.append(document.problem(at: node, "\(day) is worked anyway: it is no weekend")) }
      if holidays.contains(day) { problems.append(document.problem(at: node, "\(day) is a holiday above")) }
      if day.civil.year != year { problems.append(document.problem(at: node, "\(day) does not belong to \(year)")) }
      worked.insert(day)
    }
    return WorkCalendar.Year(
      year, source: entry.value["source"]?.text ?? "", holidays: holidays, makeUpDays: worked)
  }

  /// One day, or at most a month of them; nil if the text is neither.
  private static func days(_ text: String) -> [CalendarDay]? {
    if let day = CalendarDay(iso: text) { return [day] }
    let ends = text.split(separator: "..", omittingEmptySubsequences: false).map { CalendarDay(iso: String($0)) }
    guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last,
      Int(last.daysSinceEpoch) - Int(first.daysSinceEpoch) < 31
    else { return nil }
    return (first.daysSinceEpoch...last.daysSinceEpoch).map { CalendarDay(daysSinceEpoch: $0) }
  }
}
