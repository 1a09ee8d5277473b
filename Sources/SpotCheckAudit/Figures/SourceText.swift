/// A text with full-width digits and signs made ASCII, scalar by scalar, so that places stay what they are.
///
/// The full-width comma stays: it parts clauses and never thousands.
struct SourceText: Sendable {
  let scalars: [Unicode.Scalar]
  /// Where each line begins; LF, CR and CR LF end lines.
  private let lineStarts: [Int]
  /// Where the text begins in its document.
  let origin: AuditPosition

  init(_ text: String, origin: AuditPosition = AuditPosition(line: 1, column: 1)) {
    var scalars: [Unicode.Scalar] = []
    scalars.reserveCapacity(text.utf8.count / 2)
    var starts = [0]
    for scalar in text.unicodeScalars {
      if scalar == "\n", scalars.last == "\r" { starts.removeLast() }
      scalars.append(SourceText.plain(scalar))
      if scalar == "\n" || scalar == "\r" { starts.append(scalars.count) }
    }
    self.scalars = scalars
    lineStarts = starts
    self.origin = origin
  }

  private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0xFF0C: return scalar
    case 0xFF01...0xFF5E: return Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    case 0x3000, 0xA0, 0x2002...0x200A, 0x202F: return " "
    case 0xFE6A: return "%"
    // Marks without width hide in pasted text.
    case 0x200B...0x200F, 0x2060, 0xFEFF: return " "
    default: return scalar
    }
  }

  /// The lines as ranges of scalars, without their ends.
  var lines: [Range<Int>] {
    var result: [Range<Int>] = []
    for (index, start) in lineStarts.enumerated() {
      var end = index + 1 < lineStarts.count ? lineStarts[index + 1] : scalars.count
      while end > start, scalars[end - 1] == "\n" || scalars[end - 1] == "\r" { end -= 1 }
      result.append(start..<end)
    }
    return result
  }

  func position(_ index: Int) -> AuditPosition {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= index { low = middle } else { high = middle }
    }
    let column = index - lineStarts[low] + 1
    return AuditPosition(line: origin.line + low, column: low == 0 ? origin.column + column - 1 : column)
  }

  func text(_ range: Range<Int>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[range])
    return String(view)
  }
}
