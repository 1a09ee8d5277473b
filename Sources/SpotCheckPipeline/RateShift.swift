import SpotCheckCatalogue
import SpotCheckModel
import SpotCheckStore

/// A rate by category and district that a change of the store would change.
public struct RateShift: Sendable, Hashable {
  /// Samples of one category and district.
  public struct Cell: Sendable, Hashable {
    public var passed = 0
    public var inspected = 0
    public init() {}
  }

  /// Codes; ``CodeTable/unmappedCode`` for what is in no table.
  public var category: String
  public var district: String
  /// The names of today's tables; the codes if they have none.
  public var categoryName: String
  public var districtName: String
  public var before = Cell()
  public var after = Cell()

  /// A segment with its rows that do not count.
  struct Rows {
    var closed: [UInt32: SupersessionReason]
    var open: () throws -> Segment
  }

  private struct Key: Hashable {
    var category: String
    var district: String
  }

  /// The cells that differ, by code of category and district.
  static func between(
    _ before: [Rows], _ purposesBefore: CodeTable?, _ after: [Rows], _ purposesAfter: CodeTable?, names: [CodeTable]
  ) throws -> [RateShift] {
    let (old, new) = (try count(before, purposesBefore), try count(after, purposesAfter))
    func name(_ code: String, _ table: String) -> String {
      if code == CodeTable.unmappedCode { return CodeTable.unmappedName }
      return names.first { $0.name == table }?.name(of: code) ?? code
    }
    return Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.map { key in
      RateShift(
        category: key.category, district: key.district, categoryName: name(key.category, "categories"),
        districtName: name(key.district, "districts"), before: old[key] ?? Cell(), after: new[key] ?? Cell())
    }.sorted { ($0.category, $0.district) < ($1.category, $1.district) }
  }

  private static func count(_ segments: [Rows], _ purposes: CodeTable?) throws -> [Key: Cell] {
    var cells: [Key: Cell] = [:]
    for rows in segments {
      let segment = try rows.open()
      let classes = try segment.sampleClasses { SampleClass.isScreening(purpose: $0, in: purposes) }
      let categories = try segment.dictionary(of: SampleText.category)
      let districts = try segment.dictionary(of: SampleText.district)
      let categoryCodes = try segment.codes(of: SampleText.category)
      let districtCodes = try segment.codes(of: SampleText.district)
      for (row, sampleClass) in classes.enumerated() where rows.closed[UInt32(row)] == nil {
        guard let sampleClass, sampleClass.isInspected else { continue }
        let key = Key(
          category: categories[Int(categoryCodes[row])], district: districts[Int(districtCodes[row])])
        cells[key, default: Cell()].inspected += 1
        if sampleClass == .passed { cells[key, default: Cell()].passed += 1 }
      }
    }
    return cells
  }
}
