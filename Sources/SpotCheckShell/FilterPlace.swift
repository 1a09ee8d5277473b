/// What a condition that is being typed wants next: a column, or a value of the column before it.
///
/// Only the tokens before the cursor are looked at, and no grammar: what is offered may be more than what fits, and is
/// checked when the line is run.
struct FilterPlace {
  enum Wants: Hashable {
    case column
    case value(String)
    /// An operator, which is typed faster than chosen.
    case nothing
  }

  /// What stands before the token at the cursor.
  private(set) var kept = ""
  private(set) var wants = Wants.column
  /// Nothing was compared yet.
  private(set) var isFirst = true

  private static let signs: Set<Unicode.Scalar> = [
    "=", "!", "<", ">", ",", "(", ")", "，", "（", "）", "＝", "＜", "＞", "！",
  ]
  private static let joints: Set<String> = ["and", "or", "not"]
  private static let operators: Set<String> = ["in", "like", "between", "is"]

  init(_ typed: String, columns: Set<String>) {
    var column: String?
    var isBehindOperator = false
    var token = String.UnicodeScalarView()
    var quote: Unicode.Scalar?
    var scanned = String.UnicodeScalarView()

    func finish() {
      guard !token.isEmpty else { return }
      let text = String(token)
      token = String.UnicodeScalarView()
      let lower = text.lowercased()
      if column != nil, isBehindOperator, lower == "and" || lower == "or" {
        // `between 1 and 2` is taken for the end of a comparison: then a column is offered too early, no more.
        (column, isBehindOperator, isFirst) = (nil, false, false)
      } else if FilterPlace.joints.contains(lower), column == nil {
        isFirst = false
      } else if column != nil, FilterPlace.operators.contains(lower) {
        isBehindOperator = true
      } else if column == nil, columns.contains(text) {
        column = text
      }
    }

    for scalar in typed.unicodeScalars {
      scanned.append(scalar)
      if let open = quote {
        if scalar == open { quote = nil }
        token.append(scalar)
      } else if scalar == "'" || scalar == "\"" {
        quote = scalar
        token.append(scalar)
      } else if scalar == " " || FilterPlace.signs.contains(scalar) {
        finish()
        if scalar != " ", column != nil, !["(", ")", "（", "）", ",", "，"].contains(scalar) { isBehindOperator = true }
        kept = String(scanned)
      } else {
        token.append(scalar)
      }
    }
    if let column { wants = isBehindOperator ? .value(column) : .nothing }
  }
}
