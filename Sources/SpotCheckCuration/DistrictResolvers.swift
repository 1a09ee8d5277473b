import SpotCheckModel
import Synchronization

/// The district resolvers of one set of code tables, each made when it is first asked for.
///
/// Names and aliases of all districts, normalised and sorted, take two milliseconds to make: as long as the rows of a small file.
final class DistrictResolvers: Sendable {
  private struct Key: Hashable {
    var districts: String
    var parks: String?
  }

  private let tables: CodeTables
  private let made = Mutex<[Key: DistrictResolver]>([:])

  init(_ tables: CodeTables) { self.tables = tables }

  /// The resolver of a table of districts, and of one of parks, if there is one; nil without the first.
  func resolver(districts: String, parks: String?) -> DistrictResolver? {
    guard let table = tables[districts] else { return nil }
    let parkTable = parks.flatMap { tables[$0] }
    let key = Key(districts: districts, parks: parkTable.map { _ in parks } ?? nil)
    return made.withLock { made in
      if let known = made[key] { return known }
      let resolver = DistrictResolver(districts: table, parks: parkTable)
      made[key] = resolver
      return resolver
    }
  }
}
