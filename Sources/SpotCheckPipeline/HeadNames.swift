import SpotCheckCuration
import SpotCheckModel

/// The texts of the first rows as normalised header names, numbered. To normalise a text costs much more than to find
/// it again, and most cells of a table repeat.
struct HeadNames {
  private var delivered = ByteDictionary()
  private var normalised = ByteDictionary()
  /// By number of the delivered text.
  private var numbers: [UInt32] = [0]
  private var scratch: [UInt8] = []

  /// - Parameter bytes: those of the cell's chunk.
  mutating func number(ofCell bytes: Span<UInt8>, _ cell: Cell) -> UInt32 {
    let start = Int(cell.offset)
    let text = bytes.extracting(start..<(start + Int(cell.length)))
    let code = Int(delivered.intern(text))
    if code == numbers.count {
      numbers.append(normalisedNumber(text, UInt32(code)))
    }
    return numbers[code]
  }

  private mutating func normalisedNumber(_ text: Span<UInt8>, _ code: UInt32) -> UInt32 {
    var name = scratch
    scratch = []
    name.removeAll(keepingCapacity: true)
    defer { scratch = name }
    if HeadNames.normalise(text, into: &name) { return normalised.intern(name.span) }
    let careful = HeaderNames.normalise(delivered.string(code))
    return normalised.intern(careful)
  }

  /// The number of a normalised name, or nil if no cell has it.
  func number(of name: String) -> UInt32? {
    let utf8 = name.utf8
    return normalised.find(utf8.span)
  }

  /// What ``HeaderNames/normalise(_:)`` makes of ASCII and of characters from U+4000 to U+9FFF, without a text in between: most
  /// cells of a table are numbers and words that no name is like. False where there is more to it, with something in `out`.
  static func normalise(_ text: Span<UInt8>, into out: inout [UInt8]) -> Bool {
    var index = 0
    while index < text.count {
      let byte = text[index]
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: index &+= 1
      // Marks of required columns, some of which stand in brackets.
      case UInt8(ascii: "*"), UInt8(ascii: "("), UInt8(ascii: "["): return false
      case 0x41...0x5A:
        out.append(byte | 0x20)
        index &+= 1
      case 0..<0x80:
        out.append(byte)
        index &+= 1
      case 0xE4...0xE9:
        guard index &+ 2 < text.count else { return false }
        out.append(byte)
        out.append(text[index &+ 1])
        out.append(text[index &+ 2])
        index &+= 3
      default: return false
      }
    }
    return true
  }
}
