/// The result of reading one pipeline file.
public struct PipelineCompilation: Sendable {
  /// Nil if there are errors.
  public var plan: PipelinePlan?
  /// Errors and warnings, sorted by place.
  public var problems: [PipelineProblem]

  public var hasErrors: Bool { problems.contains { $0.severity == .error } }
}

/// From YAML text to a plan.
public enum PipelineCompiler {
  /// - Parameter file: the path for messages.
  public static func compile(_ bytes: [UInt8], file: String, tables: CodeTableSet) -> PipelineCompilation {
    let (document, problems) = PipelineDocument.read(bytes, file: file)
    guard let document, problems.allSatisfy({ $0.severity == .warning }) else {
      return PipelineCompilation(plan: nil, problems: problems.sorted())
    }
    var compiler = PlanCompiler(document, tables: tables, bytes: bytes)
    let plan = compiler.compile()
    return PipelineCompilation(plan: plan, problems: (problems + compiler.problems).sorted())
  }
}
