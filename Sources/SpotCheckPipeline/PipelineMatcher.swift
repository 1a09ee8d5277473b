import SpotCheckCuration
public import SpotCheckModel
public import SpotCheckReading
import SpotCheckSystem

/// Which layout a delivered file has.
public enum PipelineMatch: Sendable {
  case layout(LayoutPlan)
  /// None fits, or several, or the file cannot be read at all.
  case refused(Diagnostic)
}

/// One layout held against one file.
public struct MatchAttempt: Sendable, Equatable {
  /// `agriculture/wide`.
  public var layout: String
  /// Conditions that do not hold, in words; none: the layout fits.
  public var failures: [String] = []
  public var failuresZh: [String] = []
  /// The file's beginning cannot be read, and so nobody knows whether the conditions hold.
  public var fault: Diagnostic?
  /// What it was read as was found out from the file, not prescribed by the layout.
  public var isPlainReading = true
  /// Format, name or folder said no; the content was not asked.
  public var failsUnread = false

  public var fits: Bool { failures.isEmpty }

  mutating func fail(_ english: String, _ chinese: String) {
    failures.append(english)
    failuresZh.append(chinese)
  }
}

/// Finds the layout of a file from its name, its folder and its beginning.
public struct PipelineMatcher: Sendable {
  private let layouts: [LayoutPlan]
  private let names: [String]
  private let limits: ReadingLimits

  public init(library: PipelineLibrary, limits: ReadingLimits = ReadingLimits()) {
    self.init(plans: library.plans, limits: limits)
  }

  public init(plans: [PipelinePlan], limits: ReadingLimits = ReadingLimits()) {
    layouts = plans.flatMap(\.layouts)
    names = plans.map(\.name)
    self.limits = limits
  }

  /// - Parameters:
  ///   - path: the file's path: its name and the names of its folders are conditions.
  ///   - pipeline: consider only this pipeline; nil: all.
  ///   - open: opens the file from its beginning; called once, and once more for each way of reading that is tried.
  /// - Throws: what the source throws.
  public func match(path: String, pipeline: String? = nil, open: () throws -> any ByteSource) throws -> PipelineMatch {
    let candidates = layouts.filter { pipeline == nil || $0.pipeline == pipeline }
    guard !candidates.isEmpty else { return .refused(nothingToTry(pipeline)) }
    return try withoutActuallyEscaping(open) { open in
      var head = DeliveryHead(path: path, limits: limits, open: open)
      return try choose(candidates, &head)
    }
  }

  private func choose(_ candidates: [LayoutPlan], _ head: inout DeliveryHead) throws -> PipelineMatch {
    if let fatal = try head.readFormat() { return .refused(fatal) }
    let returned = try head.returnedLayout()
    if let name = returned, let layout = candidates.first(where: { $0.fullName == name }) {
      return .layout(PipelineMatcher.returned(layout))
    }
    var attempts: [MatchAttempt] = []
    var fitting: [LayoutPlan] = []
    for layout in candidates {
      let attempt = try self.attempt(layout, &head)
      attempts.append(attempt)
      if attempt.fits { fitting.append(layout) }
    }
    if fitting.count == 1, let layout = fitting.first {
      return .layout(returned == nil ? layout : PipelineMatcher.returned(layout))
    }
    return .refused(explain(attempts, head))
  }

  /// A layout that was chosen by name, fitted to the file: a mended table of refused rows is read as such.
  ///
  /// - Throws: what the source throws.
  public static func fitted(
    _ layout: LayoutPlan, path: String, limits: ReadingLimits = ReadingLimits(), open: () throws -> any ByteSource
  ) throws -> LayoutPlan {
    try withoutActuallyEscaping(open) { open in
      var head = DeliveryHead(path: path, limits: limits, open: open)
      guard try head.readFormat() == nil, try head.returnedLayout() != nil else { return layout }
      return returned(layout)
    }
  }

  /// The layout for a mended table: an office program has saved it, in whatever character set and with whatever
  /// separator it likes.
  private static func returned(_ layout: LayoutPlan) -> LayoutPlan {
    var result = layout
    result.reading.isReturned = true
    result.reading.encoding = nil
    result.reading.delimiter = nil
    result.reading.quote = UInt8(ascii: "\"")
    // The good rows of the delivery are not in it: many refused rows are no sign of another layout here.
    result.gate.maximumRate = 1
    return result
  }

  private func attempt(_ layout: LayoutPlan, _ head: inout DeliveryHead) throws -> MatchAttempt {
    var attempt = MatchAttempt(layout: layout.fullName)
    attempt.isPlainReading = layout.reading.encoding == nil && layout.reading.delimiter == nil
    let match = layout.match
    if layout.reading.format.rawValue != head.format.rawValue {
      attempt.fail("the content is \(head.format.rawValue)", "内容是 \(head.format.rawValue)")
      attempt.failsUnread = true
      return attempt
    }
    if !match.files.isEmpty,
      !match.files.contains(where: { GlobPattern($0.lowercased()).matches(head.name.lowercased()) })
    {
      let globs = match.files.joined(separator: " or ")
      attempt.fail("the file name does not match \(globs)", "文件名不符合 \(globs)")
    }
    if !match.folders.isEmpty,
      !match.folders.contains(where: { glob in
        head.folders.contains { GlobPattern(glob.lowercased()).matches($0.lowercased()) }
      })
    {
      let folders = match.folders.joined(separator: " or ")
      attempt.fail("no folder above is named \(folders)", "上级文件夹中没有 \(folders)")
    }
    // What costs reading is asked only when the rest holds.
    guard attempt.fits else {
      attempt.failsUnread = true
      return attempt
    }
    if layout.reading.format == .xml, match.root != nil || match.namespace != nil {
      let root = try head.root()
      attempt.fault = root.fault
      if let fault = root.fault {
        attempt.fail("unreadable (\(fault.code.rawValue))", "无法读取（\(fault.code.rawValue)）")
      } else if let wanted = match.root, wanted != root.name {
        attempt.fail("the root element is '\(root.name)', not '\(wanted)'", "根元素是“\(root.name)”，不是“\(wanted)”")
      } else if let wanted = match.namespace, wanted != root.namespace {
        attempt.fail(
          "the root's namespace is '\(root.namespace)', not '\(wanted)'", "根元素的命名空间是“\(root.namespace)”，不是“\(wanted)”")
      }
    }
    if !match.header.isEmpty {
      let header = try head.compare(match, layout)
      attempt.fault = header.fault
      if !header.missing.isEmpty {
        let list = header.missing.joined(separator: ", ")
        attempt.fail("no row has all header names; missing: \(list)", "没有一行包含全部列名，缺少：\(list)")
      }
      if !header.excess.isEmpty {
        let list = header.excess.joined(separator: ", ")
        attempt.fail("the header must not have: \(list)", "表头不应有：\(list)")
      }
    }
    return attempt
  }

  // MARK: Words

  private func nothingToTry(_ pipeline: String?) -> Diagnostic {
    guard let pipeline else {
      return Diagnostic(.pipelineNone, at: .file, "there is no pipeline at all", zh: "没有任何流水线配置")
    }
    return Diagnostic(
      .pipelineNone, at: .file, "there is no pipeline '\(pipeline)'\(NearestWord.hint(pipeline, in: names))",
      zh: "没有名为“\(pipeline)”的流水线")
  }

  /// The fault of the file that keeps every layout from fitting. A layout that prescribes how to read may fail alone,
  /// with a file that is not its own; what is wrong with the file itself shows where nothing is prescribed.
  private func fault(of attempts: [MatchAttempt]) -> Diagnostic? {
    if let plain = attempts.first(where: { $0.isPlainReading && $0.fault != nil }) { return plain.fault }
    let isNobodysFault = attempts.contains { $0.fault == nil && !$0.failsUnread }
    return isNobodysFault ? nil : attempts.first { $0.fault != nil }?.fault
  }

  private func explain(_ attempts: [MatchAttempt], _ head: DeliveryHead) -> Diagnostic {
    let fitting = attempts.filter(\.fits)
    guard fitting.isEmpty else {
      let list = fitting.map(\.layout).joined(separator: ", ")
      return Diagnostic(
        .pipelineAmbiguous, at: .file,
        "\(fitting.count) layouts fit: \(list); choose with --pipeline, or make their match conditions differ",
        zh: "有 \(fitting.count) 个布局都适用：\(list)；请用 --pipeline 指定，或区分匹配条件")
    }
    if let fault = fault(of: attempts) { return fault }
    let english = attempts.map { "\($0.layout): \($0.failures.joined(separator: "; "))" }.joined(separator: "\n  ")
    let chinese = attempts.map { "\($0.layout)：\($0.failuresZh.joined(separator: "；"))" }.joined(separator: "\n  ")
    return Diagnostic(
      .pipelineNone, at: .file, "no layout fits '\(PathText.printable(head.name))':\n  \(english)",
      zh: "没有布局适用于“\(PathText.printable(head.name))”：\n  \(chinese)")
  }
}
