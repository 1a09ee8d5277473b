/// A piece of a clause.
struct ClauseToken: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case word(WordKind)
    /// A number of batches.
    case count(PrintedCount)
    /// About so many batches: no figure to check, but there.
    case vague
    case percent(PrintedPercent)
    case points(PrintedPercent)
    /// A day, a month, a year.
    case date
    /// Any other number: enterprises, classes, money.
    case otherNumber
  }
  var kind: Kind
  var range: Range<Int>
}

/// Cuts a clause into tokens. Work is linear in its length.
struct ClauseLexer {
  let source: SourceText
  private let scalars: ArraySlice<Unicode.Scalar>
  private var tokens: [ClauseToken] = []

  init(_ source: SourceText, _ range: Range<Int>) {
    self.source = source
    scalars = source.scalars[range]
  }

  static func tokens(_ source: SourceText, _ range: Range<Int>) -> [ClauseToken] {
    var lexer = ClauseLexer(source, range)
    lexer.run()
    return lexer.tokens
  }

  private mutating func run() {
    var index = scalars.startIndex
    while index < scalars.endIndex {
      let scalar = scalars[index]
      if let number = ScannedNumber.scan(scalars, at: index) {
        index = append(number, from: index)
      } else if let match = ProseWords.match(scalars, at: index) {
        tokens.append(ClauseToken(kind: .word(match.kind), range: index..<index + match.length))
        index += match.length
      } else {
        if !ClauseLexer.isBlank(scalar) { appendText(index) }
        index += 1
      }
    }
  }

  private mutating func appendText(_ index: Int) {
    if let last = tokens.last, last.kind == .word(.text), last.range.upperBound == index {
      tokens[tokens.count - 1].range = last.range.lowerBound..<index + 1
    } else {
      tokens.append(ClauseToken(kind: .word(.text), range: index..<index + 1))
    }
  }

  /// Blanks, bullets, brackets and quotation marks say nothing.
  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case " ", "\t", "*", "#", "-", "\"", "'", "“", "”", "「", "」", "《", "》", "[", "]", "·", "•", "\n", "\r", "、": true
    default: false
    }
  }

  // MARK: Numbers

  private static let dateUnits = ["年", "月", "日", "号", "季度", "时", "点", "分"]
  private static let batchUnits = ["个批次", "批次", "批", "个样品", "组", "份", "件", "个"]
  private static let vagueBefore: Set<Unicode.Scalar> = ["约", "近", "逾", "超"]
  private static let vagueAfter = ["余", "多", "以上", "以下", "以内", "左右"]

  private mutating func append(_ number: ScannedNumber, from start: Int) -> Int {
    var end = skip(number.end)
    let kind: ClauseToken.Kind
    if isPartOfName(start, number.end) {
      kind = .otherNumber
    } else if take("%", &end) {
      kind = percent(number, .percent, start, end)
    } else if take("‰", &end) {
      kind = percent(number, .perMille, start, end)
    } else if takeAny(["个百分点", "百分点"], &end) {
      kind = PrintedPercent(number, .points, position: source.position(start)).map { .points($0) } ?? .vague
    } else if takeAny(ClauseLexer.dateUnits, &end) {
      kind = .date
    } else {
      kind = count(number, start, &end)
    }
    tokens.append(ClauseToken(kind: kind, range: start..<end))
    return end
  }

  private func percent(_ number: ScannedNumber, _ unit: PrintedPercent.Unit, _ start: Int, _ end: Int)
    -> ClauseToken.Kind
  {
    guard !isVague(start, end), let percent = PrintedPercent(number, unit, position: source.position(start)) else {
      return .vague
    }
    return .percent(percent)
  }

  private func count(_ number: ScannedNumber, _ start: Int, _ end: inout Int) -> ClauseToken.Kind {
    let behind = end
    let isMore = takeAny(["余", "多"], &end)
    let bare = end
    guard takeAny(ClauseLexer.batchUnits, &end) else {
      end = behind
      // A bare number is a count only between 不合格 and the clause's end: 不合格47，
      guard skip(behind) >= scalars.endIndex, isBehindRole,
        let count = PrintedCount(number, position: source.position(start))
      else {
        return .otherNumber
      }
      return isVague(start, behind) ? .vague : .count(count)
    }
    // 5.36批次/千人 is no count; 3 个品种 are no batches.
    let next = skip(end)
    if next < scalars.endIndex, scalars[next] == "/" { return .otherNumber }
    if scalars[bare] == "个", end == bare + 1, next < scalars.endIndex {
      var rest = next
      guard takeAny(["样品", "批次", "不合格", "合格", "抽检"], &rest) else { return .otherNumber }
    }
    if isMore || isVague(start, end) { return .vague }
    guard let count = PrintedCount(number, position: source.position(start)) else { return .vague }
    return .count(count)
  }

  /// Whether the words before say what is counted: 不合格, 不合格样品数为.
  private var isBehindRole: Bool {
    for token in tokens.reversed() {
      guard case .word(let word) = token.kind else { return false }
      switch word {
      case .role: return true
      case .filler, .noun: continue
      default: return false
      }
    }
    return false
  }

  /// GB2762, 2,4-滴, 第3期, 〔2015〕.
  private func isPartOfName(_ start: Int, _ end: Int) -> Bool {
    if start > scalars.startIndex {
      let before = scalars[start - 1]
      if before.properties.isAlphabetic && before.isASCII || "-.第〔[/".unicodeScalars.contains(before) { return true }
    }
    guard end < scalars.endIndex else { return false }
    let after = scalars[end]
    return after.isASCII && after.properties.isAlphabetic || "-〕]:.".unicodeScalars.contains(after)
  }

  private func isVague(_ start: Int, _ end: Int) -> Bool {
    var before = start
    while before > scalars.startIndex, scalars[before - 1] == " " { before -= 1 }
    if before > scalars.startIndex, ClauseLexer.vagueBefore.contains(scalars[before - 1]) { return true }
    var after = skip(end)
    return takeAny(ClauseLexer.vagueAfter, &after)
  }

  private func skip(_ index: Int) -> Int {
    var index = index
    while index < scalars.endIndex, scalars[index] == " " || scalars[index] == "\n" || scalars[index] == "\r" {
      index += 1
    }
    return index
  }

  private func take(_ text: String, _ index: inout Int) -> Bool {
    guard index <= scalars.endIndex, scalars[index...].starts(with: text.unicodeScalars) else { return false }
    index += text.unicodeScalars.count
    return true
  }

  private func takeAny(_ texts: [String], _ index: inout Int) -> Bool {
    for text in texts where take(text, &index) { return true }
    return false
  }
}
