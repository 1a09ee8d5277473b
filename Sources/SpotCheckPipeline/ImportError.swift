/// The import as a whole cannot go on. Problems of one file are diagnostics, never this.
public struct ImportError: Error, Sendable, CustomStringConvertible {
  public enum Kind: Sendable {
    /// Another run holds the store.
    case locked
    /// There is no store in that folder.
    case noStore
    /// There is something already where a new store was to be made.
    case exists
    /// The pipeline asked for does not exist, or is wrong.
    case pipeline
    /// The rows of a file do not add up: our own mistake, found before anything was published.
    case unbalanced
    /// The delivered file changed while it was read: nothing was recorded, and it may be tried again.
    case changed
    /// The run was asked to stop: nothing of the file was recorded.
    case stopped
  }
  public var kind: Kind
  public var path: String
  public var message: String

  public init(_ kind: Kind, path: String, _ message: String) {
    self.kind = kind
    self.path = path
    self.message = message
  }

  public var description: String { "\(path): \(message)" }
}
