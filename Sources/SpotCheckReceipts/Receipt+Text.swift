import SpotCheckModel

extension Receipt {
  /// Problems that the readable text shows, at most; the JSON has all.
  static let shownProblems = 8
  /// Places of one problem that it shows.
  static let shownExamples = 3

  /// What a clerk reads: UTF-8 with a byte order mark and CR LF, so that any editor of an office shows it right.
  public var text: [UInt8] {
    var out: [UInt8] = [0xEF, 0xBB, 0xBF]
    for line in lines {
      out.append(contentsOf: DisplayWidth.harmless(line).utf8)
      out.append(contentsOf: [0x0D, 0x0A])
    }
    return out
  }

  private var lines: [String] {
    var lines = ["产品质量抽检数据报送回执", "", "结　　果：" + stage.nameZh]
    if let refusal { lines.append("原　　因：\(refusal.messageZh)（\(refusal.code)）") }
    lines.append("报送单位：" + (bureau.name.isEmpty ? bureau.code : "\(bureau.name)（\(bureau.code)）"))
    lines.append("文　　件：\(file.name)（\(Receipt.grouped(file.bytes)) 字节）")
    if let received { lines.append("收到时间：" + received.shortText) }
    if let decided, stage != .received { lines.append("处理时间：" + decided.shortText) }
    if let earlier {
      let time = earlier.imported.map { "，" + $0.shortText } ?? ""
      lines.append("先前报送：\(earlier.name)（批号 \(earlier.batch)\(time)）")
    }
    if stage.isFinal { lines += figures }
    lines += ["", "下　一　步"] + ["  " + advice.textZh]
    if let refusal, !refusal.remedyZh.isEmpty, advice.action == "mend_file" || stage == .rejected {
      lines.append("  " + refusal.remedyZh + "。")
    }
    lines += problemLines
    lines += ["", "存查信息"]
    lines.append("  报送编号 \(delivery)" + (attempt > 1 ? "（第 \(attempt) 次处理）" : ""))
    if let batch { lines.append("  批号     \(batch)" + (snapshot.map { "，快照 \($0)" } ?? "")) }
    if !layout.isEmpty { lines.append("  导入规则 \(layout)") }
    lines.append("  SHA-256  \(file.digest)")
    if let place { lines.append("  存放     \(place)") }
    if let journalHead { lines.append("  日志     \(journalHead)") }
    return lines
  }

  private var figures: [String] {
    guard rows.read > 0 || stage == .accepted else { return [] }
    var lines = ["", "行数（读入＝接受＋拒收＋重复＋空行）"]
    let numbers = [
      ("读入", rows.read), ("接受", rows.accepted), ("拒收", rows.rejected), ("重复", rows.duplicate),
      ("空行等", rows.blank),
    ]
    let width = numbers.map { Receipt.grouped($0.1).utf8.count }.max() ?? 1
    for (name, number) in numbers { lines.append("  " + Receipt.padded(name, 10) + Receipt.right(number, width)) }
    if stage != .rejected, stage != .duplicate {
      lines += ["", "计入：\(Receipt.grouped(samples)) 个样品，\(Receipt.grouped(items)) 个检验项目" + classes]
      if superseded > 0 { lines.append("其中更正、复检等替代先前报送的样品 \(Receipt.grouped(superseded)) 个") }
    }
    return lines
  }

  /// Where the samples went, if they are known.
  private var classes: String {
    guard let accounts = sampleAccounts, accounts.samples > 0 else { return "" }
    let parts = SampleClass.allCases.filter { accounts[$0] > 0 }.map { "\($0.nameZh) \(Receipt.grouped(accounts[$0]))" }
    return "（" + parts.joined(separator: "，") + "）"
  }

  private var problemLines: [String] {
    // What says nothing to a clerk (titles skipped, columns in another order) is in the JSON only.
    let shown = problems.filter { $0.severity >= .warning && $0.code != refusal?.code }
    guard !shown.isEmpty else { return [] }
    var lines = ["", shown.contains { $0.severity >= .error } ? "问题与改法" : "提示"]
    for problem in shown.prefix(Receipt.shownProblems) {
      let mark = problem.severity >= .error ? "【拒收】" : "【提示】"
      lines.append("  \(mark)\(problem.titleZh)：\(Receipt.grouped(problem.count)) 处（\(problem.code)）")
      for example in problem.examples.prefix(Receipt.shownExamples) where example.line > 0 {
        let column = example.column.map { "，“\($0)”列" } ?? ""
        let message = example.messageZh == problem.titleZh ? "" : "：\(example.messageZh)"
        lines.append("          第 \(example.line) 行\(column)\(message)")
      }
      let rest = problem.count - problem.examples.prefix(Receipt.shownExamples).count
      if rest > 0, !problem.examples.isEmpty { lines.append("          …… 另有 \(Receipt.grouped(rest)) 处") }
      if !problem.remedyZh.isEmpty { lines.append("          改法：\(problem.remedyZh)") }
    }
    if shown.count > Receipt.shownProblems {
      lines.append("  另有 \(shown.count - Receipt.shownProblems) 类问题，见同名 .json 回执")
    }
    return lines
  }

  // MARK: Alignment

  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
  }

  private static func right(_ number: Int, _ width: Int) -> String {
    let text = grouped(number)
    return String(repeating: " ", count: max(0, width - text.utf8.count)) + text
  }

  /// 1234567 as `1,234,567`.
  static func grouped(_ number: Int) -> String {
    var digits = Array(String(number.magnitude).utf8)
    var index = digits.count - 3
    while index > 0 {
      digits.insert(0x2C, at: index)
      index -= 3
    }
    return (number < 0 ? "-" : "") + String(decoding: digits, as: UTF8.self)
  }
}
