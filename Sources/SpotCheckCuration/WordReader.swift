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
  ///
  /// Clause by clause: 未提出异议 denies the 提出异议 inside it, 撤回异议 the 撤回, and neither what another clause says.
  func remarks(_ text: String, table: String = "remarks") -> [RemarkWord] {
    guard let found = tables[table] ?? WordReader.builtIn[table] else { return [] }
    let key = CodeTable.normalise(text)
    var result: Set<RemarkWord> = []
    for clause in key.split(whereSeparator: { WordReader.clauseEnds.contains($0) }) {
      var said: Set<RemarkWord> = []
      for entry in found.entries {
        let isMeant = ([entry.name] + entry.aliases).contains { spelling in
          let wanted = CodeTable.normalise(spelling)
          // A spelling of several clauses is looked for in the whole text.
          let subject = wanted.contains { WordReader.clauseEnds.contains($0) } ? key : String(clause)
          return wanted.contains("*") ? GlobPattern(wanted).matches(subject) : wanted == subject
        }
        if isMeant, let word = RemarkWord(rawValue: entry.code) { said.insert(word) }
      }
      if said.contains(.noObjection) || said.contains(.objectionWithdrawn) { said.remove(.objectionPending) }
      if said.contains(.objectionWithdrawn) { said.remove(.withdrawn) }
      result.formUnion(said)
    }
    return RemarkWord.allCases.filter { result.contains($0) }
  }

  /// What ends a clause, after ``CodeTable/normalise(_:)`` has made half-width of full-width.
  private static let clauseEnds: Set<Character> = [";", ",", "。"]

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

  /// The conclusions, and the finer ones below them.
  private static let verdicts: (String, CodeTable) = {
    let more: [Verdict: [String]] = [
      .pass: ["合格项", "合格样品", "纯抽检合格样品", "抽检合格样品并监测问题样品", "抽检合格样品并监测不判定样品", "符合", "合格报告"],
      .fail: [
        "不合格项", "不合格样品", "纯抽检不合格样品", "抽检不合格样品并监测问题样品", "抽检不合格样品并监测不判定样品", "不符合", "一般不合格报告",
      ],
      .undetermined: ["问题项", "不判定项", "问题样品", "问题", "监测问题样品", "一般问题报告"],
      .notTested: ["未检验样品", "未检", "未检测", "未抽到样品", "停产", "转产"],
    ]
    func finer(_ word: VerdictDetail, _ name: String, _ parent: Verdict, _ aliases: [String]) -> CodeEntry {
      CodeEntry(code: word.rawValue, name: name, parent: parent.rawValue, level: 2, aliases: aliases)
    }
    var entries = Verdict.allCases.map { CodeEntry(code: $0.rawValue, name: $0.nameZh, aliases: more[$0] ?? []) }
    entries += [
      finer(.refused, "拒检", .notTested, ["拒绝抽检", "拒绝抽样"]), finer(.unlicensed, "涉嫌无证", .notTested, ["无证"]),
      finer(.objectionPending, "异议处理中", .undetermined, ["异议处置中", "复检中"]),
      finer(.retestPassed, "复检合格", .pass, []), finer(.retestFailed, "复检不合格", .fail, []),
      finer(.monitoringOnly, "纯监测样品", .undetermined, ["纯监测问题样品", "纯监测不判定合格样品"]),
    ]
    return ("verdicts", CodeTable(name: "verdicts", entries: entries))
  }()

  private static let remarks: (String, CodeTable) = {
    func entry(_ word: RemarkWord, _ name: String, _ aliases: [String]) -> CodeEntry {
      CodeEntry(code: word.rawValue, name: name, aliases: aliases)
    }
    let entries = [
      entry(.objectionPending, "异议处置中", ["*异议处置中*", "*复检中*", "*提出异议*"]),
      entry(.counterfeitClaim, "真实性异议", ["*真实性异议*", "*被假冒*", "*假冒*"]),
      entry(.objectionUpheld, "异议认可", ["*异议认可*"]), entry(.objectionClosed, "异议不认可", ["*异议不认可*", "*逾期异议*"]),
      entry(.objectionWithdrawn, "撤回异议", ["*撤回异议*"]), entry(.noObjection, "未提出异议", ["*未提出异议*"]),
      entry(.withdrawn, "撤回", ["*作废*", "*撤回*"]), entry(.unlicensed, "涉嫌无证", ["*无证*"]),
      entry(.refused, "拒检", ["*拒检*", "*拒绝抽样*"]), entry(.stoppedProduction, "停产", ["停产*", "转产*", "未抽到样品*"]),
    ]
    return ("remarks", CodeTable(name: "remarks", entries: entries))
  }()

  /// What holds where a plan brings no table: the words that domain and law fix.
  static let builtIn: [String: CodeTable] = {
    func table<Word: DomainWord>(_ name: String, _ type: Word.Type, _ more: [Word: [String]] = [:]) -> (
      String, CodeTable
    ) {
      (
        name,
        CodeTable(
          name: name,
          entries: Word.allCases.map { CodeEntry(code: $0.rawValue, name: $0.nameZh, aliases: more[$0] ?? []) })
      )
    }
    return Dictionary(
      [
        verdicts, purposes, remarks,
        table("levels", TaskLevel.self, [.national: ["国抽"], .provincial: ["省抽"], .municipal: ["市抽"], .county: ["县抽"]]),
        table("stages", Stage.self), table("hazards", HazardClass.self),
        table("versions", VersionKind.self, [.correction: ["修改", "更正报告"], .retest: ["复检报告"], .withdrawal: ["作废"]]),
        table(
          "comparisons", ComparisonRule.self,
          [.fullValue: ["全数值", "全数值比较"], .roundedValue: ["修约值", "修约值比较", "修约"]]),
      ], uniquingKeysWith: { first, _ in first })
  }()
}
