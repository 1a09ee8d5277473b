import SpotCheckModel

/// Tells which decimal numbers match: exactly, whatever their digits. A missing number makes every comparison false except
/// `!=`; nil among the values stands for it (written `''`).
struct DecimalMatcher: Sendable {
  var comparison: FilterComparison
  var values: [ExactDecimal?]

  func matches(_ number: ExactDecimal?) -> Bool {
    guard let number else { return values.contains(nil) ? comparison == .equal : comparison == .notEqual }
    let given = values.compactMap { $0 }
    func holds(_ test: (Int) -> Bool) -> Bool {
      !given.isEmpty && given.allSatisfy { test(ExactDecimal.compare(number, $0)) }
    }
    switch comparison {
    case .equal: return given.contains { ExactDecimal.compare(number, $0) == 0 }
    case .notEqual: return !given.contains { ExactDecimal.compare(number, $0) == 0 }
    case .less: return holds { $0 < 0 }
    case .lessOrEqual: return holds { $0 <= 0 }
    case .greater: return holds { $0 > 0 }
    case .greaterOrEqual: return holds { $0 >= 0 }
    case .like: return false
    }
  }
}
