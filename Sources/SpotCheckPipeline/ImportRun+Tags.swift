public import SpotCheckCatalogue

extension ImportRun {
  /// Tags the snapshot that `asOf` means (nil: the newest).
  ///
  /// - Throws: ``CatalogueError``; see ``Catalogue/tag(_:_:time:)``.
  public func tag(_ tag: String, asOf: String?) throws -> SnapshotNumber {
    let number = try catalogue.resolve(asOf: asOf)
    try catalogue.tag(number, tag, time: ImportRun.milliseconds())
    return number
  }

  /// Takes a tag away; returns the snapshot that had it.
  public func untag(_ tag: String) throws -> SnapshotNumber {
    try catalogue.untag(tag, time: ImportRun.milliseconds())
  }
}
