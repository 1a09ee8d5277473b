/// Tells whether two classes of a list name the same thing.
///
/// A row may lump several classes together (食品添加剂、重金属类、其他污染物和生物毒素): its parts are compared with those of
/// the other rows, without the words that say what was done with a thing (超范围添加) or what is wrong with it (超标).
/// 其他微生物 is not 微生物: "other" makes it a class of its own.
enum ClassNames {
  struct Overlap: Hashable {
    /// Indexes into the list.
    var first: Int
    var second: Int
    /// What both name.
    var part: String
  }

  /// Each pair of rows at most once, in order of the second row.
  static func overlaps(_ names: [String]) -> [Overlap] {
    var firstWithPart: [String: Int] = [:]
    var result: [Overlap] = []
    for (index, name) in names.enumerated() {
      var partners: Set<Int> = []
      for part in parts(name) {
        if let first = firstWithPart[part], first != index {
          if partners.insert(first).inserted { result.append(Overlap(first: first, second: index, part: part)) }
        } else {
          firstWithPart[part] = index
        }
      }
    }
    return result
  }

  private static let separators: Set<Unicode.Scalar> = ["、", ",", "，", "和", "及", "与", "/", ";"]
  private static let beginnings = ["超范围", "超限量", "违规", "非法", "不规范", "滥用", "添加", "使用", "检出", "的", "以"]
  private static let endings = ["超标", "不合格", "不达标", "不符合标准", "问题", "项目", "类", "等", "的", "含量", "共"]

  static func parts(_ name: String) -> [String] {
    let text = SourceText(name).scalars.filter { $0 != " " }
    return text.split(whereSeparator: separators.contains).compactMap { piece in
      var view = String.UnicodeScalarView()
      view.append(contentsOf: piece)
      let part = strip(String(view))
      // One letter names nothing ("和" inside a word), and a bare 超限量 is no class.
      return part.unicodeScalars.count > 1 ? part : nil
    }
  }

  private static func strip(_ text: String) -> String {
    var rest = text[...]
    var before: Substring
    repeat {
      before = rest
      for word in beginnings where rest.hasPrefix(word) { rest = rest.dropFirst(word.count) }
      for word in endings where rest.hasSuffix(word) { rest = rest.dropLast(word.count) }
    } while rest != before && !rest.isEmpty
    return String(rest)
  }
}
