import SpotCheckModel

/// A line and a cursor in it.
///
/// Places are counted in scalars. What has no width of its own (combining marks, joiners) belongs to what stands before it:
/// the cursor passes both at once, and both are deleted at once.
public struct LineBuffer: Sendable, Hashable {
  public private(set) var scalars: [Unicode.Scalar] = []
  /// From 0 to the number of scalars.
  public private(set) var cursor = 0

  /// More is not taken in: a line is typed by somebody, not poured.
  public static let limit = 1 << 16

  public init() {}

  public var text: String { LineBuffer.text(scalars) }
  public var textBeforeCursor: String { LineBuffer.text(scalars[..<cursor]) }

  public mutating func set(_ text: String) {
    scalars = Array(text.unicodeScalars.prefix(LineBuffer.limit))
    cursor = scalars.count
  }

  public mutating func insert(_ inserted: some Collection<Unicode.Scalar>) {
    guard scalars.count + inserted.count <= LineBuffer.limit else { return }
    scalars.insert(contentsOf: inserted, at: cursor)
    cursor += inserted.count
  }

  /// Puts a text in place of what stands from `start` to the cursor.
  public mutating func replace(from start: Int, with text: String) {
    guard (0...cursor).contains(start) else { return }
    scalars.removeSubrange(start..<cursor)
    cursor = start
    insert(Array(text.unicodeScalars))
  }

  public mutating func move(to place: Int) { cursor = min(max(0, place), scalars.count) }

  /// Takes away what stands between the cursor and a place, and gives it.
  public mutating func cut(to place: Int) -> [Unicode.Scalar] {
    let place = min(max(0, place), scalars.count)
    let range = min(place, cursor)..<max(place, cursor)
    let removed = Array(scalars[range])
    scalars.removeSubrange(range)
    cursor = range.lowerBound
    return removed
  }

  /// The two characters around the cursor change places, as Ctrl-T does.
  public mutating func transpose() {
    guard scalars.count > 1, cursor > 0 else { return }
    let middle = cursor == scalars.count ? left : cursor
    let end = LineBuffer.next(scalars, after: middle)
    let start = LineBuffer.previous(scalars, before: middle)
    guard start < middle, middle < end else { return }
    scalars.replaceSubrange(start..<end, with: Array(scalars[middle..<end]) + Array(scalars[start..<middle]))
    cursor = end
  }

  public var left: Int { LineBuffer.previous(scalars, before: cursor) }
  public var right: Int { LineBuffer.next(scalars, after: cursor) }

  /// The beginning of the word before the cursor: letters and digits.
  public var wordLeft: Int {
    var place = cursor
    while place > 0, !isOfWord(place - 1) { place -= 1 }
    while place > 0, isOfWord(place - 1) { place -= 1 }
    return place
  }

  /// The end of the word behind the cursor.
  public var wordRight: Int {
    var place = cursor
    while place < scalars.count, !isOfWord(place) { place += 1 }
    while place < scalars.count, isOfWord(place) { place += 1 }
    return place
  }

  /// Where the text between blanks begins, which Ctrl-W takes away.
  public var blankLeft: Int {
    var place = cursor
    while place > 0, scalars[place - 1] == " " { place -= 1 }
    while place > 0, scalars[place - 1] != " " { place -= 1 }
    return place
  }

  private func isOfWord(_ place: Int) -> Bool {
    let scalar = scalars[place]
    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil || DisplayWidth.of(scalar) == 0
  }

  private static func previous(_ scalars: [Unicode.Scalar], before place: Int) -> Int {
    var place = place - 1
    while place > 0, DisplayWidth.of(scalars[place]) == 0 { place -= 1 }
    return max(0, place)
  }

  private static func next(_ scalars: [Unicode.Scalar], after place: Int) -> Int {
    var place = place + 1
    while place < scalars.count, DisplayWidth.of(scalars[place]) == 0 { place += 1 }
    return min(place, scalars.count)
  }

  private static func text(_ scalars: some Collection<Unicode.Scalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }
}
