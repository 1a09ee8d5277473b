import SpotCheckCuration
import SpotCheckModel
import SpotCheckReading
import Synchronization
import Testing

@testable import SpotCheckPipeline

/// Reading on a thread of its own must change nothing but the time it takes.
struct ReadAheadTests {
  /// Enough rows for many pieces.
  private static func csv(_ count: Int, tail: String = "") -> [UInt8] {
    var text = "抽样编号,检验项目,结果,判定,区县,抽样日期\n"
    for row in 0..<count { text += "a-\(row / 3),项目\(row % 3),0.\(row % 7),合格,城东区,2024-03-05\n" }
    return Array((text + tail).utf8)
  }

  private static func xml(_ count: Int) -> [UInt8] {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<数据>"
    for record in 0..<count {
      text += "<样品><抽样编号>x-\(record)</抽样编号><区县>城东区</区县><项目><名称>铅</名称></项目></样品>\n"
    }
    return Array((text + "</数据>").utf8)
  }

  private final class Seen: Sendable {
    let payload = Mutex([Int]())
    func add(_ bytes: RawSpan) { payload.withLock { $0.append(bytes.byteCount) } }
    var count: Int { payload.withLock { $0.reduce(0, +) } }
  }

  private struct Outcome: Equatable {
    var codes: [[UInt32]] = []
    var numbers: [UInt8] = []
    var places: [Int64] = []
    var accounts = RowAccounts()
    var diagnostics: [Diagnostic] = []
    var rejects: [Reject] = []
    var progress: [Int] = []
    var payloadBytes = 0
    var encoding: TextEncoding?
    var seen = 0
  }

  private func read(_ layout: String, _ bytes: [UInt8], ahead: Bool) throws -> Outcome {
    let plan = try #require(Fixture.compile(Fixture.pipeline).plan?.layout(layout))
    let seen = Seen()
    let source = { @Sendable in
      RecordSource(
        MemorySource(bytes, pieces: .fixed(50_000)), name: "x", layout: plan, limits: ReadingLimits(),
        taps: PayloadTaps(payload: { seen.add($0) }))
    }
    var reader =
      ahead
      ? DeliveryReader(ahead: source, layout: plan, batch: "") : DeliveryReader(source(), layout: plan, batch: "")
    var tables = TablePair()
    var report = CurationReport()
    var outcome = Outcome()
    while try reader.step(into: &tables, report: &report) { outcome.progress.append(reader.rawBytes) }
    outcome.codes = tables.samples.text.map(\.codes) + tables.items.text.map(\.codes)
    outcome.numbers = tables.samples.plainText[0].bytes
    outcome.places = tables.items.byteOffset
    outcome.accounts = report.accounts
    outcome.diagnostics = report.diagnostics
    outcome.rejects = report.rejects
    outcome.payloadBytes = reader.payloadBytes
    outcome.encoding = reader.encoding
    outcome.seen = seen.count
    return outcome
  }

  @Test func whatIsReadAheadIsWhatIsReadInPlace() throws {
    let unclosed = Self.csv(20_000, tail: "b-1,\"铅,1\n" + String(repeating: "x,y\n", count: 9000))
    for (layout, bytes) in [
      ("items", Self.csv(30_000)), ("items", Self.csv(0)), ("items", Array("没有\n表头\n".utf8)), ("items", unclosed),
      ("items", Self.csv(20_000, tail: "b-1,铅\"x\",2\n")), ("xml", Self.xml(9000)), ("xml", Self.xml(9000).dropLast(9)),
    ] {
      let (here, there) = (
        try read(layout, Array(bytes), ahead: false), try read(layout, Array(bytes), ahead: true)
      )
      #expect(here == there)
      // Taps have seen every byte, whatever became of the file.
      #expect(there.seen == bytes.count)
    }
    #expect(try read("items", Self.csv(30_000), ahead: true).progress.count > 3)
  }

  private struct Broken: Error {}

  /// Bytes, and then the disk fails.
  private struct BreakingSource: ByteSource {
    var inner: MemorySource
    var left: Int
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
      left -= 1
      if left < 0 { throw Broken() }
      return try inner.read(into: buffer)
    }
  }

  @Test func anErrorOfTheSourceIsThrownWhereItWouldHaveBeen() throws {
    let plan = try #require(Fixture.compile(Fixture.pipeline).plan?.layout("items"))
    let bytes = Self.csv(40_000)
    for blocks in [0, 1, 7, 20] {
      var rows: [Int] = []
      for ahead in [false, true] {
        let source = { @Sendable in
          RecordSource(
            BreakingSource(inner: MemorySource(bytes, pieces: .fixed(50_000)), left: blocks), name: "x", layout: plan,
            limits: ReadingLimits(), taps: PayloadTaps())
        }
        var reader =
          ahead
          ? DeliveryReader(ahead: source, layout: plan, batch: "")
          : DeliveryReader(source(), layout: plan, batch: "")
        var tables = TablePair()
        var report = CurationReport()
        do {
          while try reader.step(into: &tables, report: &report) {}
          Issue.record("nothing was thrown")
        } catch is Broken {}
        rows.append(report.accounts.read)
      }
      #expect(rows[0] == rows[1])
    }
  }

  /// Whoever turns away must not wait for a file without end, nor leave a thread behind.
  @Test func aReaderThatIsLetGoEndsItsThread() throws {
    final class Endless: ByteSource, Sendable {
      let reads = Mutex(0)
      func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = reads.withLock { count in
          count += 1
          return count
        }
        let line = Array((count == 1 ? "抽样编号,检验项目,结果\n" : "a-\(count),铅,1\n").utf8)
        buffer.copyBytes(from: line)
        return line.count
      }
    }
    let plan = try #require(Fixture.compile(Fixture.pipeline).plan?.layout("items"))
    let endless = Endless()
    do {
      var reader = DeliveryReader(
        ahead: {
          RecordSource(endless, name: "x", layout: plan, limits: ReadingLimits(), taps: PayloadTaps())
        }, layout: plan, batch: "")
      var tables = TablePair()
      var report = CurationReport()
      let hasMore = try reader.step(into: &tables, report: &report)
      #expect(hasMore)
    }
    // The thread was joined: nobody reads any more.
    let reads = endless.reads.withLock { $0 }
    for _ in 0..<1000 where endless.reads.withLock({ $0 }) != reads { Issue.record("somebody still reads") }
  }

  @Test func threadsAreLentWhileThereAreAny() {
    let threads = ReadingThreads(most: 2)
    threads.begin()
    #expect(threads.take())
    #expect(!threads.take())
    threads.giveBack()
    threads.begin()
    #expect(!threads.take())
    // A file is begun even if none is left.
    threads.begin()
    threads.giveBack()
    threads.giveBack()
    #expect(threads.take())
    #expect(!ReadingThreads(most: 0).take())
  }
}
