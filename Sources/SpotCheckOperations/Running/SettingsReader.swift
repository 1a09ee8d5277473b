import SpotCheckModel
import SpotCheckPipeline

/// Turns the document of `operations.yaml`, whose keys and types are checked, into settings. Collects every problem.
struct SettingsReader {
  typealias Node = PipelineDocument.Node

  private let document: PipelineDocument
  private(set) var problems: [PipelineProblem] = []

  init(_ document: PipelineDocument) { self.document = document }

  mutating func read() -> OperationSettings {
    let root = document.root
    var settings = OperationSettings()
    set(&settings.stability, seconds(root["stability"]))
    settings.ignoreAlso = texts(root["ignore"]?["add"])
    settings.ignoreNot = texts(root["ignore"]?["remove"])
    set(&settings.done, word(root["done"]))
    for entry in root["done_by_bureau"]?.entries ?? [] { settings.doneByBureau[entry.key] = word(entry.value) }
    set(&settings.doneTimeout, seconds(root["done_timeout"]))
    set(&settings.attempts, number(root["attempts"]))
    settings.jobs = number(root["jobs"])
    settings.maximumFiles = number(root["limits"]?["files"])
    settings.maximumBytes = bytes(root["limits"]?["bytes"])
    settings.maximumSeconds = seconds(root["limits"]?["seconds"])
    settings.freeFloor = bytes(root["limits"]?["free"])
    if let gates = root["gates"] { settings.gates = readGates(gates) }
    for entry in root["freshness"]?.entries ?? [] { settings.freshness[entry.key] = rule(entry.value) }
    if let hooks = root["hooks"] { settings.hooks = readHooks(hooks) }
    settings.metricsFile = root["metrics"]?.text
    set(&settings.logFormat, word(root["log"]))
    settings.seal = root["seal"]?.text
    if let place = root["seal"], let path = place.text, !path.hasPrefix("/") {
      problems.append(document.problem(at: place, "'seal' must name its file by its full path"))
    }
    if let compact = root["compact"]?.text { settings.compacts = compact == "true" }
    readPoll(root["poll"], &settings.poll)
    readHealth(root["health"], &settings.health)
    return settings
  }

  // MARK: Parts

  private mutating func readGates(_ node: Node) -> GateSettings {
    var gates = GateSettings()
    set(&gates.action, action(node["gate"]))
    if let all = node["all"] { gates.all = limits(all) }
    for entry in node["bureaus"]?.entries ?? [] { gates.byBureau[entry.key] = limits(entry.value) }
    return gates
  }

  private mutating func limits(_ node: Node) -> GateLimits {
    var limits = GateLimits()
    limits.rejectRate = share(node["max_reject_rate"])
    limits.rejectCount = number(node["max_reject_count"])
    for entry in node["codes"]?.entries ?? [] {
      guard let code = DiagnosticCode(rawValue: entry.key) else { continue }
      limits.codes[code] =
        if case .map = entry.value.content {
          CodeLimit(count: number(entry.value["max_count"]), rate: share(entry.value["max_rate"]))
        } else {
          CodeLimit(count: number(entry.value))
        }
    }
    limits.unmappedShare = share(node["max_unmapped_share"])
    if let drop = node["row_drop"], let most = share(drop["max"]) {
      var limit = RowDropLimit(share: most)
      set(&limit.last, number(drop["last"]))
      set(&limit.atLeast, number(drop["at_least"]))
      set(&limit.minimumRows, number(drop["min_rows"]))
      set(&limit.action, action(drop["gate"]))
      if limit.atLeast > limit.last {
        problems.append(document.problem(at: drop, "'at_least' is more than 'last': nothing would ever be said"))
      }
      limits.rowDrop = limit
    }
    return limits
  }

  private mutating func action(_ node: Node?) -> GateSettings.Action? {
    guard let node else { return nil }
    if node.text == "run" {
      problems.append(
        document.problem(
          at: node,
          "there is no gate over a whole run: its files are published one by one, so what is visible would have to be "
            + "taken back; use 'file' or 'warn'"))
    }
    return word(node)
  }

  private mutating func rule(_ node: Node) -> FreshnessRule? {
    guard let every: FreshnessRule.Every = word(node["every"]) else { return nil }
    let rule = FreshnessRule(
      every: every, warnAfter: number(node["warn_after"]), errorAfter: number(node["error_after"]),
      since: node["since"]?.text.flatMap { CalendarDay(iso: $0) })
    if rule.warnAfter == nil, rule.errorAfter == nil {
      problems.append(document.problem(at: node, "says neither 'warn_after' nor 'error_after'"))
    }
    if let warn = rule.warnAfter, let error = rule.errorAfter, warn > error, let place = node["warn_after"] {
      problems.append(document.problem(at: place, "'warn_after' is later than 'error_after'"))
    }
    return rule
  }

  private mutating func readHooks(_ node: Node) -> HookSettings {
    var hooks = HookSettings()
    hooks.onSuccess = texts(node["on_success"])
    hooks.onFailure = texts(node["on_failure"])
    hooks.onQuarantine = texts(node["on_quarantine"])
    set(&hooks.timeout, seconds(node["timeout"]))
    for name in ["on_success", "on_failure", "on_quarantine"] {
      // Cron's working folder is / and its PATH is short: a name that depends on them works by day only.
      guard let list = node[name], let program = list.elements.first, let text = program.text,
        !text.hasPrefix("/")
      else { continue }
      problems.append(document.problem(at: program, "'\(name)' must name its program by its full path"))
    }
    return hooks
  }

  private mutating func readPoll(_ node: Node?, _ poll: inout PollSettings) {
    set(&poll.minimum, seconds(node?["min"]))
    set(&poll.maximum, seconds(node?["max"]))
    guard let node else { return }
    if poll.minimum < 0.1 { problems.append(document.problem(at: node, "'min' must be 0.1s or more")) }
    if poll.maximum < poll.minimum { problems.append(document.problem(at: node, "'max' is less than 'min'")) }
  }

  private mutating func readHealth(_ node: Node?, _ health: inout HealthLimits) {
    set(&health.lock, seconds(node?["lock"]))
    set(&health.success, seconds(node?["success"]))
    set(&health.pending, seconds(node?["pending"]))
    set(&health.quarantined, number(node?["quarantined"]))
  }

  // MARK: Values

  private func set<T>(_ target: inout T, _ value: T?) { if let value { target = value } }
  private func number(_ node: Node?) -> Int? { node?.text.flatMap { Int($0) } }
  private func texts(_ node: Node?) -> [String] { (node?.elements ?? []).compactMap(\.text) }
  private func word<T: RawRepresentable<String>>(_ node: Node?) -> T? { node?.text.flatMap { T(rawValue: $0) } }

  private mutating func seconds(_ node: Node?) -> Double? {
    guard let node, let text = node.text else { return nil }
    if let seconds = Quantity.seconds(text) { return seconds }
    problems.append(document.problem(at: node, "expected a duration (10s, 30min, 2h, 1d), found '\(text)'"))
    return nil
  }

  private mutating func bytes(_ node: Node?) -> Int64? {
    guard let node, let text = node.text else { return nil }
    if let bytes = Quantity.bytes(text) { return bytes }
    problems.append(document.problem(at: node, "expected a size (64K, 500M, 2G), found '\(text)'"))
    return nil
  }

  private mutating func share(_ node: Node?) -> ExactDecimal? {
    guard let node, let text = node.text, let value = ExactDecimal(plain: text) else { return nil }
    if value.mantissa >= 0, ExactDecimal.compare(value, ExactDecimal(mantissa: 1, scale: 0)) <= 0 { return value }
    problems.append(document.problem(at: node, "must lie in 0 … 1, found \(text)"))
    return nil
  }
}
