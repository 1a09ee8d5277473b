import SpotCheckCuration
import SpotCheckModel

// Layouts: how a kind of file is recognised, read and curated.
extension PlanCompiler {
  mutating func compileLayout(_ node: PipelineDocument.Node, pipeline: String) -> LayoutPlan {
    checkName(node["name"], "layout")
    let name = node["name"]?.text ?? ""
    let reading = compileReading(node)
    let shape = compileShape(node, reading)
    let context = FieldContext(format: reading.format, isHeaderless: reading.isHeaderless, shape: shape)
    let match = compileMatch(node, reading)
    var plan = CurationPlan(
      name: "\(pipeline)/\(name)", bureau: root["bureau"]?.text ?? "", shape: shape, fields: [], tables: tables)
    plan.header = compileHeader(node, reading)
    plan.rowRules = compileRows(node, context)
    plan.continuation = flag("continuation", "continuation", [node], default: false)
    plan.isListing = flag("listing", "listing", [node], default: false)
    plan.fields = compileFields(node, context)
    plan.wide = compileWide(node, context)
    plan.combined = compileCombined(node, plan)
    plan.verdictRules = compileVerdicts(node)
    plan.districtRole = word("district", "district", [node, root], default: DistrictRole.unit)
    plan.placeholders = compilePlaceholders(node)
    plan.severities = compileSeverities(node)
    let readers = readers(of: plan.fields, plan.wide)
    plan.personal = compilePersonal(node, context, readers: readers)
    plan.ignored = compileIgnored(node, context, readers: readers, personal: plan.personal)
    if plan.header.mode == .named { plan.header.required = requiredNames(plan, match, node) }
    checkFields(plan, node)
    return LayoutPlan(
      pipeline: pipeline, name: name, match: match, reading: reading, curation: plan, gate: compileGate(node),
      settings: settings)
  }

  // MARK: Reading

  private mutating func compileReading(_ node: PipelineDocument.Node) -> ReadingPlan {
    let format = pick("format", "format", [node], default: ReadingPlan.Format.csv, show: \.rawValue) {
      $0.text.flatMap { ReadingPlan.Format(rawValue: $0) }
    }
    var plan = ReadingPlan(format: format)
    let foreign = format == .xml ? ["csv", "header", "wide", "continuation"] : ["xml"]
    for key in foreign {
      guard let entry = node.entry(key) else { continue }
      problems.append(document.problem(key: entry, "'\(key)' has no meaning for format \(format.rawValue)"))
    }
    let encoding = pick("encoding", "encoding", [node, root], default: "auto", show: { $0 }) { $0.text }
    plan.encoding = encoding == "auto" ? nil : encoding
    switch format {
    case .csv:
      plan.delimiter = pick(
        "csv.delimiter", "delimiter", [node["csv"]], default: nil, show: { PlanText.delimiter($0) },
        { node -> UInt8?? in
          switch node.text {
          case "auto": .some(nil)
          case "tab": UInt8(ascii: "\t")
          default: node.text?.utf8.first.map { .some($0) }
          }
        })
      plan.quote = pick(
        "csv.quote", "quote", [node["csv"]], default: UInt8(ascii: "\""), show: { $0 == nil ? "none" : "'\"'" },
        { node -> UInt8?? in node.text == "none" ? .some(nil) : UInt8(ascii: "\"") })
      if plan.quote == nil, plan.delimiter == nil, let entry = node["csv"]?.entry("quote") {
        problems.append(document.problem(key: entry, "'quote: none' needs a 'delimiter': it cannot be found out then"))
      }
      plan.isHeaderless = node["header"]?["mode"]?.text == "none"
    case .xml:
      guard let xml = node["xml"] else {
        if let entry = node.entry("format") {
          problems.append(document.problem(key: entry, "format xml needs 'xml: { record: /root/record }'"))
        }
        break
      }
      plan.recordPath = pick("xml.record", "record", [xml], default: "", show: { $0 }) { $0.text }
      checkPath(xml["record"], isAbsolute: true)
      plan.itemPath = pick("xml.items", "items", [xml], default: "", show: { $0.isEmpty ? "none" : $0 }) { $0.text }
      checkPath(xml["items"], isAbsolute: false)
      plan.namespace = pick("xml.namespace", "namespace", [xml], default: nil, show: { $0 ?? "any" }) { .some($0.text) }
    }
    return plan
  }

  private mutating func checkPath(_ node: PipelineDocument.Node?, isAbsolute: Bool) {
    guard let node, let text = node.text, !text.isEmpty else { return }
    if isAbsolute != text.hasPrefix("/") {
      problems.append(
        document.problem(
          at: node,
          isAbsolute
            ? "the record path must begin at the root: '/\(text)'"
            : "the items path is relative to the record: '\(text.drop { $0 == "/" })'"))
      return
    }
    if let fault = PathCheck.fault(text) {
      problems.append(document.problem(at: node, "bad XML path '\(text)': \(fault)"))
    }
  }

  private mutating func compileShape(_ node: PipelineDocument.Node, _ reading: ReadingPlan) -> RecordShape {
    let fallback: RecordShape = reading.format == .xml ? .nested : .samples
    let shape = word("shape", "shape", [node], default: fallback)
    guard let entry = node.entry("shape") else {
      if reading.format == .csv, let place = node.entry("format") ?? node.entry("name") {
        problems.append(
          document.problem(key: place, "a csv layout needs 'shape': samples, items or wide"))
      }
      return shape
    }
    if shape == .nested, reading.format == .csv {
      problems.append(document.problem(at: entry.value, "shape nested is for format xml only"))
    }
    if shape == .wide, reading.format == .xml {
      problems.append(document.problem(at: entry.value, "shape wide is for format csv only"))
    }
    if shape == .wide, node["wide"] == nil {
      problems.append(
        document.problem(at: entry.value, "shape wide needs 'wide: { after: … }' or 'wide: { columns: … }'"))
    }
    if shape == .nested, reading.itemPath.isEmpty {
      problems.append(
        document.problem(.warning, at: entry.value, "shape nested without 'xml.items': no items are read"))
    }
    return shape
  }

  // MARK: Recognition

  private mutating func compileMatch(_ node: PipelineDocument.Node, _ reading: ReadingPlan) -> MatchPlan {
    var match = MatchPlan()
    match.namespace = reading.namespace
    guard let block = node["match"], !block.entries.isEmpty else {
      if let entry = node.entry("match") ?? node.entry("name") {
        problems.append(
          document.problem(
            .warning, key: entry, "the layout has no match condition: every \(reading.format.rawValue) file has it"))
      }
      note("match", "any \(reading.format.rawValue) file", nil)
      return match
    }
    if let entry = block.entry("file") {
      match.files = texts(entry.value)
      note("match.file", PlanText.of(match.files), entry)
      checkNames(entry, "a file name")
    }
    if let entry = block.entry("folder") {
      match.folders = texts(entry.value)
      note("match.folder", PlanText.of(match.folders), entry)
      checkNames(entry, "a folder name")
    }
    if let entry = block.entry("root"), let name = entry.value.text {
      match.root = name
      note("match.root", PlanText.quoted(name), entry)
      if reading.format == .csv {
        problems.append(document.problem(key: entry, "a csv file has no root element: this layout can never match"))
      } else if let first = reading.recordPath.split(separator: "/").first, first != name, first != "*",
        !first.hasPrefix("{")
      {
        problems.append(
          document.problem(
            at: entry.value, "the record path begins at '\(first)', the root is '\(name)': this layout can never match")
        )
      }
    }
    compileHeaderMatch(&match, block, reading)
    return match
  }

  private mutating func compileHeaderMatch(
    _ match: inout MatchPlan, _ block: PipelineDocument.Node, _ reading: ReadingPlan
  ) {
    var seen: Set<String> = []
    for key in ["header", "lacks"] {
      guard let entry = block.entry(key) else { continue }
      for element in entry.value.elements {
        guard let name = element.text, !name.isEmpty else { continue }
        let normalised = HeaderNames.normalise(name)
        if normalised.isEmpty || !seen.insert(normalised).inserted {
          problems.append(document.problem(at: element, "the column name '\(name)' is empty or named twice"))
        } else if key == "header" {
          match.header.append(name)
          match.normalisedHeader.append(normalised)
        } else {
          match.lacks.append(normalised)
        }
      }
      note("match.\(key)", PlanText.of(key == "header" ? match.header : match.lacks), entry)
      if reading.format == .xml {
        problems.append(document.problem(key: entry, "an xml file has no header: this layout can never match"))
      } else if reading.isHeaderless {
        problems.append(document.problem(key: entry, "'match.\(key)' contradicts 'header.mode: none'"))
      }
    }
    if let entry = block.entry("lacks"), block["header"] == nil {
      problems.append(document.problem(key: entry, "'lacks' needs 'header', which tells the row it speaks of"))
    }
  }

  private mutating func checkNames(_ entry: PipelineDocument.Entry, _ what: String) {
    for node in entry.value.elements {
      guard let text = node.text, text.contains("/") else { continue }
      problems.append(
        document.problem(at: node, "bad glob '\(text)': \(what) never holds '/', so this can never match"))
    }
  }

  private mutating func compileHeader(_ node: PipelineDocument.Node, _ reading: ReadingPlan) -> HeaderRule {
    var header = HeaderRule()
    guard reading.format == .csv else {
      header.mode = .paths
      return header
    }
    let block = node["header"]
    header.mode = word("header.mode", "mode", [block], default: HeaderRule.Mode.named)
    if header.mode == .none {
      for key in ["within", "rebinds"] {
        guard let entry = block?.entry(key) else { continue }
        problems.append(document.problem(.warning, key: entry, "'\(key)' has no effect without a header"))
      }
      return header
    }
    header.within = pick("header.within", "within", [block], default: header.within, show: { String($0) }) {
      $0.text.flatMap { Int($0) }.flatMap { (1...10_000).contains($0) ? $0 : nil }
    }
    header.rebinds = flag("header.rebinds", "rebinds", [block], default: true)
    return header
  }

  /// Each name of `match.header` alone, and the aliases of each required field as a group.
  private mutating func requiredNames(
    _ plan: CurationPlan, _ match: MatchPlan, _ node: PipelineDocument.Node
  ) -> [[String]] {
    var groups = match.normalisedHeader.map { [$0] }
    for field in plan.fields where field.required && !field.isPath {
      let names = field.sources.compactMap { source -> String? in
        if case .name(let name) = source { return name }
        return nil
      }
      if !names.isEmpty, !groups.contains(names) { groups.append(names) }
    }
    note("header.required", "[" + groups.map { $0.joined(separator: " or ") }.joined(separator: ", ") + "]", nil)
    if groups.isEmpty, let entry = node.entry("name") {
      problems.append(
        document.problem(
          key: entry,
          "nothing tells the header row: name columns in 'match.header', or give a field 'required: true'"))
    }
    return groups
  }

  // MARK: Rules

  private mutating func compileVerdicts(_ node: PipelineDocument.Node) -> VerdictRules {
    let blocks = [node["verdicts"], root["verdicts"]]
    var rules = VerdictRules()
    rules.withoutItems = word("verdicts.without_items", "without_items", blocks, default: rules.withoutItems)
    rules.withoutLimit = word("verdicts.without_limit", "without_limit", blocks, default: rules.withoutLimit)
    rules.derivesItems = flag("verdicts.derive_items", "derive_items", blocks, default: rules.derivesItems)
    rules.comparison = word("verdicts.comparison", "comparison", blocks, default: rules.comparison)
    return rules
  }

  private mutating func compilePlaceholders(_ node: PipelineDocument.Node) -> Set<String> {
    pick(
      "placeholders", "placeholders", [node, root], default: CurationPlan.defaultPlaceholders,
      show: { "[" + $0.sorted().map { PlanText.quoted($0) }.joined(separator: ", ") + "]" },
      { value in Set(value.elements.compactMap(\.text).map(CodeTable.normalise)) })
  }

  private mutating func compileSeverities(_ node: PipelineDocument.Node) -> [DiagnosticCode: Severity] {
    var result: [DiagnosticCode: Severity] = [:]
    for block in [root["severity"], node["severity"]] {
      for entry in block?.entries ?? [] {
        guard let code = DiagnosticCode(rawValue: entry.key),
          let severity = entry.value.text.flatMap({ Severity(rawValue: $0) })
        else { continue }
        if code.severity == .fatal, severity < .fatal {
          problems.append(
            document.problem(at: entry.value, "\(entry.key) refuses the file (fatal) and cannot be lowered"))
          continue
        }
        result[code] = severity
        note("severity.\(entry.key)", severity.rawValue, entry)
      }
    }
    return result
  }

  private mutating func compileGate(_ node: PipelineDocument.Node) -> RejectGate {
    let blocks = [node["limits"], root["limits"]]
    var gate = RejectGate()
    gate.maximumRate = pick(
      "limits.max_reject_rate", "max_reject_rate", blocks, default: gate.maximumRate,
      show: { (rate: Double) -> String in rate == 1 ? "1" : String(rate) },
      { (node: PipelineDocument.Node) -> Double? in
        guard let rate = node.text.flatMap({ Double($0) }), rate >= 0, rate <= 1 else { return nil }
        return rate
      })
    gate.maximumCount = pick(
      "limits.max_reject_count", "max_reject_count", blocks, default: gate.maximumCount,
      show: { (count: Int) -> String in count == Int.max ? "no limit" : String(count) },
      { (node: PipelineDocument.Node) -> Int? in
        guard let count = node.text.flatMap({ Int($0) }), count >= 0 else { return nil }
        return count
      })
    return gate
  }

  // MARK: Fields together

  private mutating func checkFields(_ plan: CurationPlan, _ node: PipelineDocument.Node) {
    let present = Set(plan.fields.map(\.target))
    guard let place = node.entry("name") ?? node.entry("format") else { return }
    if !present.contains(.samplingNumber) {
      problems.append(
        document.problem(key: place, "the layout has no field 'sampling_number': no sample can be identified"))
    }
    if plan.shape == .items, !present.contains(.analyte), !present.contains(.items) {
      problems.append(document.problem(key: place, "shape items needs the field 'analyte' or 'items'"))
    }
    for target in [FieldTarget.analyte, .value] where plan.shape == .wide {
      guard let entry = node["fields"]?.entry(target.rawValue) else { continue }
      problems.append(
        document.problem(
          .warning, key: entry, "field '\(target.rawValue)' is never used in shape wide: its columns are the analytes"))
    }
    if plan.combined != nil, !present.contains(.items), let entry = node.entry("combined") {
      problems.append(
        document.problem(key: entry, "'combined' needs the field 'items', which says where such cells are"))
    }
    for rule in plan.rowRules {
      if case .section(let target) = rule.meaning, present.contains(target) {
        let field = plan.fields.first { $0.target == target }
        if let field, field.constant != nil, let entry = node.entry("rows") {
          problems.append(
            document.problem(key: entry, "section rows set '\(target.rawValue)', which is a constant"))
        }
      }
    }
  }
}

extension PlanText {
  static func delimiter(_ byte: UInt8?) -> String {
    switch byte {
    case nil: "auto"
    case UInt8(ascii: "\t"): "tab"
    case let byte?: quoted(String(UnicodeScalar(byte)))
    }
  }
}
