/// Settings that cannot be used, with everything that is wrong.
public struct SettingsError: Error, Sendable, CustomStringConvertible {
  public var problems: [PipelineProblem]
  private var message = ""

  public init(_ problems: [PipelineProblem]) { self.problems = problems.sorted() }

  public init(_ message: String) {
    problems = []
    self.message = message
  }

  public var description: String {
    problems.isEmpty ? message : problems.map(\.description).joined(separator: "\n")
  }
}
