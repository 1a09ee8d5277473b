import SpotCheckModel

/// One JSON object: `query`, `snapshot`, `rows`, `total`; `subtotals` and `notes` when there are any; of a page of a list also
/// `next`, what the next page begins behind, or null.
public struct JSONEmitter: Emitter {
  public init() {}

  public func emit(_ report: Report, to sink: inout some ByteSink) throws {
    var out: [UInt8] = []
    out.append(contentsOf: "{\"query\":".utf8)
    JSONRow.append(report.query, to: &out)
    out.append(contentsOf: ",\"snapshot\":\(report.snapshot),\"rows\":[".utf8)
    let writer = JSONRow(report.columns)
    var isFirst = true
    try report.rows { cells in
      out.append(contentsOf: (isFirst ? "\n" : ",\n").utf8)
      isFirst = false
      writer.append(cells, to: &out)
      if out.count > 1 << 16 {
        try sink.write(out)
        out.removeAll(keepingCapacity: true)
      }
    }
    out.append(contentsOf: "\n]".utf8)
    if !report.subtotals.isEmpty {
      out.append(contentsOf: ",\"subtotals\":[".utf8)
      for (index, cells) in report.subtotals.enumerated() {
        out.append(contentsOf: (index > 0 ? ",\n" : "\n").utf8)
        writer.append(cells, to: &out)
      }
      out.append(contentsOf: "\n]".utf8)
    }
    out.append(contentsOf: ",\"total\":".utf8)
    if let total = report.total { writer.append(total, to: &out) } else { out.append(contentsOf: "null".utf8) }
    if let end = report.pageEnd {
      out.append(contentsOf: ",\"next\":".utf8)
      JSONRow.append(end.next.map { .text($0.description) } ?? .none, to: &out)
    }
    if !report.notes.isEmpty {
      out.append(contentsOf: ",\"notes\":".utf8)
      JSONRow.append(report.notes, to: &out)
    }
    out.append(contentsOf: "}\n".utf8)
    try sink.write(out)
  }
}

/// One JSON object a line, sums included (their codes are `*`).
public struct NDJSONEmitter: Emitter {
  public init() {}

  public func emit(_ report: Report, to sink: inout some ByteSink) throws {
    var out: [UInt8] = []
    let writer = JSONRow(report.columns)
    try report.forEachLine { cells in
      writer.append(cells, to: &out)
      out.append(0x0A)
      if out.count > 1 << 16 {
        try sink.write(out)
        out.removeAll(keepingCapacity: true)
      }
    }
    try sink.write(out)
  }
}

/// Writes rows as JSON objects.
struct JSONRow {
  /// `"name":` of every column.
  private let names: [[UInt8]]

  init(_ columns: [ReportColumn]) {
    names = columns.map { column in
      var name: [UInt8] = []
      JSONText.append(column.name, to: &name)
      return name + [0x3A]
    }
  }

  func append(_ cells: [ReportCell], to out: inout [UInt8]) {
    out.append(0x7B)
    for (index, cell) in cells.enumerated() {
      if index > 0 { out.append(0x2C) }
      out.append(contentsOf: names[index])
      switch cell {
      case .missing: out.append(contentsOf: "null".utf8)
      case .text(let text): JSONText.append(text, to: &out)
      case .integer(let number): out.append(contentsOf: String(number).utf8)
      case .rate(let rate, _), .change(let rate, _, _), .number(let rate, _):
        out.append(contentsOf: NumberText.json(rate).utf8)
      }
    }
    out.append(0x7D)
  }

  /// What was asked, as an object.
  static func append(_ query: [(name: String, value: ReportValue)], to out: inout [UInt8]) {
    out.append(0x7B)
    for (index, entry) in query.enumerated() {
      if index > 0 { out.append(0x2C) }
      JSONText.append(entry.name, to: &out)
      out.append(0x3A)
      append(entry.value, to: &out)
    }
    out.append(0x7D)
  }

  static func append(_ notes: [QueryNote], to out: inout [UInt8]) {
    out.append(0x5B)
    for (index, note) in notes.enumerated() {
      out.append(contentsOf: (index > 0 ? ",{\"code\":" : "{\"code\":").utf8)
      JSONText.append(note.code, to: &out)
      out.append(contentsOf: ",\"text\":".utf8)
      JSONText.append(note.text, to: &out)
      out.append(contentsOf: ",\"text_zh\":".utf8)
      JSONText.append(note.textZh, to: &out)
      out.append(0x7D)
    }
    out.append(0x5D)
  }

  static func append(_ value: ReportValue, to out: inout [UInt8]) {
    switch value {
    case .none: out.append(contentsOf: "null".utf8)
    case .text(let text): JSONText.append(text, to: &out)
    case .integer(let number): out.append(contentsOf: String(number).utf8)
    case .boolean(let flag): out.append(contentsOf: (flag ? "true" : "false").utf8)
    case .list(let texts):
      out.append(0x5B)
      for (index, text) in texts.enumerated() {
        if index > 0 { out.append(0x2C) }
        JSONText.append(text, to: &out)
      }
      out.append(0x5D)
    }
  }
}
