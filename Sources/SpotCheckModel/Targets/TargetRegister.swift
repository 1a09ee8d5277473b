/// All targets with all their versions: the register that a scorecard quotes and judges.
public struct TargetRegister: Sendable, Hashable {
  /// In the order of the file: that of the documents.
  public let targets: [QualityTarget]
  /// Which register it is: the first 12 hex digits of the SHA-256 of the file; empty if there is no file.
  public let revision: String

  /// A register without targets.
  public static let empty = TargetRegister([], revision: "")

  public init(_ targets: [QualityTarget], revision: String) {
    self.targets = targets
    self.revision = revision
  }

  /// The targets in force on a day, in the order of the file.
  ///
  /// A target whose year has passed stays in force until another version or `valid_to` ends it: it is the latest one
  /// adopted.
  public func targets(on day: CalendarDay) -> [QualityTarget] { targets.filter { $0.isValid(on: day) } }

  /// The version of a target that is in force on a day.
  public func target(_ id: String, on day: CalendarDay) -> QualityTarget? {
    targets.first { $0.id == id && $0.isValid(on: day) }
  }

  /// The parts that a target is split into, as in force on a day.
  public func parts(of id: String, on day: CalendarDay) -> [QualityTarget] {
    targets.filter { $0.partOf == id && $0.isValid(on: day) }
  }

  /// Every id once, in the order of first appearance.
  public var ids: [String] {
    var seen: Set<String> = []
    return targets.map(\.id).filter { seen.insert($0).inserted }
  }
}
