import SpotCheckModel

/// Reads words of the closed vocabularies by whole value: never by a part of it, because 合格 stands inside 不合格.
struct WordReader: Sendable {
  private let tables: CodeTables

  init(tables: CodeTables) { self.tables = tables }

  /// A word and the word of the model that it counts under.
  struct Word: Sendable, Equatable {
    var code: String
    var parent: String
  }

  /// The word that a text means in a table; without that table, in the built-in one. Nil: unknown.
  func read(_ text: String, table: String) -> Word? {
    let found = tables[table] ?? WordReader.builtIn[table]
    guard let found else { return nil }
    switch found.resolve(text, on: nil) {
    case .code(let code), .retired(let code):
      return Word(code: code, parent: found.entry(code)?.parent ?? "")
    case .ambiguous, .unknown:
      return nil
    }
  }

  /// The remarks that a free text makes: by whole value, or by the globs that a table gives as aliases (`*异议*`).
  func remarks(_ text: String, table: String = "remarks") -> [String] {
    guard let found = tables[table] ?? WordReader.builtIn[table] else { return [] }
    let key = CodeTable.normalise(text)
    var result: [String] = []
    for entry in found.entries {
      let isMeant = ([entry.name] + entry.aliases).contains { spelling in
        spelling.contains("*")
          ? GlobPattern(CodeTable.normalise(spelling)).matches(key) : CodeTable.normalise(spelling) == key
      }
      if isMeant, !result.contains(entry.code) { result.append(entry.code) }
    }
    return result
  }

  /// The purposes; 风险监测 is finer than the model's words and counts under 评价性.
  private static let purposes: (String, CodeTable) = {
    let more: [Purpose: [String]] = [
      .objective: ["评价性抽检", "例行监测", "LXJC"], .selective: ["监督抽检", "监督抽查", "抽检监测", "JDCC"],
      .followup: ["跟踪抽查", "复查"], .screening: ["快检"],
    ]
    var entries = Purpose.allCases.map { CodeEntry(code: $0.rawValue, name: $0.nameZh, aliases: more[$0] ?? []) }
    entries.append(CodeEntry(code: riskMonitoring, name: "风险监测", parent: Purpose.objective.rawValue, level: 2))
    return ("purposes", CodeTable(name: "purposes", entries: entries))
  }()

  /// Code of the table `purposes` whose samples are reported and never judged.
  static let riskMonitoring = "risk_monitoring"

  /// What holds where a plan brings no table: the words that domain and law fix.
  static let builtIn: [String: CodeTable] = {
    func table(_ name: String, _ rows: [(String, String, [String])]) -> (String, CodeTable) {
      (name, CodeTable(name: name, entries: rows.map { CodeEntry(code: $0.0, name: $0.1, aliases: $0.2) }))
    }
    func words<Word: DomainWord>(_ name: String, _ type: Word.Type, _ more: [Word: [String]] = [:]) -> (
      String, CodeTable
    ) {
      table(name, Word.allCases.map { ($0.rawValue, $0.nameZh, more[$0] ?? []) })
    }
    return Dictionary(
      [
        words(
          "verdicts", Verdict.self,
          [
            .pass: [
              "合格项", "合格样品", "纯抽检合格样品", "抽检合格样品并监测问题样品", "抽检合格样品并监测不判定样品", "符合", "合格报告",
            ],
            .fail: [
              "不合格项", "不合格样品", "纯抽检不合格样品", "抽检不合格样品并监测问题样品", "抽检不合格样品并监测不判定样品", "不符合",
              "一般不合格报告",
            ],
            .undetermined: [
              "问题项", "不判定项", "问题样品", "纯监测问题样品", "纯监测不判定合格样品", "问题", "监测问题样品", "一般问题报告",
            ],
            .notTested: ["未检验样品", "未检", "未检测", "拒检", "未抽到样品", "涉嫌无证", "无证", "停产", "转产"],
          ]),
        purposes,
        words("levels", TaskLevel.self, [.national: ["国抽"], .provincial: ["省抽"], .municipal: ["市抽"], .county: ["县抽"]]),
        words("stages", Stage.self), words("hazards", HazardClass.self),
        words("versions", VersionKind.self, [.correction: ["修改", "更正报告"], .retest: ["复检报告"], .withdrawal: ["作废"]]),
        words(
          "comparisons", ComparisonRule.self,
          [.fullValue: ["全数值", "全数值比较"], .roundedValue: ["修约值", "修约值比较", "修约"]]),
        table(
          "remarks",
          [
            ("objection_pending", "异议处置中", ["*异议处置中*", "*复检中*", "*提出异议*"]),
            ("counterfeit_claim", "真实性异议", ["*真实性异议*", "*被假冒*", "*假冒*"]), ("withdrawn", "撤回", ["*作废*", "*撤回*"]),
            ("unlicensed", "涉嫌无证", ["*无证*"]), ("refused", "拒检", ["*拒检*", "*拒绝抽样*"]),
            ("stopped_production", "停产", ["停产*", "转产*", "未抽到样品*"]),
          ]),
      ], uniquingKeysWith: { first, _ in first })
  }()
}
