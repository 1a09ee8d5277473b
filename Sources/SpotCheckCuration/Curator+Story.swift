import SpotCheckModel

/// Where an objection stands, as far as one record says.
enum ObjectionState: Sendable {
  /// The record does not speak of one.
  case none
  case open
  case settled
}

/// Which version of the sample's story a record tells (decisions 0006 and 0009).
struct RecordStory: Sendable {
  /// The kind of version, if it is not what the version column says.
  var kind: VersionKind?
  var flags: SampleFlags = []
  /// There was nothing to test.
  var isNotTested = false
  /// The conclusion column holds 异议处理中 or 复检中, which is none.
  var hasNoConclusion = false
}

extension Curator {
  /// Reads version column, conclusion and remark of the row together. Whole words and the globs of the table
  /// `remarks`; what settles an objection outweighs what opens it, because a record that says both tells its end.
  func readStory() -> RecordStory {
    var story = RecordStory()
    var objection = ObjectionState.none
    func take(_ state: ObjectionState) {
      if objection != .settled { objection = state }
    }
    let version = entry(.version)
    let verdict = entry(.sampleVerdict)
    let states = version.state.union(verdict.state)
    if states.contains(.objection) { take(.open) }
    if states.contains(.objectionSettled) { take(.settled) }
    if states.contains(.objectionUpheld) { story.flags.insert(.objectionUpheld) }
    if verdict.state.contains(.inspectionRefused) { story.flags.insert(.refused) }
    if verdict.state.contains(.unlicensed) { story.flags.insert(.unlicensed) }
    if verdict.state.contains(.retest) { take(.settled) }
    story.hasNoConclusion = verdict.state.contains(.objection)
    let remark = entry(.remark).meaning
    for word in remark >= 0 ? interpreter.remarkStore[Int(remark)] : [] {
      switch word {
      case .objectionPending, .counterfeitClaim: take(.open)
      case .objectionClosed, .objectionWithdrawn: take(.settled)
      case .objectionUpheld:
        take(.settled)
        story.flags.insert(.objectionUpheld)
      case .noObjection: break
      case .withdrawn: story.kind = .withdrawal
      case .unlicensed:
        story.isNotTested = true
        story.flags.insert(.unlicensed)
      case .refused:
        story.isNotTested = true
        story.flags.insert(.refused)
      case .stoppedProduction: story.isNotTested = true
      }
    }
    if objection == .open { story.flags.insert(.pending) }
    guard story.kind == nil else { return story }
    let given = VersionKind.numbered(version.meaning)
    if verdict.state.contains(.retest), given == .initial || given == .objection {
      story.kind = .retest
    } else if objection != .none, speaksOfObjection(given, verdict, objection) {
      story.kind = .objection
    }
    return story
  }

  /// A record that speaks of an objection is one, unless it is a later version that has a conclusion of its own. A
  /// retest under way (复检中) without a conclusion is no retest yet.
  private func speaksOfObjection(_ given: VersionKind, _ verdict: MemoEntry, _ objection: ObjectionState) -> Bool {
    switch given {
    case .initial: true
    case .objection: false
    case .retest: objection == .open && (verdict.meaning < 0 || verdict.state.contains(.objection))
    case .correction, .withdrawal: false
    }
  }

  /// Whether the row's version column names another kind of version than the first report. A blank one says nothing.
  func namesLaterVersion() -> Bool { VersionKind.numbered(entry(.version).meaning) != .initial }

  private func entry(_ target: FieldTarget) -> MemoEntry {
    interpreter.memos[target.slot].entries[Int(scan.codes[target.slot])]
  }
}

extension VersionKind {
  /// Place in `allCases`, for the memos.
  var number: Int32 {
    switch self {
    case .initial: 0
    case .objection: 1
    case .correction: 2
    case .retest: 3
    case .withdrawal: 4
    }
  }

  /// The kind of a number; what is none (nothing delivered, or no word of the table) is the first report.
  static func numbered(_ number: Int32) -> VersionKind {
    switch number {
    case 1: .objection
    case 2: .correction
    case 3: .retest
    case 4: .withdrawal
    default: .initial
    }
  }
}
