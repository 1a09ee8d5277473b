import SpotCheckDigest
public import SpotCheckModel

/// `targets.yaml` as read: the register, and everything wrong with it.
public struct TargetRegisterFile: Sendable {
  /// The name that makes a YAML file the register and no pipeline.
  public static let name = "targets.yaml"
  /// More targets are refused: a plan has dozens.
  public static let targetLimit = 1000
  /// Hex digits of a revision: enough to tell the versions of one small file apart, few enough to print.
  static let revisionLength = 12

  /// Empty if there are errors.
  public var register: TargetRegister
  /// Errors and warnings, sorted by place.
  public var problems: [PipelineProblem]

  public var hasErrors: Bool { problems.contains { $0.severity == .error } }

  /// - Parameters:
  ///   - file: the path for messages.
  ///   - bureaus: the table that `owners` may name by code; nil = owners are not checked.
  ///   - filterCheck: judges populations; nil = they are taken as written.
  public init(_ bytes: [UInt8], file: String, bureaus: CodeTable?, filterCheck: FilterCheck?) {
    let (document, readProblems) = PipelineDocument.read(bytes, file: file)
    register = .empty
    problems = readProblems.sorted()
    guard let document, !hasErrors else { return }
    var compiler = TargetCompiler(document, bureaus: bureaus, filterCheck: filterCheck)
    let targets = compiler.compile()
    // A fault may be seen by the schema and by the compiler: once is enough.
    problems = Array(Set(problems + compiler.problems)).sorted()
    guard !hasErrors else { return }
    let digest = ContentHasher.digest(of: bytes).hex
    register = TargetRegister(targets, revision: String(digest.prefix(TargetRegisterFile.revisionLength)))
  }
}
