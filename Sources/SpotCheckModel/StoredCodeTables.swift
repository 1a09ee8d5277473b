import Synchronization

/// The code tables of a snapshot by name. Each is made when it is first asked for: most questions need the names of two or three of them.
public struct StoredCodeTables: Sendable, ExpressibleByDictionaryLiteral {
  private let tables: [String: Deferred]

  /// - Parameter makers: by name; called once at most.
  public init(makers: [String: @Sendable () -> CodeTable]) { tables = makers.mapValues { Deferred($0) } }

  public init(_ tables: [String: CodeTable]) {
    self.init(makers: tables.mapValues { table in { table } })
  }

  public init(dictionaryLiteral elements: (String, CodeTable)...) {
    self.init(Dictionary(elements) { _, last in last })
  }

  /// The names, ascending.
  public var names: [String] { tables.keys.sorted() }
  public var isEmpty: Bool { tables.isEmpty }

  public subscript(name: String) -> CodeTable? { tables[name]?.table }

  /// All tables, by ascending name.
  public var all: [CodeTable] { names.compactMap { self[$0] } }

  private final class Deferred: Sendable {
    private let make: @Sendable () -> CodeTable
    private let made = Mutex<CodeTable?>(nil)

    init(_ make: @escaping @Sendable () -> CodeTable) { self.make = make }

    var table: CodeTable {
      made.withLock { made in
        let table = made ?? make()
        made = table
        return table
      }
    }
  }
}
