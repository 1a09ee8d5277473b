import SpotCheckModel

/// The table `batch_counts`: a batch's counts by kind and name.
extension BatchRecord {
  private enum CountKind: String {
    case diagnostic
    case blank
    /// Samples that counted, by ``SampleClass``.
    case sampleClass = "sample_class"
    /// Samples that did not, by ``SupersessionReason``.
    case sampleClosed = "sample_closed"
  }

  /// What is stored. Accounts of samples are whole: a class without samples has its row with 0, so that a lost row can
  /// be told from an empty class.
  var countsByKind: [(kind: String, counts: [String: Int])] {
    var result = [(CountKind.diagnostic, diagnosticCounts), (.blank, accounts.blankByKind)]
    if let sampleAccounts {
      let classes = SampleClass.allCases.map { ($0.rawValue, sampleAccounts[$0]) }
      result.append((.sampleClass, Dictionary(uniqueKeysWithValues: classes)))
    }
    if let closedSamples {
      let reasons = SupersessionReason.allCases.map { ($0.rawValue, closedSamples[$0] ?? 0) }
      result.append((.sampleClosed, Dictionary(uniqueKeysWithValues: reasons)))
    }
    return result.map { ($0.0.rawValue, $0.1) }
  }

  /// Takes one stored count. A kind or name that this program does not know is left out.
  mutating func setCount(kind: String, name: String, _ count: Int) {
    switch CountKind(rawValue: kind) {
    case .diagnostic: diagnosticCounts[name] = count
    case .blank: accounts.blankByKind[name] = count
    case .sampleClass:
      guard let sampleClass = SampleClass(rawValue: name) else { return }
      var accounts = sampleAccounts ?? SampleAccounts()
      accounts.count(sampleClass, count)
      sampleAccounts = accounts
    case .sampleClosed:
      guard let reason = SupersessionReason(rawValue: name) else { return }
      closedSamples = closedSamples ?? [:]
      // As it was given: a reason without samples is no entry.
      if count != 0 { closedSamples?[reason] = count }
    case nil: break
    }
  }
}
