/// A code table's CSV, split strictly: comma, double quotes, one header row, every row as wide as the header.
struct CodeSheet {
  struct Cell {
    var text: String
    var line: Int
    var column: Int
  }

  var file: String
  private var content: [UInt8] = []
  var header: [Cell] = []
  var rows: [[Cell]] = []
  var problems: [PipelineProblem] = []

  static let byteLimit = 64 << 20

  init(_ bytes: [UInt8], file: String) {
    self.file = file
    guard bytes.count <= CodeSheet.byteLimit else {
      problems = [PipelineProblem(file: file, "the file is larger than \(CodeSheet.byteLimit) bytes")]
      return
    }
    content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard String(validating: content, as: UTF8.self) != nil else {
      problems = [PipelineProblem(file: file, "the file is not valid UTF-8")]
      return
    }
    split(content)
    if header.isEmpty, problems.isEmpty { problems.append(PipelineProblem(file: file, "the file is empty")) }
  }

  func problem(_ severity: PipelineProblem.Severity = .error, at cell: Cell, _ message: String) -> PipelineProblem {
    PipelineProblem(
      severity, file: file, line: cell.line, column: cell.column, length: max(1, cell.text.unicodeScalars.count),
      message, sourceLine: source(of: cell.line))
  }

  /// A line of the file, for the few that have problems.
  private func source(of line: Int) -> String {
    var start = content.startIndex
    for _ in 1..<max(1, line) {
      guard let end = content[start...].firstIndex(of: 0x0A) else { return "" }
      start = end + 1
    }
    let end = content[start...].firstIndex(of: 0x0A)
    let text = content[start..<(end ?? content.endIndex)]
    return String(decoding: end != nil && text.last == 0x0D ? text.dropLast() : text, as: UTF8.self)
  }

  /// By bytes: what separates cells is ASCII, and columns count scalars, which begin with any byte but a continuation.
  private mutating func split(_ text: [UInt8]) {
    let (quote, comma, lineFeed, carriageReturn) = (UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(0x0A), UInt8(0x0D))
    var row: [Cell] = []
    var cell: [UInt8] = []
    var (line, column) = (1, 1)
    var (startLine, startColumn) = (1, 1)
    var isQuoted = false
    var wasQuoted = false

    func current() -> Cell {
      Cell(text: String(decoding: cell, as: UTF8.self), line: startLine, column: startColumn)
    }
    var index = 0
    while index < text.count {
      let byte = text[index]
      index += 1
      let next = index < text.count ? text[index] : nil
      if byte & 0xC0 != 0x80 { column += 1 }
      if isQuoted {
        if byte == quote {
          if next == quote {
            cell.append(quote)
            index += 1
            column += 1
          } else {
            isQuoted = false
          }
        } else {
          if byte == lineFeed { (line, column) = (line + 1, 1) }
          cell.append(byte)
        }
        continue
      }
      switch byte {
      case quote where cell.isEmpty && !wasQuoted:
        isQuoted = true
        wasQuoted = true
      case comma, lineFeed:
        row.append(current())
        if byte == lineFeed {
          finish(row)
          row = []
          (line, column) = (line + 1, 1)
        }
        cell.removeAll(keepingCapacity: true)
        wasQuoted = false
        (startLine, startColumn) = (line, column)
      case carriageReturn where next == lineFeed || next == nil: continue
      default:
        if wasQuoted || byte == quote {
          problems.append(problem(at: current(), "a quotation mark inside a cell must be doubled in a quoted cell"))
          wasQuoted = false
        }
        cell.append(byte)
      }
    }
    if isQuoted { problems.append(problem(at: current(), "the quotation mark is never closed")) }
    if !cell.isEmpty || !row.isEmpty || wasQuoted {
      row.append(current())
      finish(row)
    }
  }

  private mutating func finish(_ row: [Cell]) {
    guard let first = row.first else { return }
    if row.count == 1, first.text.isEmpty { return }
    if header.isEmpty {
      header = row
    } else if row.count != header.count {
      problems.append(problem(at: first, "expected \(header.count) cells, found \(row.count)"))
    } else {
      rows.append(row)
    }
  }
}
