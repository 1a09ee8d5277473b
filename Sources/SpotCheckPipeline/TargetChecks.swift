import SpotCheckModel

/// What one entry of the register claims for itself, as far as other entries can contradict it.
struct TargetClaim {
  struct Validity {
    var from: CalendarDay
    /// First day after it; nil = open.
    var to: CalendarDay?
  }

  var id: String
  /// The place of the id.
  var node: PipelineDocument.Node
  var validity: Validity?
  var parent: PipelineDocument.Node?

  /// Nil without an id.
  init?(_ node: PipelineDocument.Node, _ validity: Validity?) {
    guard let place = node["id"], let id = place.text, !id.isEmpty else { return nil }
    self.id = id
    self.node = place
    self.validity = validity
    parent = node["part_of"]
  }
}

/// What must hold between the keys of a target, and between targets.
enum TargetChecks {
  // MARK: One target

  static func within(
    _ target: QualityTarget, _ node: PipelineDocument.Node, _ document: PipelineDocument
  ) -> [PipelineProblem] {
    var problems: [PipelineProblem] = []
    func needs(_ key: String, _ who: String) {
      guard node.entry(key) == nil else { return }
      problems.append(document.problem(line: node.line, column: node.column, "\(who) needs '\(key)'"))
    }
    if target.isLive, let live = node.entry("live") {
      if target.kind == .passRate {
        for key in ["value", "population", "purposes"] { needs(key, "a live target") }
        if let purposes = node["purposes"], purposes.elements.isEmpty {
          problems.append(document.problem(at: purposes, "a live target needs at least one purpose that counts"))
        }
      } else {
        problems.append(
          document.problem(
            at: live.value, "only a pass_rate can be live: a \(target.kind.rawValue) is not computed from samples"))
      }
    }
    if target.kind == .passRate || target.kind == .ratio {
      for key in ["numerator", "denominator"] { needs(key, "a \(target.kind.rawValue)") }
    }
    if target.isStable, target.kind != .passRate, let stable = node["stable"] {
      problems.append(document.problem(at: stable, "'stable' is for the kind pass_rate only"))
    }
    if target.quotes.isEmpty, let quote = node["quote"] {
      problems.append(document.problem(at: quote, "'quote' quotes nothing"))
    }
    return problems
  }

  // MARK: All targets

  static func acrossTargets(_ claims: [TargetClaim], _ document: PipelineDocument) -> [PipelineProblem] {
    overlaps(claims, document) + parents(claims, document)
  }

  /// Two versions of one target must never hold on the same day.
  private static func overlaps(_ claims: [TargetClaim], _ document: PipelineDocument) -> [PipelineProblem] {
    var problems: [PipelineProblem] = []
    for (id, versions) in Dictionary(grouping: claims, by: \.id) where versions.count > 1 {
      let dated = versions.compactMap { claim in claim.validity.map { (claim, $0) } }
        .sorted { ($0.1.from, $0.0.node.line, $0.0.node.column) < ($1.1.from, $1.0.node.line, $1.0.node.column) }
      // The version that reaches furthest so far: whatever begins before its end overlaps it.
      guard var (widest, reach) = dated.first else { continue }
      for (claim, validity) in dated.dropFirst() {
        if reach.to.map({ validity.from < $0 }) ?? true {
          let (first, second) =
            (widest.node.line, widest.node.column) < (claim.node.line, claim.node.column)
            ? (widest, claim) : (claim, widest)
          problems.append(
            document.problem(
              at: second.node,
              "duplicate target '\(id)' (first on line \(first.node.line)): both hold on \(validity.from); "
                + "the version that ended needs 'valid_to'"))
        }
        if let end = reach.to, validity.to.map({ $0 > end }) ?? true { (widest, reach) = (claim, validity) }
      }
    }
    return problems
  }

  /// `part_of` must name a target, and no target may be a part of itself, however indirectly.
  private static func parents(_ claims: [TargetClaim], _ document: PipelineDocument) -> [PipelineProblem] {
    var problems: [PipelineProblem] = []
    let ids = Set(claims.map(\.id))
    let inOrder = claims.map(\.id)
    var parents: [String: Set<String>] = [:]
    for claim in claims {
      guard let place = claim.parent, let parent = place.text, !parent.isEmpty else { continue }
      if !ids.contains(parent) {
        problems.append(
          document.problem(at: place, "there is no target '\(parent)'" + NearestWord.hint(parent, in: inOrder)))
      }
      parents[claim.id, default: []].insert(parent)
    }
    for claim in claims {
      guard let place = claim.parent, let parent = place.text else { continue }
      if reaches(claim.id, from: parent, parents) {
        problems.append(
          document.problem(
            at: place,
            parent == claim.id
              ? "'\(parent)' cannot be a part of itself"
              : "'\(claim.id)' is a part of '\(parent)', which is a part of '\(claim.id)'"))
      }
    }
    return problems
  }

  /// Whether `goal` is `start` or stands above it. A list instead of recursion: chains may be as long as the file.
  private static func reaches(_ goal: String, from start: String, _ parents: [String: Set<String>]) -> Bool {
    var seen: Set<String> = []
    var open = [start]
    while let id = open.popLast() {
      if id == goal { return true }
      if seen.insert(id).inserted { open += parents[id] ?? [] }
    }
    return false
  }

  // MARK: Populations

  /// The fault of a filter where it stands in the YAML: inside the text if that is written on one line as it is read.
  static func problem(
    _ fault: FilterFault, in node: PipelineDocument.Node, _ text: String, _ document: PipelineDocument
  ) -> PipelineProblem {
    let message = "'population' is no filter: \(fault.message)"
    guard let position = fault.position, case .scalar(_, let isPlain) = node.content, node.line >= 1,
      node.line <= document.lines.count
    else { return document.problem(at: node, message) }
    let line = Array(document.lines[node.line - 1].unicodeScalars)
    let start = node.column - 1 + (isPlain ? 0 : 1)
    let written = Array(text.unicodeScalars)
    guard start >= 0, start <= line.count, position >= 0, line[start...].starts(with: written) else {
      return document.problem(at: node, message)
    }
    return document.problem(line: node.line, column: start + position + 1, message)
  }
}
