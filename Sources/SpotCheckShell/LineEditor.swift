/// The editor of one line: keys in, a line out. It knows no terminal.
public struct LineEditor: Sendable {
  /// What a key led to.
  public enum Outcome: Sendable, Hashable {
    case editing
    case line(String)
    /// Ctrl-C: the line is given up.
    case abandoned
    /// Ctrl-D on an empty line.
    case ended
    /// The tab key: words are wanted for what stands before the cursor.
    case wantsWords
    case wantsClearScreen
    case wantsSuspension
  }

  /// A search backwards through the history.
  private struct Search {
    var wanted = ""
    /// The entry that is shown; the number of entries if none is yet.
    var place: Int
    var isFailing = false
    /// The line before the search.
    var draft: LineBuffer
  }

  public private(set) var buffer = LineBuffer()
  private let history: [String]
  /// The entry that is shown; the number of entries for the new line.
  private var place: Int
  /// The new line, while an older one is shown.
  private var draft = ""
  private var cutText: [Unicode.Scalar] = []
  private var search: Search?

  /// - Parameter history: earlier lines, oldest first.
  public init(history: [String] = []) {
    self.history = history
    place = history.count
  }

  /// What stands before the line instead of the prompt while something is searched for.
  public var searchPrompt: String? {
    search.map { ($0.isFailing ? "(not found) '" : "(search) '") + $0.wanted + "': " }
  }

  /// Puts a text in place of what stands from `start` to the cursor: what was offered was chosen.
  public mutating func replace(from start: Int, with text: String) { buffer.replace(from: start, with: text) }

  public mutating func handle(_ key: LineKey) -> Outcome {
    if search != nil, let outcome = handleSearch(key) { return outcome }
    switch key {
    case .scalar(let scalar): buffer.insert(CollectionOfOne(scalar))
    case .enter: return .line(buffer.text)
    case .tab: return .wantsWords
    case .backspace: _ = buffer.cut(to: buffer.left)
    case .delete: _ = buffer.cut(to: buffer.right)
    case .left: buffer.move(to: buffer.left)
    case .right: buffer.move(to: buffer.right)
    case .wordLeft: buffer.move(to: buffer.wordLeft)
    case .wordRight: buffer.move(to: buffer.wordRight)
    case .home: buffer.move(to: 0)
    case .end: buffer.move(to: buffer.scalars.count)
    case .up: browse(to: place - 1)
    case .down: browse(to: place + 1)
    case .cutToEnd: keep(buffer.cut(to: buffer.scalars.count))
    case .cutToStart: keep(buffer.cut(to: 0))
    case .cutWordLeft: keep(buffer.cut(to: buffer.blankLeft))
    case .cutWordRight: keep(buffer.cut(to: buffer.wordRight))
    case .yank: buffer.insert(cutText)
    case .transpose: buffer.transpose()
    case .search: search = Search(place: history.count, draft: buffer)
    case .cancel: break
    case .abandon: return .abandoned
    case .endOfInput:
      if buffer.scalars.isEmpty { return .ended }
      _ = buffer.cut(to: buffer.right)
    case .clear: return .wantsClearScreen
    case .suspend: return .wantsSuspension
    }
    return .editing
  }

  private mutating func keep(_ text: [Unicode.Scalar]) { if !text.isEmpty { cutText = text } }

  private mutating func browse(to wanted: Int) {
    guard (0...history.count).contains(wanted), wanted != place else { return }
    if place == history.count { draft = buffer.text }
    place = wanted
    buffer.set(wanted == history.count ? draft : history[wanted])
  }

  /// Nil: the search is over, and the key means what it always does.
  private mutating func handleSearch(_ key: LineKey) -> Outcome? {
    guard var current = search else { return nil }
    switch key {
    case .scalar(let scalar):
      current.wanted.unicodeScalars.append(scalar)
      find(&current, from: current.place)
    case .backspace:
      guard !current.wanted.isEmpty else { break }
      current.wanted.unicodeScalars.removeLast()
      find(&current, from: history.count - 1)
    case .search: find(&current, from: current.place - 1)
    case .cancel, .abandon:
      buffer = current.draft
      search = nil
      return .editing
    default:
      search = nil
      if current.place < history.count {
        place = current.place
        draft = current.draft.text
      }
      return nil
    }
    search = current
    return .editing
  }

  /// The newest entry at or before a place that holds the text.
  private mutating func find(_ search: inout Search, from start: Int) {
    guard !search.wanted.isEmpty else { return }
    let found = history.indices.last { $0 <= start && LineEditor.holds(history[$0], search.wanted) }
    search.isFailing = found == nil
    guard let found else { return }
    search.place = found
    buffer.set(history[found])
  }

  /// Scalar by scalar: half of a character is found, too.
  private static func holds(_ text: String, _ wanted: String) -> Bool {
    let (text, wanted) = (Array(text.utf8), Array(wanted.utf8))
    guard wanted.count <= text.count else { return false }
    return (0...text.count - wanted.count).contains { text[$0...].starts(with: wanted) }
  }
}
