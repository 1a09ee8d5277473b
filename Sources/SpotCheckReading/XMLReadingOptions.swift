/// What to take from an XML document.
public struct XMLReadingOptions: Sendable, Equatable {
  /// Where records are; nil: every child element of the root, and the root itself if it has no child element.
  public var recordPath: XMLPath?
  /// Where the items of a record are, relative to the record; nil: the record has no item rows.
  public var itemPath: XMLPath?
  /// The namespace of every step that names none itself; nil: any.
  public var namespace: String?
  /// The second and later element of one name under one parent gets `[2]`, `[3]`, … in its path.
  ///
  /// For showing a document to people. Without it, repeated leaves are cells of one column.
  public var indexRepeats: Bool

  public init(
    recordPath: XMLPath? = nil, itemPath: XMLPath? = nil, namespace: String? = nil, indexRepeats: Bool = false
  ) {
    self.recordPath = recordPath
    self.itemPath = itemPath
    self.namespace = namespace
    self.indexRepeats = indexRepeats
  }
}
