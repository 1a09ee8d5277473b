import SpotCheckModel

extension FieldTarget {
  /// Dense number of a field, for arrays. A constant for a literal case; not stored anywhere.
  @inline(__always)
  var slot: Int {
    switch self {
    case .samplingNumber: 0
    case .reportNumber: 1
    case .version: 2
    case .purpose: 3
    case .level: 4
    case .stage: 5
    case .category: 6
    case .section: 7
    case .product: 8
    case .tradeMark: 9
    case .specification: 10
    case .lot: 11
    case .barcode: 12
    case .producer: 13
    case .producerCode: 14
    case .producerDistrict: 15
    case .unit: 16
    case .unitCode: 17
    case .unitDistrict: 18
    case .park: 19
    case .lab: 20
    case .programme: 21
    case .sampledDay: 22
    case .receivedDay: 23
    case .reportedDay: 24
    case .sampleVerdict: 25
    case .remark: 26
    case .itemNumber: 27
    case .analyte: 28
    case .value: 29
    case .valueUnit: 30
    case .detectionLimit: 31
    case .detectionCondition: 32
    case .limit: 33
    case .limitLow: 34
    case .limitHigh: 35
    case .limitUnit: 36
    case .method: 37
    case .basis: 38
    case .comparison: 39
    case .hazard: 40
    case .itemVerdict: 41
    case .items: 42
    }
  }

  static let slotCount = 43
  /// Sample fields come first.
  static let sampleSlotCount = 27

  /// The samples column that holds the field's text, word or days' neighbour; nil where it goes elsewhere.
  var sampleColumn: SampleText? {
    switch self {
    case .version: .versionKind
    case .purpose: .purpose
    case .level: .level
    case .stage: .stage
    case .category: .categoryText
    case .section: .section
    case .product: .product
    case .tradeMark: .tradeMark
    case .specification: .specification
    case .lot: .lot
    case .barcode: .barcode
    case .producer: .producerName
    case .producerCode: .producerCode
    case .producerDistrict: .producerDistrictText
    case .unit: .unitName
    case .unitCode: .unitCode
    case .unitDistrict: .unitDistrictText
    case .lab: .lab
    case .programme: .programme
    default: nil
    }
  }

  /// How the field's text is interpreted.
  var kind: FieldKind {
    switch self {
    case .samplingNumber, .reportNumber: .number
    case .unitCode, .producerCode: .enterprise
    case .barcode: .article
    case .version: .word("versions")
    case .purpose: .word("purposes")
    case .level: .word("levels")
    case .stage: .word("stages")
    case .comparison: .word("comparisons")
    case .hazard: .word("hazards")
    case .sampleVerdict, .itemVerdict: .verdict
    case .sampledDay, .receivedDay, .reportedDay: .day
    case .category, .unitDistrict, .producerDistrict, .park: .code
    case .remark: .remark
    case .analyte: .analyte
    case .value: .result
    case .detectionLimit: .detection
    case .detectionCondition: .condition
    case .limit, .limitHigh: .limit
    case .limitLow: .lowerLimit
    case .valueUnit, .limitUnit: .unit
    case .items: .combined
    default: .text
    }
  }
}

/// Families of fields that are interpreted alike.
enum FieldKind: Sendable, Equatable {
  case text, number, enterprise, article, verdict, day, code, remark
  case analyte, result, detection, condition, limit, lowerLimit, unit, combined
  case word(String)
}
