/// What is wrong with the text of a filter, for a reader of configuration that does not speak the filter language.
public struct FilterFault: Error, Sendable, Hashable {
  public var message: String
  /// Place in the text, counted in Unicode scalars from 0; nil = the text as a whole.
  public var position: Int?

  public init(_ message: String, position: Int? = nil) {
    self.message = message
    self.position = position
  }
}

/// Reads a filter over samples and says what is wrong with it, or nil. Query has the language and gives the function;
/// Pipeline, which may not import Query, calls it.
public typealias FilterCheck = @Sendable (_ text: String) -> FilterFault?
