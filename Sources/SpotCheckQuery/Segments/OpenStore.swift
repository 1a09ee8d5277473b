public import SpotCheckCatalogue
public import SpotCheckStore

/// A store opened for questions: never locked, never changed.
public struct OpenStore {
  public let layout: StoreLayout
  public let catalogue: Catalogue
  /// Also held by every snapshot that was opened.
  private let pin: ReaderPin?

  /// - Throws: ``CatalogueError`` (`missing`, `newerFormat` …).
  public init(_ root: String) throws {
    layout = StoreLayout(root: root)
    // Before the catalogue is asked.
    pin = ReaderPin.take(layout)
    catalogue = try Catalogue.open(path: layout.catalogue, access: .readOnly)
  }

  /// One snapshot. Nil: the newest.
  ///
  /// - Parameters:
  ///   - asOf: a snapshot number, `vN`, an ISO date or time, a run, or a label.
  ///   - keepsOpen: segments stay open once they were, for whoever asks many questions that read rows.
  public func snapshot(asOf: String? = nil, keepsOpen: Bool = false) throws -> QuerySource {
    let number = try catalogue.resolve(asOf: asOf)
    return try QuerySource(
      catalogue: catalogue, layout: layout, snapshot: number, pin: pin, keepsOpen: keepsOpen
    ) { [layout] json in
      try OpenStore.description(json, layout)
    }
  }

  static func description(_ json: String, _ layout: StoreLayout) throws -> SegmentDescription {
    guard let description = SegmentDescription(json: json) else {
      throw CatalogueError(
        .corrupt, path: layout.catalogue, "the description of a segment cannot be read",
        advice: "Restore the catalogue from a backup.")
    }
    return description
  }

  /// A list of rows of one snapshot, or of what the catalogue remembers.
  public func list(_ query: ListQuery, asOf: String? = nil) throws -> Report {
    switch query.kind {
    case .samples, .items: return try query.report(on: try snapshot(asOf: asOf))
    case .duplicates:
      return try query.report(try duplicateList(asOf: asOf), snapshot: try catalogue.resolve(asOf: asOf))
    case .rejects, .batches, .runs, .unmapped:
      return try query.report(on: catalogue, snapshot: try catalogue.resolve(asOf: asOf))
    }
  }
}
