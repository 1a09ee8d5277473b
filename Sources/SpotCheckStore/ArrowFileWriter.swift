import SpotCheckModel

/// Writes one table as an Arrow IPC file: schema, one dictionary batch a text column, one record batch, footer.
enum ArrowFileWriter {
  static func write(_ table: SegmentTable, _ columns: [ColumnData], rows: Int, to sink: inout FileSink) throws {
    precondition(columns.count == table.columns.count, "one array a column")
    precondition(1.littleEndian == 1, "segments are little-endian and written from memory as it is")
    let schema = ArrowSchema(table, indexWidths: columns.map(\.indexWidth))
    try sink.metadata(ArrowMetadata.magic + [0, 0])
    _ = try writeMessage(ArrowMetadata.schemaMessage(schema), bodyLength: 0, to: &sink)
    var dictionaries: [ArrowMetadata.Block] = []
    for (id, column) in columns.enumerated() {
      if case .dictionary(let text) = column {
        dictionaries.append(try writeDictionary(id, text.dictionary, to: &sink))
      }
    }
    let batch = try writeBatch(columns, rows: rows, to: &sink)
    try sink.metadata(ArrowMetadata.endOfStream)
    let footer = ArrowMetadata.footer(
      schema, dictionaries: dictionaries, batches: [batch],
      metadata: [(ArrowMetadata.Key.checksums, BufferChecksum.text(sink.checksums))])
    try sink.metadata(footer + ArrowMetadata.littleEndian(footer.count) + ArrowMetadata.magic)
  }

  private static func writeDictionary(
    _ id: Int, _ dictionary: ByteDictionary, to sink: inout FileSink
  ) throws -> ArrowMetadata.Block {
    var plan = BatchPlan(rows: dictionary.count)
    plan.addNode(nullCount: 0)
    plan.addBuffer(0)
    plan.addBuffer((dictionary.count + 1) * 4)
    plan.addBuffer(dictionary.bytes.count)
    let block = try writeMessage(
      ArrowMetadata.dictionaryMessage(id: id, plan), bodyLength: plan.bodyLength, to: &sink)
    try sink.buffer(dictionary.offsets)
    try sink.buffer(dictionary.bytes)
    return block
  }

  private static func writeBatch(
    _ columns: [ColumnData], rows: Int, to sink: inout FileSink
  ) throws -> ArrowMetadata.Block {
    var plan = BatchPlan(rows: rows)
    let validities = columns.map { $0.validity() }
    for (column, validity) in zip(columns, validities) {
      plan.addNode(nullCount: validity?.nullCount ?? 0)
      plan.addBuffer(validity?.bits.count ?? 0)
      for length in column.bufferLengths { plan.addBuffer(length) }
    }
    let block = try writeMessage(ArrowMetadata.recordBatchMessage(plan), bodyLength: plan.bodyLength, to: &sink)
    for (column, validity) in zip(columns, validities) {
      if let validity { try sink.buffer(validity.bits) }
      try column.writeBuffers(to: &sink)
    }
    return block
  }

  private static func writeMessage(
    _ message: [UInt8], bodyLength: Int, to sink: inout FileSink
  ) throws -> ArrowMetadata.Block {
    let (bytes, block) = ArrowMetadata.framed(message, at: sink.position, bodyLength: bodyLength)
    try sink.metadata(bytes)
    return block
  }
}
