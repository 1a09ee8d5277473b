/// Numbers that fill a whole value: `6,474`, `69.97万`, `2.90 %`, `+0.42`. Anything else is nil.
enum BulletinNumbers {
  static func count(_ text: String, at position: AuditPosition) -> PrintedCount? {
    let scalars = trimmed(text)
    guard let number = ScannedNumber.scan(scalars, at: scalars.startIndex), rest(scalars, number).isEmpty else {
      return nil
    }
    return PrintedCount(number, position: position)
  }

  static func percent(_ text: String, at position: AuditPosition) -> PrintedPercent? {
    let scalars = trimmed(text)
    guard let number = ScannedNumber.scan(scalars, at: scalars.startIndex) else { return nil }
    let sign = rest(scalars, number)
    if sign.elementsEqual(["%"]) { return PrintedPercent(number, .percent, position: position) }
    if sign.elementsEqual(["‰"]) { return PrintedPercent(number, .perMille, position: position) }
    return nil
  }

  static func points(_ text: String, at position: AuditPosition) -> PrintedPercent? {
    var scalars = trimmed(text)
    let isNegative = scalars.first == "-" || scalars.first == "−"
    if isNegative || scalars.first == "+" { scalars = scalars.dropFirst() }
    guard let number = ScannedNumber.scan(scalars, at: scalars.startIndex) else { return nil }
    let unit = rest(scalars, number)
    guard unit.isEmpty || unit.elementsEqual("个百分点".unicodeScalars) || unit.elementsEqual("百分点".unicodeScalars),
      var points = PrintedPercent(number, .points, position: position)
    else { return nil }
    if isNegative { points.value = -points.value }
    return points
  }

  private static func trimmed(_ text: String) -> ArraySlice<Unicode.Scalar> {
    let scalars = SourceText(text).scalars[...].drop { $0 == " " }
    var end = scalars.endIndex
    while end > scalars.startIndex, scalars[end - 1] == " " { end -= 1 }
    return scalars[..<end]
  }

  private static func rest(_ scalars: ArraySlice<Unicode.Scalar>, _ number: ScannedNumber) -> ArraySlice<Unicode.Scalar>
  {
    scalars[number.end...].drop { $0 == " " }
  }
}
