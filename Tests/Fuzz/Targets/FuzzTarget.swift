import SpotCheck

/// What is fuzzed: one reader of bytes from outside each. The same bodies run under libFuzzer (`make fuzz`) and over the
/// corpus in `make test`.
///
/// A target returns for every input; a broken promise traps, which the fuzzer reports with the input. The last byte of an
/// input chooses the variant (label, dialect, table, layout), so that any file of the repository is a seed as it is.
enum FuzzTarget: String, CaseIterable, Sendable {
  case gzip, text, csv, xml, delivery, pipeline, codetable, targets, description, segment, filter, bulletin

  func run(_ input: [UInt8]) {
    guard let choice = input.last else { return }
    let bytes = Array(input.dropLast())
    switch self {
    case .gzip: ReadingTargets.gzip(bytes, choice)
    case .text: ReadingTargets.text(bytes, choice)
    case .csv: ReadingTargets.csv(bytes, choice)
    case .xml: ReadingTargets.xml(bytes, choice)
    case .delivery: PipelineTargets.delivery(bytes, choice)
    case .pipeline: PipelineTargets.pipeline(bytes, choice)
    case .codetable: PipelineTargets.codeTable(bytes, choice)
    case .targets: PipelineTargets.targets(bytes)
    case .description: StoreTargets.description(bytes)
    case .segment: StoreTargets.segment(bytes, choice)
    case .filter: QueryTargets.filter(bytes)
    case .bulletin: QueryTargets.bulletin(bytes)
    }
  }

  /// Traps with what was promised.
  static func require(_ isKept: Bool, _ promise: @autoclosure () -> String) {
    if !isKept { fatalError("broken promise: \(promise())") }
  }
}
