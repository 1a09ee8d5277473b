import SpotCheckModel

/// Delivered text as answers show it: persons hidden (``PersonalData``). Filters and groups work on the text as stored.
///
/// Codes and words of closed vocabularies cannot hold a person and are left alone. A sampling number is what a sample is
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
    switch dimension.kind {
    case .unit, .producer: PersonalData.maskedIfPerson(text)
    case .batch: text
    default: PersonalData.masked(text)
    }
  }

  /// Appends code and name of every dimension.
  static func append(_ codes: [String], _ names: [String], _ dimensions: [Dimension], to cells: inout [ReportCell]) {
    for (index, dimension) in dimensions.enumerated() {
      cells.append(.text(of(codes[index], dimension)))
      cells.append(.text(of(names[index], dimension)))
    }
  }

  /// Code and name of every dimension, as cells.
  static func cells(_ codes: [String], _ names: [String], _ dimensions: [Dimension]) -> [ReportCell] {
    var cells: [ReportCell] = []
    append(codes, names, dimensions, to: &cells)
    return cells
  }
}
