public import SpotCheckModel

extension Filter {
  /// What is wrong with a filter over samples, or nil: for those who keep filters in configuration.
  ///
  /// A condition on items is wrong here: it would count items, and its owner means samples.
  public static func fault(ofSampleFilter text: String) -> FilterFault? {
    do {
      let filter = try Filter(text)
      guard let term = filter.root.terms.first(where: { $0.column.isOfItems }) else { return nil }
      return FilterFault(
        "a condition on items; only columns of samples can be asked here", position: term.values.first?.position)
    } catch let error as QueryError {
      return FilterFault(
        [error.message, error.advice].filter { !$0.isEmpty }.joined(separator: ". "), position: error.position)
    } catch {
      return FilterFault("\(error)")
    }
  }
}
