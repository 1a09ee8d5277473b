import SpotCheckCuration
import SpotCheckModel

/// What the YAML's words stand for, in one place.
enum FieldWords {
  static let fields = FieldTarget.allCases.map(\.rawValue)
  static let itemFields = FieldTarget.allCases.filter(\.isItemField).map(\.rawValue)
  static let dayFields: [FieldTarget] = [.sampledDay, .receivedDay, .reportedDay]

  /// The logical tables every pipeline has; the file is `codes/<name>.csv`.
  static let tables = [
    "districts", "parks", "categories", "bureaus", "purposes", "levels", "stages", "verdicts", "versions", "hazards",
    "analytes", "remarks", "comparisons",
  ]
  static let unitTable = "units"
  /// `table: verbatim` turns a table off.
  static let verbatim = "verbatim"

  /// The table that gives a field's meaning unless the pipeline says otherwise.
  static func defaultTable(_ target: FieldTarget) -> String? {
    switch target {
    case .category: "categories"
    case .unitDistrict, .producerDistrict: "districts"
    case .park: "parks"
    case .purpose: "purposes"
    case .level: "levels"
    case .stage: "stages"
    case .sampleVerdict, .itemVerdict: "verdicts"
    case .version: "versions"
    case .hazard: "hazards"
    case .analyte: "analytes"
    case .remark: "remarks"
    case .comparison: "comparisons"
    default: nil
    }
  }

  /// The closed vocabulary behind a table: its codes, or nil where codes are free.
  static func vocabulary(_ table: String) -> [String]? {
    switch table {
    case "purposes": Purpose.allCases.map(\.rawValue)
    case "levels": TaskLevel.allCases.map(\.rawValue)
    case "stages": Stage.allCases.map(\.rawValue)
    case "verdicts": Verdict.allCases.map(\.rawValue)
    case "versions": VersionKind.allCases.map(\.rawValue)
    case "hazards": HazardClass.allCases.map(\.rawValue)
    case "comparisons": ComparisonRule.allCases.map(\.rawValue)
    case "remarks": RemarkWord.allCases.map(\.rawValue)
    default: nil
    }
  }

  /// Codes below the words of a closed vocabulary: the ones that curation knows, or nil where any will do.
  static func finerWords(_ table: String) -> [String]? {
    switch table {
    case "purposes": nil
    case "verdicts": VerdictDetail.allCases.map(\.rawValue)
    case "versions": VersionDetail.allCases.map(\.rawValue)
    default: []
    }
  }

  static let verdicts = Verdict.allCases.map(\.rawValue)
  static let comparisons = ComparisonRule.allCases.map(\.rawValue)
  static let shapes = RecordShape.allCases.map(\.rawValue)
  static let districtRoles = DistrictRole.allCases.map(\.rawValue)
  static let dateOrders = DateOrder.allCases.map(\.rawValue)
  static let severities = Severity.allCases.map(\.rawValue)
  static let diagnostics = DiagnosticCode.allCases.map(\.rawValue)
  static let skips = ["title", "header", "footer", "blank", "other"]
  static let delimiters = ["auto", ",", "tab", ";", "|"]
  static let quotes = ["\"", "none"]
  static let headerModes = ["named", "none"]
  static let formats = ["csv", "xml"]
  static let encodings = [
    "auto", "utf-8", "gb18030", "gbk", "gb2312", "cp936", "utf-16", "utf-16le", "utf-16be", "windows-1252", "latin1",
    "ascii",
  ]
  static let accounts = ["read", "accepted", "rejected", "duplicate", "blank"]
  static let sampleColumns =
    SampleText.allCases.map(\.name) + SamplePlainText.allCases.map(\.name) + SampleDay.allCases.map(\.name)
    + ["line", "flags", "items"]
  static let itemColumns = ItemText.allCases.map(\.name) + ItemDecimal.allCases.map(\.name) + ["line", "flags"]
}

extension FieldWords {
  /// All fields for the reference page.
  static var allFields: [(name: String, isItem: Bool, table: String?)] {
    FieldTarget.allCases.map { ($0.rawValue, $0.isItemField, defaultTable($0)) }
  }
}
