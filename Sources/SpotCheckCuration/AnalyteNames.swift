import SpotCheckModel

/// Names of analytes as laboratories type them, made comparable: `黄曲霉毒素Bl` is 黄曲霉毒素B1, `B₁` is B1, blanks inside
/// Chinese words are typing errors. Qualifiers such as `(以Al计)` are part of the name.
enum AnalyteNames {
  static func normalise(_ text: String, units: UnitConversion) -> String {
    var name = plainDigits(TextFolding.fold(text))
    name = withoutInnerBlanks(name)
    name = withoutUnit(name, units: units)
    return withOneForLetter(name)
  }

  /// Subscript and superscript digits as plain ones.
  private static func plainDigits(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if (0x2080...0x2089).contains(scalar.value) {
        result.append(Unicode.Scalar(UInt8(scalar.value - 0x2080) + 0x30))
      } else if let digit = ScalarCursor.superscript(scalar) {
        result.append(Unicode.Scalar(UInt8(digit) + 0x30))
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// A blank that touches a Chinese character or a bracket of one goes; between Latin words one blank stays.
  private static func withoutInnerBlanks(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      if scalar == " " {
        guard index > 0, index + 1 < scalars.count, scalars[index - 1] != " " else { continue }
        let next = scalars[(index + 1)...].first { $0 != " " }
        if isChinese(scalars[index - 1]) || next.map(isChinese) ?? true { continue }
      }
      result.append(scalar)
    }
    return String(result)
  }

  private static func isChinese(_ scalar: Unicode.Scalar) -> Bool { (0x2E80...0x9FFF).contains(scalar.value) }

  /// `铅(mg/kg)` → `铅`; `铅mg/kg` → `铅`. Brackets that hold no unit stay.
  private static func withoutUnit(_ text: String, units: UnitConversion) -> String {
    let parts = split(text, units: units)
    if !parts.unit.isEmpty { return parts.name }
    for unit in ["mg/kg", "μg/kg", "ug/kg", "g/kg", "mg/L", "μg/L", "CFU/g", "CFU/mL", "g/100g"]
    where text.lowercased().hasSuffix(unit.lowercased()) && text.count > unit.count {
      let name = TextFolding.trimmed(String(text.dropLast(unit.count)))
      if let last = name.unicodeScalars.last, isChinese(last) || last == ")" { return name }
    }
    return text
  }

  /// A column header such as `镉(以Cd计)(mg/kg)`: the name and the unit in its last brackets.
  static func split(_ text: String, units: UnitConversion) -> (name: String, unit: String) {
    let folded = TextFolding.fold(text)
    guard folded.hasSuffix(")"), let open = folded.lastIndex(of: "("), open > folded.startIndex else {
      return (folded, "")
    }
    let inner = String(folded[folded.index(after: open)...].dropLast())
    guard units.read(inner).entry != nil else { return (folded, "") }
    return (TextFolding.trimmed(String(folded[..<open])), inner)
  }

  /// `Bl` and `BI` behind 黄曲霉毒素 or 维生素 are `B1`, likewise M1 and G1.
  private static func withOneForLetter(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    for (index, scalar) in scalars.enumerated() {
      let isLetter = scalar == "l" || scalar == "I" || scalar == "|"
      if isLetter, index >= 2, ["B", "M", "G", "b", "m", "g"].contains(scalars[index - 1]),
        ["\u{7D20}"].contains(scalars[index - 2]),
        index + 1 == scalars.count || !(scalars[index + 1].isASCII && scalars[index + 1].properties.isAlphabetic)
      {
        result.append("1")
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}
