import SpotCheckModel

/// Turns the document of `targets.yaml` into targets. Collects every problem; what it cannot read it leaves out, and
/// then there is an error about it.
struct TargetCompiler {
  typealias Node = PipelineDocument.Node

  let document: PipelineDocument
  let bureaus: CodeTable?
  let filterCheck: FilterCheck?
  private(set) var problems: [PipelineProblem] = []
  private var documents: [String: TargetDocument] = [:]

  init(_ document: PipelineDocument, bureaus: CodeTable?, filterCheck: FilterCheck?) {
    self.document = document
    self.bureaus = bureaus
    self.filterCheck = filterCheck
  }

  mutating func compile() -> [QualityTarget] {
    var checker = SchemaChecker(document)
    checker.check(.register)
    problems += checker.problems
    guard case .list(let nodes)? = document.root["targets"]?.content else { return [] }
    guard nodes.count <= TargetRegisterFile.targetLimit else {
      let extra = nodes[TargetRegisterFile.targetLimit]
      problems.append(document.problem(at: extra, "more than \(TargetRegisterFile.targetLimit) targets"))
      return []
    }
    readDocuments()
    var targets: [QualityTarget] = []
    var claims: [TargetClaim] = []
    for node in nodes {
      guard case .map = node.content else { continue }
      checkIdentifier(node["id"])
      let period = validity(node)
      if let claim = TargetClaim(node, period) { claims.append(claim) }
      if let target = read(node, period) { targets.append(target) }
    }
    problems += TargetChecks.acrossTargets(claims, document)
    return targets
  }

  // MARK: Parts of a target

  private mutating func readDocuments() {
    for entry in document.root["documents"]?.entries ?? [] {
      let node = entry.value
      guard let number = node["number"]?.text, let title = node["title"]?.text, let issuer = node["issuer"]?.text
      else { continue }
      documents[entry.key] = TargetDocument(
        key: entry.key, number: number, title: title, issuer: issuer, issued: day(node["issued"]))
    }
  }

  /// Reads one target. Nil only where the schema found something missing or misspelt.
  private mutating func read(_ node: Node, _ period: TargetClaim.Validity?) -> QualityTarget? {
    let source = source(node)
    let owners = owners(node, until: period?.to)
    let goal = goal(node)
    let population = population(node["population"])
    let purposes = purposes(node["purposes"])
    let alpha = alpha(node["alpha"])
    guard let id = node["id"]?.text, let name = node["name"]?.text, let section = node["section"]?.text,
      let kind: TargetKind = word(node["kind"]), let ring = number(node["ring"]), let source, let period
    else { return nil }
    let target = QualityTarget(
      id: id, name: name, row: number(node["row"]), ring: ring, kind: kind, document: source, section: section,
      quotes: texts(node["quote"]), owners: owners, ownerIsInferred: flag(node["owner_is_inferred"]),
      ownersInPlan: texts(node["owners_in_plan"]), goal: goal, isLive: flag(node["live"]), population: population,
      purposes: purposes, numerator: node["numerator"]?.text ?? "", denominator: node["denominator"]?.text ?? "",
      period: word(node["period"]) ?? .year,
      periodBy: SampleDay.allCases.first { TargetWords.day(of: $0) == node["period_by"]?.text } ?? .sampled,
      due: number(node["due"]), alpha: alpha, minimumCount: number(node["min_n"]) ?? QualityTarget.defaultMinimumCount,
      isCensus: flag(node["census"]), isStable: flag(node["stable"]), partOf: node["part_of"]?.text,
      validFrom: period.from, validTo: period.to, notes: node["notes"]?.text ?? "")
    problems += TargetChecks.within(target, node, document)
    return target
  }

  /// Ids become arguments and anchors.
  private mutating func checkIdentifier(_ node: Node?) {
    guard let node, let text = node.text, !text.isEmpty else { return }
    let words = text.split(separator: "-", omittingEmptySubsequences: false)
    let isFine =
      text.utf8.count <= 64 && text.utf8.first.map { (0x61...0x7A).contains($0) } == true
      && words.allSatisfy { word in
        !word.isEmpty && word.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
      }
    if !isFine {
      problems.append(
        document.problem(
          at: node, "the id '\(text.prefix(80))' must be lower-case words (a-z, 0-9) joined by '-', 64 at most"))
    }
  }

  private mutating func source(_ node: Node) -> TargetDocument? {
    guard let place = node["document"], let key = place.text, !key.isEmpty else { return nil }
    let known = (document.root["documents"]?.entries ?? []).map(\.key)
    if !known.contains(key) {
      let hint = NearestWord.hint(key, in: known)
      problems.append(
        document.problem(
          at: place,
          "there is no document '\(key)'" + (hint.isEmpty ? "; there are: \(known.joined(separator: ", "))" : hint)))
    }
    return documents[key]
  }

  /// From and to, in order; nil where there is no first day.
  private mutating func validity(_ node: Node) -> TargetClaim.Validity? {
    let to = day(node["valid_to"])
    guard let from = day(node["valid_from"]) ?? node["document"]?.text.flatMap({ documents[$0]?.issued }) else {
      if node["valid_from"] == nil, node["document"]?.text.map({ documents[$0] != nil }) == true {
        problems.append(
          document.problem(
            line: node.line, column: node.column,
            "a target needs 'valid_from' where its document has no day of issue ('issued')"))
      }
      return nil
    }
    if let to, to <= from, let place = node["valid_to"] {
      problems.append(document.problem(at: place, "valid_to (\(to)) must be later than valid_from (\(from))"))
    }
    return TargetClaim.Validity(from: from, to: to)
  }

  /// Codes become code and name, names get the code of the bureau that they mean; what ended is said.
  private mutating func owners(_ node: Node, until end: CalendarDay?) -> [TargetOwner] {
    guard let list = node["owners"] else { return [] }
    var owners: [TargetOwner] = []
    for element in list.elements {
      guard let text = element.text, !text.isEmpty else { continue }
      guard let bureaus else {
        owners.append(TargetOwner(name: text))
        continue
      }
      let entry = bureau(text, in: bureaus)
      // A code is Latin letters; nobody's name is.
      if entry == nil, text.unicodeScalars.allSatisfy(\.isASCII) {
        problems.append(
          document.problem(
            at: element, "unknown bureau '\(text)'" + NearestWord.hint(text, in: bureaus.entries.map(\.code))))
      }
      if let entry, let ended = entry.validTo, end.map({ $0 > ended }) ?? true {
        let heir = entry.successors.isEmpty ? "" : "; after it came '\(entry.successors.joined(separator: "', '"))'"
        problems.append(
          document.problem(.warning, at: element, "the bureau '\(text)' ended on \(ended)\(heir)"))
      }
      owners.append(TargetOwner(code: entry?.code, name: entry?.name ?? text))
    }
    if owners.isEmpty, case .list(let elements) = list.content, elements.isEmpty {
      problems.append(document.problem(at: list, "'owners' names nobody"))
    }
    return owners
  }

  private func bureau(_ text: String, in table: CodeTable) -> CodeEntry? {
    if let entry = table.entry(text) { return entry }
    switch table.resolve(text, on: nil) {
    case .code(let code), .retired(let code): return table.entry(code)
    case .ambiguous, .unknown: return nil
    }
  }

  private mutating func goal(_ node: Node) -> TargetGoal? {
    let keys = ["value", "direction", "unit"]
    let given = keys.compactMap { node.entry($0) }
    guard let first = given.first else { return nil }
    let missing = keys.filter { node.entry($0) == nil }
    if !missing.isEmpty {
      problems.append(
        document.problem(
          key: first, "'\(first.key)' needs \(missing.map { "'\($0)'" }.joined(separator: " and ")) beside it"))
    }
    guard let place = node["value"], let value = decimal(place) else { return nil }
    guard value.mantissa >= 0 else {
      problems.append(document.problem(at: place, "'value' must not be negative"))
      return nil
    }
    guard let unit: TargetUnit = word(node["unit"]), let direction: TargetDirection = word(node["direction"]) else {
      return nil
    }
    if let whole = unit.whole, ExactDecimal.compare(value, ExactDecimal(mantissa: whole, scale: 0)) > 0 {
      problems.append(
        document.problem(
          at: place, "'value' is \(value) \(unit.rawValue); a share is at most \(whole) \(unit.rawValue)"))
      return nil
    }
    let goal = TargetGoal(direction, value, unit)
    if unit.whole != nil, goal.share == nil {
      problems.append(document.problem(at: place, "'value' has too many digits"))
      return nil
    }
    return goal
  }

  private mutating func population(_ node: Node?) -> String? {
    guard let node, let text = node.text, !text.isEmpty else { return nil }
    if let fault = filterCheck?(text) { problems.append(TargetChecks.problem(fault, in: node, text, document)) }
    return text
  }

  private mutating func purposes(_ node: Node?) -> [Purpose] {
    guard let node else { return [] }
    var purposes: [Purpose] = []
    for element in node.elements {
      guard let purpose: Purpose = word(element) else { continue }
      if purpose == .screening {
        problems.append(document.problem(at: element, "'screening' never enters a pass rate"))
      }
      if purposes.contains(purpose) {
        problems.append(document.problem(at: element, "the purpose '\(purpose.rawValue)' is named twice"))
      }
      purposes.append(purpose)
    }
    return purposes
  }

  private mutating func alpha(_ node: Node?) -> ExactDecimal {
    guard let node, let alpha = decimal(node) else { return QualityTarget.defaultAlpha }
    if alpha.mantissa <= 0 || ExactDecimal.compare(alpha, ExactDecimal(mantissa: 5, scale: 1)) > 0 {
      problems.append(document.problem(at: node, "'alpha' must be above 0 and at most 0.5, found \(alpha)"))
    }
    return alpha
  }

  // MARK: Values; what does not parse is the schema's problem

  private func day(_ node: Node?) -> CalendarDay? { node?.text.flatMap { CalendarDay(iso: $0) } }
  private func decimal(_ node: Node) -> ExactDecimal? { node.text.flatMap { ExactDecimal(plain: $0) } }
  private func number(_ node: Node?) -> Int? { node?.text.flatMap { Int($0) } }
  private func flag(_ node: Node?) -> Bool { node?.text == "true" }
  private func texts(_ node: Node?) -> [String] { (node?.elements ?? []).compactMap(\.text) }
  private func word<T: RawRepresentable<String>>(_ node: Node?) -> T? { node?.text.flatMap { T(rawValue: $0) } }
}
