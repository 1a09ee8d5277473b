/// Words that depend on the store and the program, asked for when the tab key is pressed.
public protocol SessionVocabulary {
  var dimensions: [String] { get }
  /// Of snapshots: tags and numbers, newest first.
  var snapshots: [String] { get }
  /// Of kept questions.
  var questions: [String] { get }
  func parameters(ofQuestion name: String) -> [String]
  /// Of filters.
  var columns: [String] { get }
  /// Codes and names that a column is compared with.
  func values(ofColumn name: String) -> [String]
  /// Paths that begin so; folders end in `/`.
  func paths(_ beginning: String) -> [String]
}
