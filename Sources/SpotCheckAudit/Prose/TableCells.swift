/// Cells of a line, and numbers in them.
enum TableCells {
  enum Separator: CaseIterable {
    case pipe, tab, comma, blanks
  }

  static func isEmpty(_ source: SourceText, _ line: Range<Int>) -> Bool {
    source.scalars[line].allSatisfy { $0 == " " || $0 == "\t" }
  }

  static func hasDigit(_ source: SourceText, _ cell: Range<Int>) -> Bool {
    source.scalars[cell].contains { $0.value >= 0x30 && $0.value <= 0x39 }
  }

  /// Cells without the blanks around them.
  static func cut(_ source: SourceText, _ line: Range<Int>, _ separator: Separator) -> [Range<Int>] {
    let scalars = source.scalars
    var cells: [Range<Int>] = []
    var start = line.lowerBound
    var index = start
    func close() {
      var (low, high) = (start, index)
      while low < high, scalars[low] == " " || scalars[low] == "\t" { low += 1 }
      while high > low, scalars[high - 1] == " " || scalars[high - 1] == "\t" { high -= 1 }
      cells.append(low..<high)
    }
    while index < line.upperBound {
      let scalar = scalars[index]
      var width = 0
      switch separator {
      case .pipe: width = scalar == "|" ? 1 : 0
      case .tab: width = scalar == "\t" ? 1 : 0
      case .comma: width = scalar == "," ? 1 : 0
      case .blanks:
        while index + width < line.upperBound, scalars[index + width] == " " { width += 1 }
        if width == 1 || index == line.lowerBound { width = 0 }
      }
      if width > 0 {
        close()
        index += width
        start = index
      } else {
        index += 1
      }
    }
    close()
    if separator == .pipe, cells.count >= 2 {
      // The bars at both ends part nothing.
      if cells[0].isEmpty { cells.removeFirst() }
      if let last = cells.last, last.isEmpty, scalars[line].last(where: { $0 != " " }) == "|" { cells.removeLast() }
    }
    return cells
  }

  struct CellNumber {
    var number: ScannedNumber
    var isPerMille = false
    var hasSign = false
  }

  /// The number that fills a cell, with its percent sign or unit; nil if there is none or something else stands there.
  static func number(_ source: SourceText, _ cell: Range<Int>) -> CellNumber? {
    let scalars = source.scalars[cell]
    let body = scalars.drop { $0 == "*" || $0 == " " }
    guard let number = ScannedNumber.scan(body, at: body.startIndex) else { return nil }
    var result = CellNumber(number: number)
    var rest = scalars[number.end...].drop { $0 == " " || $0 == "*" }
    if rest.first == "%" || rest.first == "‰" {
      result.hasSign = true
      result.isPerMille = rest.first == "‰"
      rest = rest.dropFirst()
    } else if rest.starts(with: "批次".unicodeScalars) {
      rest = rest.dropFirst(2)
    } else if rest.first == "批" {
      rest = rest.dropFirst()
    }
    return rest.allSatisfy { $0 == " " || $0 == "*" } ? result : nil
  }
}
