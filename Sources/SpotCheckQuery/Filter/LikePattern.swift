/// A pattern of `like`: `%` or `*` stands for any run of characters, `_` or `?` for one, `\` takes the next as it is.
/// Latin letters match in either case. The whole text must match.
struct LikePattern: Sendable, Hashable {
  private enum Piece: Sendable, Hashable {
    case any
    case one
    case scalar(UInt32)
  }

  private let pieces: [Piece]

  init(_ text: String) {
    var pieces: [Piece] = []
    var isEscaped = false
    for scalar in text.unicodeScalars {
      if isEscaped {
        pieces.append(.scalar(LikePattern.folded(scalar)))
        isEscaped = false
        continue
      }
      switch scalar {
      case "\\": isEscaped = true
      case "%", "*", "％", "＊": if pieces.last != .any { pieces.append(.any) }
      case "_", "?", "？": pieces.append(.one)
      default: pieces.append(.scalar(LikePattern.folded(scalar)))
      }
    }
    if isEscaped { pieces.append(.scalar(0x5C)) }
    self.pieces = pieces
  }

  /// Steps at most `text × pattern`: only the last run is taken back.
  func matches(_ text: String) -> Bool {
    let scalars = text.unicodeScalars.map(LikePattern.folded)
    var (place, piece) = (0, 0)
    var (runPiece, runPlace) = (-1, 0)
    while place < scalars.count {
      if piece < pieces.count, pieces[piece] == .any {
        (runPiece, runPlace) = (piece, place)
        piece += 1
      } else if piece < pieces.count, pieces[piece] == .one || pieces[piece] == .scalar(scalars[place]) {
        place += 1
        piece += 1
      } else if runPiece >= 0 {
        runPlace += 1
        (place, piece) = (runPlace, runPiece + 1)
      } else {
        return false
      }
    }
    return pieces[piece...].allSatisfy { $0 == .any }
  }

  private static func folded(_ scalar: Unicode.Scalar) -> UInt32 {
    (0x41...0x5A).contains(scalar.value) ? scalar.value | 0x20 : scalar.value
  }
}
