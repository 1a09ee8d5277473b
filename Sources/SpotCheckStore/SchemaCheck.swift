/// Compares a file's schema with the format's.
enum SchemaCheck {
  /// The widths in bytes of the columns' dictionary indices (0 without one).
  static func indexWidths(_ schema: FlatBufferTable, _ table: SegmentTable) throws(Malformed) -> [Int] {
    try checkFormat(schema, table)
    let fields = try schema.tables(1)
    guard fields.count == table.columns.count else {
      throw wrong("there are \(fields.count) columns and must be \(table.columns.count)")
    }
    var widths: [Int] = []
    for (index, column) in table.columns.enumerated() {
      widths.append(try indexWidth(fields[index], column, id: index))
    }
    return widths
  }

  private static func checkFormat(_ schema: FlatBufferTable, _ table: SegmentTable) throws(Malformed) {
    var values: [String: String] = [:]
    for entry in try schema.tables(2) {
      if let key = try entry.string(0) { values[key] = try entry.string(1) }
    }
    guard values[ArrowMetadata.Key.format] == SegmentTable.format else { throw wrong("it is no segment of ours") }
    guard let version = Int(values[ArrowMetadata.Key.version] ?? ""), version > 0 else {
      throw wrong("it has no format version")
    }
    guard version <= SegmentTable.version else {
      throw Malformed(check: .schema, what: "the format is newer", newerVersion: version)
    }
    guard values[ArrowMetadata.Key.table] == table.rawValue else {
      throw wrong("it is not the \(table.rawValue) table")
    }
    guard try schema.integer(0, default: Int16(0)) == 0 else { throw wrong("it is not little-endian") }
  }

  private static func indexWidth(_ field: FlatBufferTable, _ column: ColumnSpec, id: Int) throws(Malformed) -> Int {
    let (expectedType, expectedFields) = ArrowMetadata.typeFields(column.kind)
    guard try field.string(0) == column.name else { throw wrong("column \(id) is not \(column.name)") }
    guard try field.bool(1) == column.isNullable, try field.integer(2, default: UInt8(0)) == expectedType,
      let type = try field.table(3), try field.tables(5).isEmpty
    else { throw wrong("column \(column.name) has another type") }
    for (id, value) in expectedFields {
      let isEqual =
        switch value {
        case .bool(let value): try type.bool(id) == value
        case .int32(let value): try type.integer(id, default: Int32(0)) == value
        case .int16(let value): try type.integer(id, default: Int16(1)) == value
        default: false
        }
      guard isEqual else { throw wrong("column \(column.name) has another type") }
    }
    let encoding = try field.table(4)
    guard (encoding != nil) == (column.kind == .dictionary) else {
      throw wrong("column \(column.name) is not encoded as it must be")
    }
    guard let encoding else { return 0 }
    guard try encoding.integer(0, default: Int64(0)) == Int64(id), let index = try encoding.table(1),
      try index.bool(1)
    else { throw wrong("column \(column.name) has another dictionary") }
    let bits = try index.integer(0, default: Int32(0))
    guard [8, 16, 32].contains(bits) else { throw wrong("column \(column.name) has codes of \(bits) bits") }
    return Int(bits) / 8
  }

  private static func wrong(_ what: String) -> Malformed { Malformed(check: .schema, what: what) }
}
