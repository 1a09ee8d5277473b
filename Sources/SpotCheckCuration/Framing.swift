import SpotCheckModel

/// One analyte column of a wide table.
struct WideColumn: Sendable {
  var column: Int
  var analyte: String
  var unit: String
  /// Delivered limit text; empty if none.
  var limit: String
}

/// A row rule with its columns found and its patterns compiled.
struct BoundRule: Sendable {
  struct Condition: Sendable {
    var column: Int
    /// Empty: the cell is blank.
    var patterns: [GlobPattern]
  }
  var meaning: RowRule.Meaning
  var when: [Condition]
  var unless: [Condition]
  var onlyIn: [Int]
}

/// What the first cell that a rule looks at begins and ends with, where the rule applies. Plain, so that nothing is retained
/// to ask it, row after row.
struct RuleBounds: Sendable {
  /// -1: nothing can be told from a cell alone.
  var column = -1
  var bounds = GlobBounds([])

  init(_ rule: BoundRule) {
    guard let condition = rule.when.first(where: { !$0.patterns.isEmpty }) else { return }
    (column, bounds) = (condition.column, GlobBounds(condition.patterns))
  }
}

/// Which column fills which field, found from the header (or the reader's paths).
struct Framing: Sendable {
  /// False until the header was found.
  var isBound = false
  /// Columns as delivered: header cells, or XML paths.
  var names: [String] = []
  /// Number of columns a record must have: up to the last named one.
  var width = 0
  /// Most cells a record may have without a look at what they hold.
  var fullWidth = 0
  /// Columns of slot `s` in order of preference: `columns[from[s]..<from[s + 1]]`.
  var columns: [Int] = []
  var from: [Int] = Array(repeating: 0, count: FieldTarget.slotCount + 1)
  /// Beside `columns`: a column that section rows set the field from, and that records fill another field from.
  var isForSectionsOnly: [Bool] = []
  /// Runs of columns that the sample fields of a record are read from.
  var sampleRuns: [Range<Int>] = []
  /// Runs of columns that the item fields are read from; empty if an item is not a matter of these cells alone.
  var itemRuns: [Range<Int>] = []
  /// XML: the column that gives items their number, and nothing else does; nil if there is none.
  var itemNumber: Int?
  /// No rule can apply to a row that says the same about its sample as a record, with a number in a cell.
  var rulesRestOnSample = false
  var rules: [BoundRule] = []
  /// Beside ``rules``: what tells a row that a rule does not apply to, without a look at the rule.
  var ruleBounds: [RuleBounds] = []
  var wide: [WideColumn] = []
  /// Column numbers that any field or rule uses.
  var used: Set<Int> = []
  /// Column numbers that the pipeline knows and does not want.
  var ignored: Set<Int> = []
  /// Columns whose cells are masked wherever raw text is shown.
  var personal: [Int: PersonalKind] = [:]
  /// Columns without a name, nothing of which was seen yet, and where their header cells stand.
  var blank: [(column: Int, position: SourcePosition)] = []

  /// Whether one column fills the field, and records read it.
  func isSingleColumn(_ slot: Int) -> Bool {
    from[slot + 1] - from[slot] == 1 && !isForSectionsOnly[from[slot]]
  }

  /// Nobody has said anything about this column.
  func isUnknown(_ column: Int) -> Bool { !used.contains(column) && !ignored.contains(column) }

  /// Binds fields to columns. `names` are as delivered; without a header they are empty and only positions bind.
  static func bind(names: [String], plan: CurationPlan, fields: [FieldPlan], units: UnitConversion) -> Framing {
    var framing = Framing()
    framing.isBound = true
    framing.names = names
    let isPath = plan.header.mode == .paths
    let normalised = names.map { ColumnName(HeaderNames.normalise($0)) }
    framing.fullWidth = names.count
    framing.width = (normalised.lastIndex { !$0.isEmpty } ?? -1) + 1
    for slot in 0..<FieldTarget.slotCount {
      framing.from[slot] = framing.columns.count
      for source in fields[slot].sources {
        for column in find(source, in: normalised, isPath: isPath) where column < max(names.count, 4096) {
          framing.columns.append(column)
          framing.used.insert(column)
        }
      }
    }
    framing.from[FieldTarget.slotCount] = framing.columns.count
    framing.markSectionColumns(plan.rowRules)
    framing.findSampleRuns()
    if !plan.ignored.isEmpty {
      let ignored = plan.ignored.map { ColumnName($0) }
      framing.ignored = Set(normalised.indices.filter { isNamed(normalised[$0], ignored, isPath: isPath) })
    }
    framing.bindPersonal(plan.personal, normalised, fields, isPath: isPath)
    framing.bindRules(plan.rowRules, normalised, isPath: isPath)
    if let wide = plan.wide { framing.bindWide(wide, normalised, isPath: isPath, units: units) }
    return framing
  }

  private mutating func bindPersonal(
    _ columns: PersonalColumns, _ normalised: [ColumnName], _ fields: [FieldPlan], isPath: Bool
  ) {
    for slot in fields.indices where fields[slot].isPersonal {
      for column in self.columns[from[slot]..<from[slot + 1]] { personal[column] = .perhapsPerson }
    }
    if columns.isEmpty { return }
    let names = columns.names.map { ColumnName($0) }
    let numbers = columns.phones.union(columns.identities).map { ColumnName($0) }
    for (column, name) in normalised.enumerated() {
      if Framing.isNamed(name, names, isPath: isPath) {
        personal[column] = .name
      } else if Framing.isNamed(name, numbers, isPath: isPath) {
        personal[column] = .number
      }
    }
  }

  /// Whether a column name, or a step of an XML path or several, is one of some names.
  private static func isNamed(_ name: ColumnName, _ names: [ColumnName], isPath: Bool) -> Bool {
    names.contains { $0 == name || (isPath && $0.stands(in: name)) }
  }

  private mutating func markSectionColumns(_ rules: [RowRule]) {
    isForSectionsOnly = Array(repeating: false, count: columns.count)
    for rule in rules {
      guard case .section(let target) = rule.meaning else { continue }
      let own = from[target.slot]..<from[target.slot + 1]
      for index in own {
        isForSectionsOnly[index] = columns.indices.contains { !own.contains($0) && columns[$0] == columns[index] }
      }
    }
  }

  private static func find(_ source: ColumnReference, in names: [ColumnName], isPath: Bool) -> [Int] {
    switch source {
    case .position(let column): return column >= 0 ? [column] : []
    case .name(let text):
      let name = ColumnName(HeaderNames.normalise(text))
      if name.isEmpty { return [] }
      return names.indices.filter { names[$0] == name || (isPath && name.ends(names[$0])) }
    }
  }

  mutating func bindRules(_ plans: [RowRule], _ names: [ColumnName], isPath: Bool) {
    rules = plans.compactMap { plan in
      func bound(_ conditions: [CellCondition]) -> [BoundRule.Condition]? {
        var result: [BoundRule.Condition] = []
        for condition in conditions {
          guard let column = Framing.find(condition.column, in: names, isPath: isPath).first else { return nil }
          result.append(
            BoundRule.Condition(
              column: column, patterns: condition.patterns.map { GlobPattern(TextFolding.trimmed($0)) }))
        }
        return result
      }
      // A rule about a column that is not there (yet) cannot apply.
      guard let when = bound(plan.when), let unless = bound(plan.unless) else { return nil }
      let only = plan.onlyIn.compactMap { Framing.find($0, in: names, isPath: isPath).first }
      guard only.count == plan.onlyIn.count else { return nil }
      for condition in when + unless { used.insert(condition.column) }
      used.formUnion(only)
      return BoundRule(meaning: plan.meaning, when: when, unless: unless, onlyIn: only)
    }
    ruleBounds = rules.map { RuleBounds($0) }
  }

  private mutating func bindWide(_ plan: WidePlan, _ normalised: [ColumnName], isPath: Bool, units: UnitConversion) {
    var chosen: [Int] = []
    if plan.columns.isEmpty {
      let first =
        plan.afterColumn.flatMap { Framing.find($0, in: normalised, isPath: isPath).first }.map { $0 + 1 } ?? 0
      chosen = normalised.indices.filter { $0 >= first && isUnknown($0) && !normalised[$0].isEmpty }
    } else {
      chosen = plan.columns.flatMap { Framing.find($0, in: normalised, isPath: isPath) }
    }
    let limits = Dictionary(
      plan.limits.map { (CodeTable.normalise($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
    wide = chosen.filter { $0 < names.count }.map { column in
      let parts = AnalyteNames.split(names[column], units: units)
      let analyte = AnalyteNames.normalise(parts.name, units: units)
      let limit = limits[CodeTable.normalise(analyte)] ?? limits[CodeTable.normalise(parts.name)] ?? ""
      return WideColumn(
        column: column, analyte: parts.name, unit: parts.unit.isEmpty ? plan.unit : parts.unit, limit: limit)
    }
    used.formUnion(chosen)
  }

  /// Which groups of required names a row lacks; empty if it is a header.
  static func missing(_ groups: [[String]], in normalised: Set<String>) -> [[String]] {
    groups.filter { group in !group.contains { normalised.contains($0) } }
  }

  /// The groups of names of which a header row must have one each.
  static func requiredGroups(_ plan: CurationPlan, fields: [FieldPlan]) -> [[String]] {
    if !plan.header.required.isEmpty { return plan.header.required.map { $0.map { HeaderNames.normalise($0) } } }
    func names(_ field: FieldPlan) -> [String] {
      field.sources.compactMap { if case .name(let name) = $0 { HeaderNames.normalise(name) } else { nil } }
    }
    let required = fields.filter { $0.required && $0.constant == nil && $0.fallback == nil }.map(names)
      .filter { !$0.isEmpty }
    if !required.isEmpty { return required }
    let number = names(fields[FieldTarget.samplingNumber.slot])
    return number.isEmpty ? [] : [number]
  }
}
