import SpotCheckModel
import SpotCheckStatistics

/// What a picture says beside the answer's own words, in the answer's language.
struct ChartPhrases: Sendable, Hashable {
  let language: AnswerLanguage

  private func either(_ chinese: String, _ english: String) -> String { language == .chinese ? chinese : english }

  /// `1 row`, `2 rows`.
  private func counted(_ count: Int, _ one: String, _ several: String) -> String {
    "\(count) " + (count == 1 ? one : several)
  }

  // MARK: Joints

  var colon: String { language.colon }
  var comma: String { either("，", ", ") }
  var semicolon: String { language.semicolon }
  var stop: String { either("。", ". ") }
  func bracketed(_ text: String) -> String { either("（" + text + "）", " (" + text + ")") }

  /// `合格率：按区县、季度`, `rate by district, quarter`.
  func title(_ rate: String, _ dimensions: [String]) -> String {
    guard !dimensions.isEmpty else { return rate }
    return rate + either("：按", " by ") + dimensions.joined(separator: either("、", ", "))
  }

  // MARK: Rows

  var total: String { either("合计", "total") }
  var unpublished: String { either("未公布", "suppressed") }
  func caution(_ tier: CellTier) -> String { either("样本量" + tier.nameZh, EnglishWords.spaced(tier.code)) }
  func interval(_ text: String) -> String { either("95%区间 ", "95% interval ") + text }
  func verdict(_ verdict: (code: String, name: String)) -> String {
    DisplayWidth.harmless(either(verdict.name, EnglishWords.spaced(verdict.code)))
  }

  // MARK: Legends

  var intervalName: String { either("95%区间", "95% interval") }
  var thinLine: String { either("细线：95%区间", "thin line: 95% interval") }
  var hollow: String { either("空心：样本 5–29", "hollow: 5–29 samples") }
  var hollowLikeStar: String { either("；空心：同 *", "; hollow: as *") }
  var barLegend: String {
    either(
      "* 样本 5–29，不宜排名；x/n 样本不足 5，只看数量，不画",
      "* 5–29 samples, not to be ranked; x/n fewer than 5, a count and not drawn")
  }
  var heatLegend: String {
    either(
      "格内为合格率(%)，各级含其下限；* 样本 5–29，不着色；x/n 样本不足 5，只看数量；— 无",
      "cells: pass rate in %, a class includes its lower end; * 5–29 samples, not shaded; x/n fewer than 5, a count; — none"
    )
  }
  func target(_ text: String) -> String { either("目标 ", "target ") + text + "%" }
  /// Behind a target that lies beyond the axis.
  var offAxis: String { bracketed(either("在轴外", "off the axis")) }
  var redLine: String { either("红色虚线：", "red broken line: ") }
  func axis(_ low: String, _ high: String, startsAtZero: Bool) -> String {
    either("合格率轴为 ", "the axis of rates is ") + low + "–" + high
      + (startsAtZero ? "" : either("，不从 0 起", " and does not begin at 0"))
  }
  var dotsForBars: String { either("；以点代条", "; dots in place of bars") }
  var limitsCut: String { either("；轴外的控制限不画", "; limits beyond it are not drawn") }
  var intervalsCut: String {
    either("有区间超出轴的范围，只画到轴端；两端见数字", "some intervals go beyond the axis and are drawn up to it; see the numbers")
  }
  func cutNames(_ count: Int) -> String {
    either(
      "（有 \(count) 个名称因宽度被截短；完整内容请用 --format table 或 csv）",
      "(\(counted(count, "name was", "names were")) cut to the width; --format table or csv has all of it)")
  }
  func moreRows(_ count: Int) -> String {
    either("另有 \(count) 行，见图中各项的标题", "\(counted(count, "more row", "more rows")): see the titles in the picture")
  }
  func made(_ snapshot: Int64) -> String {
    either("快照 v\(snapshot)，由 SpotCheck 生成。", "Snapshot v\(snapshot), made by SpotCheck.")
  }

  // MARK: What a picture shows

  func rows(_ count: Int) -> String { either("\(count) 行", counted(count, "row", "rows")) }
  func field(_ rows: Int, _ columns: Int) -> String {
    either("\(rows) 行 \(columns) 列", counted(rows, "row", "rows") + ", " + counted(columns, "column", "columns"))
  }
  func span(_ first: String, _ last: String) -> String { first + either(" 至 ", " to ") + last }
  func lines(_ count: Int) -> String { either("\(count) 条线", counted(count, "line", "lines")) }
  func funnel(_ title: String) -> String { either(title + "的漏斗图", "funnel of the " + title) }
  func pointsLeftOut(_ count: Int) -> String {
    either("样本不足 5 的 \(count) 个点不画", counted(count, "point", "points") + " of fewer than 5 samples not drawn")
  }
  func undated(_ count: Int) -> String {
    either("\(count) 行没有时期，不在图中", counted(count, "row", "rows") + " without a period, not drawn")
  }

  // MARK: Funnels

  func funnelAxes(_ size: String, _ rate: String) -> String {
    either(
      "横轴 \(size)，纵轴 \(rate)；─ 总体；虚线 95%，点线 99.8% 控制限",
      "across: \(size), up: \(rate); ─ all; broken line 95%, dotted line 99.8% limits")
  }
  var funnelLines: String {
    either("横线：总体；虚线：95% 控制限；实线：99.8% 控制限", "level line: all; broken line: 95% limits; solid line: 99.8% limits")
  }
  func funnelFinding(_ rate: String, groups: Int, samples: Int, marked: Int) -> String {
    either(
      "总体合格率 \(rate)%，\(groups) 个组，n=\(samples)；" + (marked == 0 ? "没有组与总体有差异" : "\(marked) 个组与总体有差异")
        + "（错误发现率 10%）；不作名次",
      "pass rate of all \(rate)%, \(counted(groups, "group", "groups")), n=\(samples); "
        + (marked == 0 ? "no group differs" : counted(marked, "group differs", "groups differ"))
        + " (false discovery rate 10%); no ranking")
  }
  func funnelGroup(_ mark: String, _ name: String, _ rate: String, _ size: String, _ position: FunnelSignals.Position?)
    -> String
  {
    let place = position.map { either($0.nameZh, EnglishWords.spaced($0.rawValue)) } ?? ""
    return mark + " " + name + colon + [rate, size, place].joined(separator: comma)
  }
  func overDispersed(_ factor: String) -> String {
    either(
      "各组差异大于随机波动（φ = \(factor)），漏斗限已放宽；点名之前请先核对构成是否可比",
      "the groups differ by more than chance (φ = \(factor)), so the limits are wider; see whether they can be compared "
        + "before naming any")
  }
  func funnelSmall(_ count: Int) -> String {
    either(
      "样本不足 30 的 \(count) 个组只画（○），不判断",
      counted(count, "group", "groups") + " of fewer than 30 samples drawn (○) and not judged")
  }
  func withoutRate(_ count: Int) -> String {
    either("\(count) 行没有合格率，不在图中", counted(count, "row", "rows") + " without a pass rate, not drawn")
  }

  /// A text in lines of at most so many columns. Chinese may be broken anywhere, English between words.
  func lines(_ text: String, columns: Int) -> [String] {
    guard language == .english else { return ChartWords.lines(text, columns: columns) }
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let longer = lines.isEmpty && line.isEmpty ? String(word) : line + " " + word
      if DisplayWidth.of(longer) <= columns || line.isEmpty {
        line = line.isEmpty ? String(word) : longer
      } else {
        lines.append(line)
        line = String(word)
      }
    }
    // A word that is longer than a line is broken like Chinese.
    return (lines + [line]).flatMap { ChartWords.lines($0, columns: columns) }
  }
}
