/// One value of a YAML bulletin, with its place.
struct BulletinNode: Sendable {
  indirect enum Content: Sendable {
    /// A text, and whether it stood without quotes.
    case scalar(String, isPlain: Bool)
    case list([BulletinNode])
    case map([BulletinEntry])
  }
  var content: Content
  var position: AuditPosition

  /// The text of a scalar.
  var text: String? {
    if case .scalar(let text, _) = content { return text }
    return nil
  }

  /// A key without a value.
  var isNothing: Bool {
    if case .scalar(let text, true) = content { return text.isEmpty || text == "~" || text == "null" }
    return false
  }

  /// What stands here, for messages.
  var kindName: String {
    switch content {
    case .scalar(let text, _): isNothing ? "nothing" : "'\(text.prefix(40))'"
    case .list: "a list"
    case .map: "a map of keys"
    }
  }

  /// Where the text of a scalar begins, behind its quotation mark.
  var textPosition: AuditPosition {
    guard case .scalar(_, false) = content else { return position }
    return AuditPosition(line: position.line, column: position.column + 1)
  }
}

/// A key and its value.
struct BulletinEntry: Sendable {
  var key: String
  var position: AuditPosition
  var value: BulletinNode
}
