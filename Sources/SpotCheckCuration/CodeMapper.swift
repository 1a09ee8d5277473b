import SpotCheckModel

/// What a delivered text became in a dated code table.
struct CodeOutcome: Sendable, Equatable {
  /// The code that counts; ``CodeTable/unmappedCode`` if the text is in no table.
  var code: String
  /// Code of the development-zone park that the text named; empty if none.
  var park = ""
  /// The delivered code or name was not in use on the day.
  var isRetired = false
  var isAmbiguous = false
  var isUnknown = false

  static let unknown = CodeOutcome(code: CodeTable.unmappedCode, isUnknown: true)
  static let ambiguous = CodeOutcome(code: CodeTable.unmappedCode, isAmbiguous: true, isUnknown: true)
}

/// Maps delivered texts to codes, on the day that the sample was taken.
struct CodeMapper: Sendable {
  let table: CodeTable

  init(table: CodeTable) { self.table = table }

  /// Whole-value lookup by code, name or alias.
  func map(_ text: String, on day: CalendarDay?) -> CodeOutcome {
    switch table.resolve(text, on: day) {
    case .code(let code): return CodeOutcome(code: code)
    case .retired(let code): return CodeOutcome(code: inForce(code, on: day), isRetired: true)
    case .ambiguous: return .ambiguous
    case .unknown: return .unknown
    }
  }

  /// A category in several columns from the top level down: the deepest that maps counts. Names that stand in
  /// several branches (其他) are told apart by the columns above them.
  func map(path: [String], on day: CalendarDay?) -> CodeOutcome {
    var isAmbiguous = false
    for index in path.indices.reversed() where !path[index].isEmpty {
      switch table.resolve(path[index], on: day) {
      case .code(let code): return CodeOutcome(code: code)
      case .retired(let code): return CodeOutcome(code: inForce(code, on: day), isRetired: true)
      case .unknown: continue
      case .ambiguous(let codes):
        var above: Set<String> = []
        for upper in path[..<index] where !upper.isEmpty {
          switch table.resolve(upper, on: day) {
          case .code(let code), .retired(let code): above.insert(code)
          case .ambiguous(let several): above.formUnion(several)
          case .unknown: continue
          }
        }
        let fitting = codes.filter { !above.isDisjoint(with: ancestors(of: $0)) }
        if fitting.count == 1 { return CodeOutcome(code: fitting[0]) }
        isAmbiguous = true
      }
    }
    return isAmbiguous ? .ambiguous : .unknown
  }

  /// The code that stands in the place of one that was not in use on `day`: the successor then in force (湟中县 in
  /// 2021), or the predecessor (湟中区 in 2018). Several or none: the code itself, which at least has a name.
  func inForce(_ code: String, on day: CalendarDay?) -> String {
    guard let day else {
      let now = table.current(code)
      return now.count == 1 ? now[0] : code
    }
    let later = reachable(from: code) { table in
      { code in
        table.entries.filter { $0.code == code }.flatMap(\.successors)
      }
    }
    let successors = later.filter { candidate in isInForce(candidate, day) }
    if successors.count == 1 { return successors[0] }
    if !successors.isEmpty { return code }
    let earlier = reachable(from: code) { table in
      { code in
        table.entries.filter { $0.successors.contains(code) && $0.code != code }.map(\.code)
      }
    }
    let predecessors = earlier.filter { candidate in isInForce(candidate, day) }
    return predecessors.count == 1 ? predecessors[0] : code
  }

  private func isInForce(_ code: String, _ day: CalendarDay) -> Bool {
    table.entries.contains { $0.code == code && $0.isValid(on: day) }
  }

  private func reachable(from code: String, _ step: (CodeTable) -> (String) -> [String]) -> [String] {
    let next = step(table)
    var seen: Set<String> = [code]
    var result: [String] = []
    var pending = next(code)
    while let candidate = pending.popLast() {
      guard seen.insert(candidate).inserted else { continue }
      result.append(candidate)
      pending.append(contentsOf: next(candidate))
    }
    return result.sorted()
  }

  /// The codes above a code.
  func ancestors(of code: String) -> [String] {
    var result: [String] = []
    var current = code
    while let entry = table.entry(current), !entry.parent.isEmpty, result.count < 32 {
      result.append(entry.parent)
      current = entry.parent
    }
    return result
  }
}
