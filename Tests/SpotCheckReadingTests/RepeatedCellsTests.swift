import SpotCheckModel
import SpotCheckReading
import Testing

/// What the reader says about cells that stand as in the row above must be so, or Curation would take one sample for another.
struct RepeatedCellsTests {
  private func chunks(_ text: String) throws -> [RecordChunk] {
    var reader = CSVReader(MemorySource(Array(text.utf8)), dialect: .comma)
    var chunks: [RecordChunk] = []
    var chunk = RecordChunk()
    while try reader.next(into: &chunk) { chunks.append(chunk) }
    return chunks
  }

  /// How many cells in front are the same texts.
  private func alike(_ chunk: RecordChunk, _ index: Int) -> Int {
    let above = chunk.cells(of: chunk.rows[index - 1]).map { chunk.text(of: $0) }
    let here = chunk.cells(of: chunk.rows[index]).map { chunk.text(of: $0) }
    return zip(above, here).prefix { $0 == $1 }.count
  }

  @Test func whatIsSaidIsSo() throws {
    var random = Seeded(5)
    let words = [
      "", "a", "ab", "abcdefgh", "abcdefghi", "城东区", "城中区", "\"x,y\"", "\"x\"\"y\"", "\"a\"", "\"l\nm\"", " a",
    ]
    var repeated = 0
    for _ in 0..<300 {
      var row = (0..<6).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }
      var text = ""
      for _ in 0..<12 {
        if Int.random(in: 0..<3, using: &random) > 0 {
          row[Int.random(in: 0..<row.count, using: &random)] = words[Int.random(in: 0..<words.count, using: &random)]
        }
        if Int.random(in: 0..<9, using: &random) == 0 { row.append("z") }
        if row.count > 2, Int.random(in: 0..<9, using: &random) == 0 { row.removeLast() }
        text += row.joined(separator: ",") + "\n"
      }
      for chunk in try chunks(text) {
        #expect(chunk.rows.first?.repeatedCells == 0)
        for index in chunk.rows.indices.dropFirst() {
          let said = Int(chunk.rows[index].repeatedCells)
          #expect(said <= alike(chunk, index))
          repeated += said
        }
      }
    }
    #expect(repeated > 1000)
  }

  /// Without quotes it is all of them but the last, behind which no separator stands.
  @Test func nothingPlainIsMissed() throws {
    let text =
      "1,abcdefghij,x,城东区,5\n1,abcdefghij,x,城东区,6\n1,abcdefghij,x,城中区,6\n2,abcdefghij,x,城中区,6\n2,abcdefghij,x\n"
    let rows = try #require(try chunks(text).first).rows
    #expect(rows.map(\.repeatedCells) == [0, 4, 3, 0, 2])
  }
}
