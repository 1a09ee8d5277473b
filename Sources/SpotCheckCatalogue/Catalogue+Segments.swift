import GRDB

extension Catalogue {
  /// Every segment that any snapshot has ever shown and that was not swept: what on disk is not litter.
  public func segmentIDs() throws -> Set<String> {
    try read { db in try Set(String.fetchAll(db, sql: "SELECT id FROM segments")) }
  }
}
