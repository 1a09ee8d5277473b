import SpotCheckModel

/// Delivered text as answers show it: persons hidden (``PersonalData``). Filters and groups work on the text as stored.
///
/// Codes and words of closed vocabularies, and periods, cannot hold a person and are left alone. A sampling number is what a sample is
/// found by; only a unit's name in front of one that was joined from other columns is hidden.
enum ShownText {
  static func of(_ text: String, _ column: SampleText) -> String {
    switch column {
    case .unitName, .producerName: PersonalData.maskedIfPerson(text)
    case .batch, .bureau: text
    default: PersonalData.masked(text)
    }
  }

  static func of(_ text: String, _ column: SamplePlainText) -> String {
    switch column {
    case .samplingNumber: PersonalData.maskedKey(text)
    case .reportNumber: text
    }
  }

  /// A group's code or name.
  static func of(_ text: String, _ dimension: Dimension) -> String {
    if case .period = dimension.kind.source { return text }
    return switch dimension.kind {
    case .unit, .producer: PersonalData.maskedIfPerson(text)
    case .batch, .purpose: text
    default: PersonalData.masked(text)
    }
  }

  /// Code and name of every dimension, as cells.
  static func cells(_ codes: [String], _ names: [String], _ dimensions: [Dimension]) -> [ReportCell] {
    var cells: [ReportCell] = []
    var texts = ShownGroups(dimensions)
    texts.append(codes, names, to: &cells)
    return cells
  }
}

/// Codes and names of one group after the other. Rows are sorted by them, so most say what the row before said.
struct ShownGroups {
  private let dimensions: [Dimension]
  // Of every dimension, as they are and as they are shown. Four arrays, because copying a pair of texts asks the runtime how.
  private var codes: [String]
  private var names: [String]
  private var shownCodes: [String]
  private var shownNames: [String]

  init(_ dimensions: [Dimension]) {
    self.dimensions = dimensions
    codes = dimensions.map { _ in "" }
    (names, shownCodes, shownNames) = (codes, codes, codes)
  }

  /// Appends code and name of every dimension.
  mutating func append(_ codes: [String], _ names: [String], to cells: inout [ReportCell]) {
    for index in dimensions.indices {
      if self.codes[index] != codes[index] || self.names[index] != names[index] {
        self.codes[index] = codes[index]
        self.names[index] = names[index]
        shownCodes[index] = ShownText.of(codes[index], dimensions[index])
        shownNames[index] = ShownText.of(names[index], dimensions[index])
      }
      cells.append(.text(shownCodes[index]))
      cells.append(.text(shownNames[index]))
    }
  }
}
