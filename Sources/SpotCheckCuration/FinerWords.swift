// Codes finer than the model's words: code tables name them, curation turns them into flags. The tables may use no
// others, so that a slip of the pen in a table is an error and not a lost flag.

/// What a remark (备注, 处置结果, 复检状态) says about its sample: the codes of the table `remarks`.
public enum RemarkWord: String, CaseIterable, Sendable {
  /// 异议处置中, 复检中: an objection, or a retest asked for, is open.
  case objectionPending = "objection_pending"
  /// 真实性异议: the named producer says that the product is not its own. Open until something settles it.
  case counterfeitClaim = "counterfeit_claim"
  /// 异议认可: the objection was upheld. Settled and flagged; the verdict stays as reported.
  case objectionUpheld = "objection_upheld"
  /// 异议不认可, 逾期异议, 复检合格 …: nothing is open any more.
  case objectionClosed = "objection_closed"
  /// 撤回异议: the objection was withdrawn, which is not a withdrawal of the sample.
  case objectionWithdrawn = "objection_withdrawn"
  /// 未提出异议: there never was one, although the words 提出异议 stand in it.
  case noObjection = "no_objection"
  case withdrawn, unlicensed, refused
  case stoppedProduction = "stopped_production"
}

/// Codes of the table `verdicts` below the words of ``Verdict``.
public enum VerdictDetail: String, CaseIterable, Sendable {
  /// Below `not_tested`.
  case refused, unlicensed
  /// 异议处理中 where a conclusion should stand: no conclusion, and an open objection. Below `undetermined`.
  case objectionPending = "objection_pending"
  /// 复检合格, 复检不合格: the conclusion of a retest, whatever the version column says. Below `pass` and `fail`.
  case retestPassed = "retest_passed"
  case retestFailed = "retest_failed"
  /// 纯监测…: only monitored, never in a pass rate. Below `undetermined`.
  case monitoringOnly = "monitoring_only"
}

/// Codes of the table `versions` below `objection`.
public enum VersionDetail: String, CaseIterable, Sendable {
  case objectionClosed = "objection_closed"
  case objectionUpheld = "objection_upheld"
}
