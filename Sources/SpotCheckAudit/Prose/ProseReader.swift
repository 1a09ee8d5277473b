/// Finds claims in running text: groups of samples with counts and rates, and changes between rates.
///
/// The rule is to understand less rather than wrongly. A clause joins the group before it only if it names nothing of
/// its own and the place is free; a count without a role ends the group, because what follows may speak of it.
struct ProseReader {
  let source: SourceText
  private(set) var statements: [Statement] = []
  private(set) var changes: [RateChange] = []
  /// How many sentences have numbers that no check makes use of.
  private(set) var notUnderstood = 0

  /// A group as it was found.
  struct Statement {
    var figures: Figures
    /// Its clause says 共, 全省 or names nothing: it may be the total.
    var isWhole: Bool
    /// A change made use of its rate.
    var isOfChange = false
    var paragraph: Int
    /// The sentences its figures stand in.
    var sentences: Set<Int>
  }

  private var current: Statement?
  private var unread: Set<Int> = []

  static func read(_ source: SourceText, lines: [Range<Int>]) -> ProseReader {
    var reader = ProseReader(source: source)
    for (index, sentence) in Sentences.cut(source, lines).enumerated() { reader.read(sentence, index) }
    reader.close()
    reader.notUnderstood = reader.unread.count
    return reader
  }

  private init(source: SourceText) { self.source = source }

  private mutating func read(_ sentence: Sentence, _ index: Int) {
    if let group = current, group.paragraph != sentence.paragraph { close() }
    var asides = sentence.asides[...]
    for (number, pieces) in sentence.clauses.enumerated() {
      read(Clause(pieces.flatMap { ClauseLexer.tokens(source, $0) }, source), pieces[0].lowerBound, sentence, index)
      while let aside = asides.first, aside.clause <= number {
        read(aside: aside.range, index)
        asides.removeFirst()
      }
    }
    for aside in asides { read(aside: aside.range, index) }
  }

  /// Brackets add a rate to the group before them, or nothing that is understood.
  private mutating func read(aside range: Range<Int>, _ index: Int) {
    let clause = Clause(ClauseLexer.tokens(source, range), source)
    let isPlain = !clause.hasOwnSubject && clause.counts.isEmpty && !clause.losesTrack && !clause.hasLeftOver
    if isPlain, clause.points == nil, clause.earlier == nil {
      for rate in clause.rates where !add(rate, index) { unread.insert(index) }
    } else if clause.hasLeftOver || !clause.counts.isEmpty || !clause.rates.isEmpty || clause.points != nil {
      unread.insert(index)
      // (其中未检2批次): the rates that follow are not of all that were taken.
      if !clause.counts.isEmpty || clause.losesTrack, excludes(range) { close() }
    }
  }

  private func excludes(_ range: Range<Int>) -> Bool {
    source.scalars[range].contains { ["未", "拒", "无", "除", "停", "退"].contains($0) }
  }

  private mutating func read(_ clause: Clause, _ start: Int, _ sentence: Sentence, _ index: Int) {
    if clause.hasLeftOver { unread.insert(index) }
    if beginsGroup(clause) {
      close()
      let figures = Figures(name: clause.name, position: position(of: clause, start))
      current = Statement(
        figures: figures, isWhole: clause.isWhole || !clause.isNamed, paragraph: sentence.paragraph, sentences: [])
    }
    for count in clause.counts where !add(count, index) { unread.insert(index) }
    readChange(clause, index)
    for rate in clause.rates where !add(rate, index) { unread.insert(index) }
    if clause.losesTrack { close() }
  }

  private func position(of clause: Clause, _ start: Int) -> AuditPosition {
    clause.counts.first?.count.position ?? clause.rates.first?.percent.position ?? source.position(start)
  }

  /// Whether the clause speaks of something else than the clauses before it.
  private func beginsGroup(_ clause: Clause) -> Bool {
    guard let current else { return true }
    let figures = current.figures
    if clause.hasBase {
      // 抽查5594批次…，对5573批次进行检验: the same samples, twice counted.
      let onlyInspected = clause.counts.allSatisfy { $0.role != .sampled }
      let isOpen =
        figures.sampled != nil && figures.inspected == nil && figures.failed == nil && figures.passed == nil
        && figures.rates.isEmpty
      return !(onlyInspected && isOpen && !clause.isNamed)
    }
    if clause.hasOwnSubject { return true }
    return clause.isWhole && !current.isWhole
  }

  private mutating func add(_ count: Clause.RoleCount, _ index: Int) -> Bool {
    guard var group = current else { return false }
    switch count.role {
    case .sampled where group.figures.sampled == nil: group.figures.sampled = count.count
    case .inspected where group.figures.inspected == nil: group.figures.inspected = count.count
    case .passed where group.figures.passed == nil: group.figures.passed = count.count
    case .failed where group.figures.failed == nil: group.figures.failed = count.count
    default:
      // A second number for the same thing: it belongs to something else, and so may what follows.
      close()
      return false
    }
    group.sentences.insert(index)
    current = group
    return true
  }

  private mutating func add(_ rate: PrintedRate, _ index: Int) -> Bool {
    guard current != nil, current?.figures.rates.contains(where: { $0.kind == rate.kind }) == false else {
      close()
      return false
    }
    current?.figures.rates.append(rate)
    current?.sentences.insert(index)
    return true
  }

  /// 合格率为98.26%，比2018年同期97.65%提高了0.61个百分点, or 合格率由97.65%提高到98.26%，上升0.61个百分点.
  private mutating func readChange(_ clause: Clause, _ index: Int) {
    var earlier = clause.earlier
    var later = current?.figures.rates.last?.percent
    if let before = clause.earlier, let after = clause.later {
      dropPending()
      pending = Pending(earlier: before, later: after, sentence: index)
    }
    if let pending { (earlier, later) = (pending.earlier, pending.later) }
    guard let points = clause.points else {
      if clause.earlier != nil, clause.later == nil { unread.insert(index) }
      return
    }
    pending = nil
    guard let earlier, let later else {
      unread.insert(index)
      return
    }
    current?.isOfChange = true
    let kind = current?.figures.rates.last?.kind ?? .pass
    var from = Figures(name: "", position: points.position)
    var to = from
    from.rates = [PrintedRate(kind: kind, percent: earlier)]
    to.rates = [PrintedRate(kind: kind, percent: later)]
    changes.append(
      RateChange(
        name: current?.figures.name ?? "", position: points.position, kind: kind, from: from, to: to, points: points))
  }

  /// Two rates of a change whose points are still to come.
  private struct Pending {
    var earlier: PrintedPercent
    var later: PrintedPercent
    var sentence: Int
  }
  private var pending: Pending?

  private mutating func dropPending() {
    if let pending { unread.insert(pending.sentence) }
    pending = nil
  }

  /// Ends the group. What cannot be checked was not understood.
  private mutating func close() {
    dropPending()
    guard let group = current else { return }
    current = nil
    if group.figures.isCheckable {
      statements.append(group)
    } else if !group.isOfChange {
      unread.formUnion(group.sentences)
    }
  }
}
