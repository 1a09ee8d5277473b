import SpotCheckModel

/// What a key, or a combination of keys, asks of the editor.
public enum LineKey: Sendable, Hashable {
  case scalar(Unicode.Scalar)
  case enter, tab, backspace, delete
  case left, right, wordLeft, wordRight, home, end, up, down
  /// Ctrl-K, Ctrl-U, Ctrl-W, Alt-D: takes text away and keeps it for ``yank``.
  case cutToEnd, cutToStart, cutWordLeft, cutWordRight
  case yank, transpose
  /// Ctrl-R and Ctrl-G.
  case search, cancel
  /// Ctrl-C, Ctrl-D, Ctrl-L, Ctrl-Z.
  case abandon, endOfInput, clear, suspend
}

/// Bytes of a terminal become keys, however they are cut into reads. Any bytes may come.
///
/// A byte that is no UTF-8 is U+FFFD; control characters and sequences that mean nothing here are dropped.
public struct KeyDecoder: Sendable {
  private enum State {
    case ground
    case escape
    /// Behind `ESC [`, with what stood there so far.
    case sequence([UInt8])
    /// Behind `ESC O`.
    case single
  }

  private var state = State.ground
  private var pending: [UInt8] = []
  private var needed = 0
  /// Between the marks of a bracketed paste a tab is a blank and asks for nothing.
  private var isPasting = false

  /// No sequence of a terminal is longer; one that is, is thrown away.
  private static let sequenceLimit = 32

  public init() {}

  public mutating func keys(_ bytes: some Sequence<UInt8>) -> [LineKey] {
    var keys: [LineKey] = []
    for byte in bytes { take(byte, &keys) }
    return keys
  }

  private mutating func take(_ byte: UInt8, _ keys: inout [LineKey]) {
    switch state {
    case .ground: ground(byte, &keys)
    case .escape:
      state = .ground
      switch byte {
      case UInt8(ascii: "["): state = .sequence([])
      case UInt8(ascii: "O"): state = .single
      case 0x1B: state = .escape
      case UInt8(ascii: "b"), UInt8(ascii: "B"): keys.append(.wordLeft)
      case UInt8(ascii: "f"), UInt8(ascii: "F"): keys.append(.wordRight)
      case UInt8(ascii: "d"), UInt8(ascii: "D"): keys.append(.cutWordRight)
      case 0x08, 0x7F: keys.append(.cutWordLeft)
      case 0x00...0x1F: ground(byte, &keys)
      default: break
      }
    case .sequence(let so):
      if (0x40...0x7E).contains(byte) {
        state = .ground
        sequence(so, byte, &keys)
      } else if byte < 0x20 {
        // A sequence that was broken off.
        state = .ground
        ground(byte, &keys)
      } else {
        state = so.count < KeyDecoder.sequenceLimit ? .sequence(so + [byte]) : .ground
      }
    case .single:
      state = .ground
      sequence([], byte, &keys)
    }
  }

  private mutating func sequence(_ so: [UInt8], _ final: UInt8, _ keys: inout [LineKey]) {
    let parameters = so.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
      .map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
    // `ESC [ 1 ; 5 C`: with Ctrl, Alt or both.
    let isByWord = parameters.count > 1 && [3, 5, 7].contains(parameters[1])
    switch final {
    case UInt8(ascii: "A"): keys.append(.up)
    case UInt8(ascii: "B"): keys.append(.down)
    case UInt8(ascii: "C"): keys.append(isByWord ? .wordRight : .right)
    case UInt8(ascii: "D"): keys.append(isByWord ? .wordLeft : .left)
    case UInt8(ascii: "H"): keys.append(.home)
    case UInt8(ascii: "F"): keys.append(.end)
    case UInt8(ascii: "~"):
      switch parameters.first ?? 0 {
      case 1, 7: keys.append(.home)
      case 4, 8: keys.append(.end)
      case 3: keys.append(isByWord ? .cutWordRight : .delete)
      case 200: isPasting = true
      case 201: isPasting = false
      default: break
      }
    default: break
    }
  }

  private mutating func ground(_ byte: UInt8, _ keys: inout [LineKey]) {
    if needed > 0 {
      if byte & 0xC0 == 0x80 {
        pending.append(byte)
        needed -= 1
        if needed == 0 { finishScalar(&keys) }
        return
      }
      needed = 0
      finishScalar(&keys)
    }
    switch byte {
    case 0x00...0x1F, 0x7F: control(byte, &keys)
    case 0x20..<0x7F: keys.append(.scalar(Unicode.Scalar(byte)))
    case 0xC2...0xF4:
      pending = [byte]
      needed = byte >= 0xF0 ? 3 : (byte >= 0xE0 ? 2 : 1)
    default: keys.append(.scalar("\u{FFFD}"))
    }
  }

  private mutating func finishScalar(_ keys: inout [LineKey]) {
    defer { pending = [] }
    guard let text = String(validating: pending, as: UTF8.self), let scalar = text.unicodeScalars.first else {
      keys.append(.scalar("\u{FFFD}"))
      return
    }
    // What a terminal would obey rather than show is not taken in.
    if DisplayWidth.harmless(text) == text { keys.append(.scalar(scalar)) }
  }

  private mutating func control(_ byte: UInt8, _ keys: inout [LineKey]) {
    switch byte {
    case 0x1B: state = .escape
    case 0x0A, 0x0D: keys.append(.enter)
    case 0x09: keys.append(isPasting ? .scalar(" ") : .tab)
    case 0x08, 0x7F: keys.append(.backspace)
    default: if let key = KeyDecoder.controls[byte] { keys.append(key) }
    }
  }

  private static let controls: [UInt8: LineKey] = [
    0x01: .home, 0x02: .left, 0x03: .abandon, 0x04: .endOfInput, 0x05: .end, 0x06: .right, 0x07: .cancel,
    0x0B: .cutToEnd, 0x0C: .clear, 0x0E: .down, 0x10: .up, 0x12: .search, 0x14: .transpose, 0x15: .cutToStart,
    0x17: .cutWordLeft, 0x19: .yank, 0x1A: .suspend,
  ]
}
