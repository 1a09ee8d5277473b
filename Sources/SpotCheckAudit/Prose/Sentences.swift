/// A sentence of a text.
struct Sentence: Sendable {
  /// The clauses between commas. A clause with brackets in it is in several pieces.
  var clauses: [[Range<Int>]] = []
  /// What stands in brackets, and the index of the clause it stands in.
  var asides: [(clause: Int, range: Range<Int>)] = []
  var range: Range<Int>
  var paragraph: Int
}

/// Cuts lines into sentences and sentences into clauses. Work is linear in the text.
enum Sentences {
  private static let ends: Set<Unicode.Scalar> = ["。", ";", "!", "?"]
  private static let breaks: Set<Unicode.Scalar> = ["，", ":", "…", "|", "\t"]

  /// - Parameter lines: those that are no tables, in order.
  static func cut(_ source: SourceText, _ lines: [Range<Int>]) -> [Sentence] {
    var result: [Sentence] = []
    for (paragraph, range) in paragraphs(source, lines).enumerated() {
      var start = range.lowerBound
      var index = start
      while index < range.upperBound {
        if ends.contains(source.scalars[index]) {
          append(source, start..<index, paragraph, &result)
          start = index + 1
        }
        index += 1
      }
      append(source, start..<range.upperBound, paragraph, &result)
    }
    return result
  }

  /// A line goes on in the next one if it breaks off behind a comma or a number, or the next begins with a unit.
  private static func paragraphs(_ source: SourceText, _ lines: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for line in lines {
      let trimmed = trim(source, line)
      guard !trimmed.isEmpty else { continue }
      if let last = result.last, line.lowerBound - last.upperBound <= 4, continues(source, last, trimmed) {
        result[result.count - 1] = last.lowerBound..<trimmed.upperBound
      } else {
        result.append(trimmed)
      }
    }
    return result
  }

  private static func trim(_ source: SourceText, _ range: Range<Int>) -> Range<Int> {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high, source.scalars[low] == " " || source.scalars[low] == "\t" { low += 1 }
    while high > low, source.scalars[high - 1] == " " || source.scalars[high - 1] == "\t" { high -= 1 }
    return low..<high
  }

  private static func continues(_ source: SourceText, _ before: Range<Int>, _ next: Range<Int>) -> Bool {
    let last = source.scalars[before.upperBound - 1]
    if last == "，" || last == "," || last == "、" || isDigit(last) { return true }
    let head = source.scalars[next]
    return ["批", "，", "%", "个百分点", "百分点"].contains { head.starts(with: $0.unicodeScalars) }
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0x30 && scalar.value <= 0x39 }

  private static func append(
    _ source: SourceText, _ range: Range<Int>, _ paragraph: Int, _ result: inout [Sentence]
  ) {
    // Most of a document is words: without a digit there is nothing to read.
    guard source.scalars[range].contains(where: isDigit) else { return }
    var sentence = Sentence(range: range, paragraph: paragraph)
    var pieces: [Range<Int>] = []
    var start = range.lowerBound
    var index = start
    func closePiece() { if index > start { pieces.append(start..<index) } }
    func closeClause() {
      closePiece()
      if !pieces.isEmpty { sentence.clauses.append(pieces) }
      pieces = []
    }
    while index < range.upperBound {
      let scalar = source.scalars[index]
      if scalar == "(" {
        // 西宁市(含五区二县)抽检…: the clause goes on behind the brackets.
        let end = closing(source, index, range.upperBound)
        closePiece()
        sentence.asides.append((sentence.clauses.count, index + 1..<max(index + 1, end)))
        index = min(end + 1, range.upperBound)
        start = index
      } else {
        if breaks.contains(scalar) || (scalar == "," && !isThousands(source, index, range)) {
          closeClause()
          start = index + 1
        }
        index += 1
      }
    }
    closeClause()
    result.append(sentence)
  }

  /// The index of the closing bracket, or `end`.
  private static func closing(_ source: SourceText, _ open: Int, _ end: Int) -> Int {
    var depth = 0
    for index in open..<end {
      if source.scalars[index] == "(" { depth += 1 }
      if source.scalars[index] == ")" {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return end
  }

  private static func isThousands(_ source: SourceText, _ comma: Int, _ range: Range<Int>) -> Bool {
    guard comma > range.lowerBound, isDigit(source.scalars[comma - 1]) else { return false }
    for offset in 1...3 {
      guard comma + offset < range.upperBound, isDigit(source.scalars[comma + offset]) else { return false }
    }
    return comma + 4 >= range.upperBound || !isDigit(source.scalars[comma + 4])
  }
}
