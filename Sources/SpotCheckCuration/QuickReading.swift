/// Which texts of a field can be taken without a look at its plan: what hardly repeats must cost little to meet anew.
struct QuickReading: Sendable {
  enum Family: Sendable {
    /// Every text is read in full.
    case none
    /// A text that stands for itself, unless it is a placeholder or a formula.
    case text
    /// Capitals and digits: nothing can be folded, and it is no word.
    case number
    /// A plain decimal.
    case result
  }

  let family: Family
  /// In bytes.
  let maximumLength: Int

  init(_ field: FieldPlan) {
    maximumLength = field.maximumLength
    let isBare = field.words.isEmpty && field.patterns.isEmpty
    switch field.target.kind {
    case .text: family = isBare && field.steps.isEmpty && field.table == nil ? .text : .none
    case .number: family = isBare && (field.steps.isEmpty || field.steps == [.upper]) ? .number : .none
    case .result: family = isBare && field.steps.isEmpty ? .result : .none
    default: family = .none
    }
  }
}
