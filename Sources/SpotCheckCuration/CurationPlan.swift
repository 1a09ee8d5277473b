public import SpotCheckModel

/// A pipeline's layout, compiled and complete: what Curation needs to turn raw rows into samples and items.
///
/// Made by the Pipeline room from YAML; nothing in it is optional by accident: defaults are filled in, code tables
/// are loaded, names are normalised (``CodeTable/normalise(_:)``).
public struct CurationPlan: Sendable {
  /// Name of the pipeline and of the layout in it, for diagnostics: `agriculture/wide`.
  public var name: String
  /// Code of the bureau that delivers (a code of the table `bureaus`).
  public var bureau: String
  /// Digest of pipeline and code tables: the mapping version that each batch records.
  public var revision: String
  public var shape: RecordShape
  public var header: HeaderRule
  /// First match decides what a row is; a row that matches none is a record (or blank).
  public var rowRules: [RowRule]
  public var fields: [FieldPlan]
  /// Columns that hold one analyte each (shape ``RecordShape/wide``).
  public var wide: WidePlan?
  /// Cells that hold whole items: `项目║结果║标准值`.
  public var combined: CombinedPlan?
  public var verdictRules: VerdictRules
  /// Which district counts for this bureau.
  public var districtRole: DistrictRole
  /// Texts that mean "nothing", normalised: `/`, `—`, `无` …
  public var placeholders: Set<String>
  /// Columns that are known and deliberately not imported, normalised as header names: never stored, never reported
  /// as unknown. An XML name stands for its element or `@attribute` wherever it is, and for all below it.
  public var ignored: Set<String>
  /// Those of them that hold what belongs to persons.
  public var personal = PersonalColumns()
  /// A blank sampling number continues the row above (merged cells).
  public var continuation: Bool
  /// The file names samples by their outcome: their flag ``SampleFlags/listed`` is set.
  public var isListing = false
  public var tables: CodeTables {
    didSet { districtResolvers = DistrictResolvers(tables) }
  }
  /// What addresses are searched for, which the files of the plan share.
  private(set) var districtResolvers: DistrictResolvers
  /// Severities that the pipeline changed.
  public var severities: [DiagnosticCode: Severity]
  /// Conditions over a record that are reported when they do not hold.
  public var dateOrderIsChecked: Bool

  public init(name: String, bureau: String, shape: RecordShape, fields: [FieldPlan], tables: CodeTables) {
    self.name = name
    self.bureau = bureau
    self.shape = shape
    self.fields = fields
    self.tables = tables
    districtResolvers = DistrictResolvers(tables)
    revision = ""
    header = HeaderRule()
    rowRules = []
    wide = nil
    combined = nil
    verdictRules = VerdictRules()
    districtRole = .unit
    placeholders = CurationPlan.defaultPlaceholders
    ignored = []
    continuation = false
    severities = [:]
    dateOrderIsChecked = true
  }

  /// Texts that mean "nothing" in practice (normalised).
  public static let defaultPlaceholders: Set<String> = [
    "/", "//", "\\", "-", "--", "---", "----", "-----", "—", "——", "———", "————", "_", "__", "、", "无", "空", "n/a", "na",
    "null", "none", "请选择",
  ]
}

/// How raw rows make samples.
public enum RecordShape: String, Sendable, CaseIterable {
  /// One row a sample (its items, if any, in combined cells or one set of item columns).
  case samples
  /// One row an item; rows of one sampling number are one sample, adjacent or not.
  case items
  /// One row a sample, one column an analyte.
  case wide
  /// XML: one record element a sample, nested item elements.
  case nested
}

/// How column names are found.
public struct HeaderRule: Sendable {
  public enum Mode: String, Sendable, CaseIterable {
    /// A row that holds all `required` names.
    case named
    /// There is no header; columns are `#1`, `#2` …
    case none
    /// Names come from the reader (XML paths).
    case paths
  }
  public var mode: Mode = .named
  /// Normalised names of which each group must have one in the header row (a field's aliases are a group).
  public var required: [[String]] = []
  /// The header must appear within this many rows; every row above it is reported as a title row.
  public var within: Int = 30
  /// A later row that is a header again binds the columns anew (one header per sheet).
  public var rebinds: Bool = true
  public init() {}
}

/// What a row is, told from its cells.
public struct RowRule: Sendable {
  public enum Meaning: Sendable, Hashable {
    /// Not a record, counted as `blank` in the accounts; the word says why (`title`, `footer`, `other`).
    case skip(String)
    /// Sets a field for the rows below until the next section row or header. The value is the cell of the field's own
    /// column if it names one, else the last cell of `onlyIn`, else the first cell that is not blank. In records the
    /// field's own columns come first (unless they fill another field), and the section's value where they are blank.
    case section(FieldTarget)
    /// A record.
    case record
  }
  public var meaning: Meaning
  /// All of these cells must match.
  public var when: [CellCondition] = []
  /// None of these cells may match all together (the rule applies where `unless` does not hold).
  public var unless: [CellCondition] = []
  /// If not empty: every cell outside these columns is blank and the last of them is not.
  public var onlyIn: [ColumnReference] = []
  public init(_ meaning: Meaning) { self.meaning = meaning }
}

public struct CellCondition: Sendable {
  public var column: ColumnReference
  /// Glob patterns over the trimmed text, case does not matter: `*` any run, `?` one character, `#` one digit.
  /// One of them must match the whole text. Empty list: the cell is blank.
  public var patterns: [String]
  public init(column: ColumnReference, patterns: [String]) {
    self.column = column
    self.patterns = patterns
  }
}

/// A delivered column.
public enum ColumnReference: Sendable, Hashable {
  /// By normalised header name; an XML path matches if equal or if it ends in `/` + name.
  case name(String)
  /// By position, from 0 (`#1` in YAML is 0 here).
  case position(Int)
}

/// A canonical field that a delivered column can fill.
public enum FieldTarget: String, Sendable, CaseIterable, Hashable {
  // Sample
  case samplingNumber = "sampling_number"
  case reportNumber = "report_number"
  case version, purpose, level, stage, category, section, product
  case tradeMark = "trade_mark"
  case specification, lot, barcode
  case producer
  case producerCode = "producer_code"
  case producerDistrict = "producer_district"
  case unit
  case unitCode = "unit_code"
  case unitDistrict = "unit_district"
  case park, lab, programme
  case sampledDay = "sampled_day"
  case receivedDay = "received_day"
  case reportedDay = "reported_day"
  case sampleVerdict = "verdict"
  /// Free text that marks objections, withdrawals, unlicensed producers … read through the table `remarks`.
  case remark
  // Item
  case itemNumber = "item_number"
  case analyte
  case value, valueUnit = "value_unit"
  case detectionLimit = "detection_limit"
  case detectionCondition = "detection_condition"
  case limit
  case limitLow = "limit_low"
  case limitHigh = "limit_high"
  case limitUnit = "limit_unit"
  case method, basis, comparison, hazard
  case itemVerdict = "item_verdict"
  /// A cell with whole items, read by ``CombinedPlan``.
  case items

  /// Fields of one test, not of the sample.
  public var isItemField: Bool {
    switch self {
    case .itemNumber, .analyte, .value, .valueUnit, .detectionLimit, .detectionCondition, .limit, .limitLow,
      .limitHigh, .limitUnit, .method, .basis, .comparison, .hazard, .itemVerdict, .items:
      true
    default: false
    }
  }
}

/// How one canonical field is filled.
public struct FieldPlan: Sendable {
  public var target: FieldTarget
  /// Delivered columns in order of preference: the first that exists and is not blank gives the value.
  public var sources: [ColumnReference] = []
  /// With `join`, all sources are joined by this text instead.
  public var join: String?
  /// Category given as several columns from the top level down: the deepest that maps counts.
  public var isPath = false
  /// Value without any column.
  public var constant: String?
  /// Value where the column is blank.
  public var fallback: String?
  /// A blank value rejects the record (``DiagnosticCode/cellRequired``).
  public var required = false
  /// A blank value takes the last value above (merged cells).
  public var fillDown = false
  public var steps: [TextStep] = []
  /// Whole-value words of this pipeline, before any table: normalised text → code or word.
  public var words: [String: String] = [:]
  /// Code table that gives the meaning, or nil: the text stands for itself (verbatim).
  public var table: String?
  /// Glob that the text must match (``DiagnosticCode/cellPattern``).
  public var patterns: [String] = []
  public var maximumLength = 4000
  public var dateOrder: DateOrder = .yearFirst
  /// A person may stand here instead of an organisation: masked in every output unless it looks like one.
  public var isPersonal = false

  public init(_ target: FieldTarget, from sources: [ColumnReference] = []) {
    self.target = target
    self.sources = sources
  }
}

/// A change to a delivered text before it is interpreted; the delivered text is kept beside.
public enum TextStep: Sendable, Hashable {
  case stripPrefix(String)
  case stripSuffix(String)
  /// Keeps what stands before / after the first occurrence; no occurrence: keeps all.
  case before(String)
  case after(String)
  case replace(String, String)
  case upper
}

public enum DateOrder: String, Sendable, CaseIterable {
  /// 2024-3-5, 2024年3月5日, 20240305 …
  case yearFirst = "y/m/d"
  /// 05/03/2024 is the fifth of March.
  case dayFirst = "d/m/y"
  case monthFirst = "m/d/y"
}

/// One column an analyte.
public struct WidePlan: Sendable {
  /// Named analyte columns; empty: every column from `first` on that no field uses.
  public var columns: [ColumnReference] = []
  public var afterColumn: ColumnReference?
  /// Unit of all values unless the header says `名称(mg/kg)`.
  public var unit = ""
  /// Limits by normalised analyte name, as delivered texts.
  public var limits: [String: String] = [:]
  /// A row above the data that holds the limits, recognised by this text in its first non-blank cell.
  public var limitRow: String?
  public init() {}
}

/// The grammar of cells that hold whole items.
public struct CombinedPlan: Sendable {
  /// Parts between separators, in order.
  public var parts: [FieldTarget] = [.analyte, .value, .limit]
  /// `║ ‖ || | ｜ 丨 ︱` unless the pipeline names others.
  public var separators: [String] = ["║", "‖", "||", "|", "｜", "丨", "︱"]
  /// Between items: `；` `;` and line breaks unless the pipeline names others.
  public var between: [String] = ["；", ";", "\n"]
  /// Templates such as `{analyte} {value} (MRL = {limit})`, tried in order before `parts`; white space is elastic,
  /// case does not matter, `{analyte}` takes as much as it can, `{value}` is a number with optional qualifier.
  public var templates: [String] = []
  /// Globs of texts that mean "no items": `None were detected*`.
  public var nothing: [String] = []
  /// Unit of all values, if the cells do not say.
  public var unit = ""
  /// Items named in such a cell without a verdict of their own: failed items' lists are `fail`.
  public var verdict: Verdict?
  public init() {}
}

public enum DistrictRole: String, Sendable, CaseIterable {
  case unit = "sampled_unit"
  case producer
}

/// How a verdict is reached where the delivery leaves it open.
public struct VerdictRules: Sendable {
  /// A sample without items and without a reported conclusion.
  public var withoutItems: Verdict = .undetermined
  /// An item without a limit.
  public var withoutLimit: Verdict = .undetermined
  /// Items whose verdict follows from value and limit when none is reported.
  public var derivesItems = true
  /// Comparison rule unless the item says otherwise (GB/T 8170: full value).
  public var comparison: ComparisonRule = .fullValue
  public init() {}
}

/// The code tables of a plan, by name: `districts`, `parks`, `categories`, `bureaus`, `purposes`, `levels`, `stages`,
/// `verdicts`, `versions`, `hazards`, `analytes`, `remarks`, `comparisons`; and the units.
public struct CodeTables: Sendable {
  public var tables: [String: CodeTable]
  public var units: UnitTable
  public init(tables: [String: CodeTable] = [:], units: UnitTable = UnitTable(entries: [])) {
    self.tables = tables
    self.units = units
  }
  public subscript(_ name: String) -> CodeTable? { tables[name] }

  /// All of them, the units as the code table that stores keep.
  public var all: [CodeTable] { tables.values + (units.entries.isEmpty ? [] : [units.kept]) }
}
