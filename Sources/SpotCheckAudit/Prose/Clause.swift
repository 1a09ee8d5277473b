/// What one clause (between commas) says: a name, counts with their roles, rates, a change.
struct Clause {
  /// A count whose role is known.
  struct RoleCount {
    var role: CountRole
    var count: PrintedCount
  }

  /// The unknown words, which name a group.
  var name = ""
  /// Unknown words or dates stand in it: it speaks of something of its own.
  var hasOwnSubject = false
  /// The name has an unknown word in it, and not only 食品 or 监督.
  var isNamed = false
  /// 共, 全省: it speaks of the whole.
  var isWhole = false
  var counts: [RoleCount] = []
  var rates: [PrintedRate] = []
  /// The earlier percentage of 比上年同期97.65%提高了0.61个百分点.
  var earlier: PrintedPercent?
  /// The later one of 由…到….
  var later: PrintedPercent?
  /// With its sign.
  var points: PrintedPercent?
  /// A batch count that found no role, or an approximate one: what follows may speak of it.
  var losesTrack = false
  /// A number of batches, a percentage or a difference was left over.
  var hasLeftOver = false

  var hasBase: Bool { counts.contains { $0.role == .sampled || $0.role == .inspected } }

  init(_ tokens: [ClauseToken], _ source: SourceText) {
    let words = tokens.compactMap { token -> WordKind? in
      if case .word(let kind) = token.kind { return kind }
      return nil
    }
    let hasNumbers = tokens.contains { $0.isRelevantNumber }
    if words.first(where: { $0 != .filler }) == .aside {
      hasLeftOver = hasNumbers
      losesTrack = tokens.contains { $0.isBatchCount }
      return
    }
    isWhole = words.contains(.whole)
    readName(tokens, source)
    if words.contains(.respectively) {
      hasLeftOver = hasNumbers
      losesTrack = true
      return
    }
    readCounts(tokens)
    readRates(tokens)
    if words.contains(.than), counts.isEmpty, rates.isEmpty {
      // 比2018年同期…: the subject is still that of the clause before.
      hasOwnSubject = false
      isWhole = false
    }
  }

  /// The name is what stands before the first role, rate or number that is not filler.
  private mutating func readName(_ tokens: [ClauseToken], _ source: SourceText) {
    var isBeforeFigures = true
    var named: Range<Int>?
    for token in tokens {
      switch token.kind {
      case .word(.text):
        hasOwnSubject = true
        if isBeforeFigures {
          named = (named?.lowerBound ?? token.range.lowerBound)..<token.range.upperBound
          isNamed = true
        }
      case .word(.noun):
        if isBeforeFigures { named = (named?.lowerBound ?? token.range.lowerBound)..<token.range.upperBound }
      case .date: hasOwnSubject = true
      case .word(.role), .word(.rate), .count, .percent: isBeforeFigures = false
      default: break
      }
    }
    // Of nothing but general nouns no group is named, if the clause speaks of the whole.
    guard let named, isNamed || !isWhole else { return }
    name = String(source.text(named).filter { $0 != " " }.prefix(60))
  }

  /// Each count takes the nearest role before it (不合格47批次), else the nearest behind it (47批次不合格).
  private mutating func readCounts(_ tokens: [ClauseToken]) {
    var previous = tokens.startIndex
    var roles: Set<CountRole> = []
    for (index, token) in tokens.enumerated() {
      if case .vague = token.kind {
        losesTrack = true
        hasLeftOver = true
      }
      guard case .count(let count) = token.kind else { continue }
      let next = tokens[(index + 1)...].firstIndex { $0.isBatchCount } ?? tokens.endIndex
      let role =
        tokens[previous..<index].last(where: { $0.role != nil })?.role
        ?? tokens[(index + 1)..<next].first(where: { $0.role != nil })?.role
      previous = index + 1
      if let role, roles.insert(role).inserted {
        counts.append(RoleCount(role: role, count: count))
      } else {
        losesTrack = true
        hasLeftOver = true
      }
    }
    // 不合格47项次, 206家合格: what follows is said of items or enterprises, not of batches.
    if counts.isEmpty, tokens.contains(where: { $0.role != nil }), tokens.contains(where: { $0.kind == .otherNumber }) {
      losesTrack = true
    }
    if losesTrack { counts = [] }
  }

  /// A percentage belongs to the rate word before it; behind 比 or 由 it is the earlier one of a change.
  private mutating func readRates(_ tokens: [ClauseToken]) {
    var kind: RateKind?
    var direction = 0
    var isEarlier = false
    var isLater = false
    var isBound = false
    for token in tokens {
      switch token.kind {
      case .word(.rate(let rate)):
        kind = rate
        (isEarlier, isLater, isBound) = (false, false, false)
      case .word(.than), .word(.from): isEarlier = true
      case .word(.to): (isEarlier, isLater) = (false, true)
      case .word(.bound), .word(.shareOf): isBound = true
      case .word(.change(let sign)): direction = sign
      case .word(.role), .count: isBound = false
      case .percent(let percent):
        if isBound {
          hasLeftOver = true
        } else if isEarlier, earlier == nil {
          earlier = percent
        } else if isLater, earlier != nil, later == nil {
          later = percent
        } else if let rate = kind, !isEarlier {
          rates.append(PrintedRate(kind: rate, percent: percent))
          kind = nil
        } else {
          hasLeftOver = true
        }
      case .points(var change):
        if direction == 0 || points != nil {
          hasLeftOver = true
        } else {
          change.value *= direction
          points = change
        }
      default: break
      }
    }
  }
}

extension ClauseToken {
  var isBatchCount: Bool {
    switch kind {
    case .count, .vague: true
    default: false
    }
  }

  /// A number that this reader exists for.
  var isRelevantNumber: Bool {
    switch kind {
    case .count, .vague, .percent, .points: true
    default: false
    }
  }

  var role: CountRole? {
    if case .word(.role(let role)) = kind { return role }
    return nil
  }
}
