import SpotCheck
import SpotCheckOperations
import SpotCheckTestSupport
import Testing

/// ING-08.
@Suite("Names as they are")
struct OddNameTests {
  static let names: [[UInt8]] = {
    let texts = [
      "a\nb.csv", "\u{1B}[31mred.csv", String(repeating: "检", count: 83) + "ab.csv", "-rf.csv", " .csv", "a:b\\c.csv",
      "%2E%2E.csv", "~.csv", "\u{10FF80}.csv", "..%2F..%2Fetc.csv",
    ]
    let gbk: [UInt8] = [0xCE, 0xF7, 0xC4, 0xFE, 0x2E, 0x63, 0x73, 0x76]
    return texts.filter { !$0.hasPrefix(".") }.map { Array($0.utf8) } + [gbk]
  }()

  @Test("every name is imported, kept, and answered, and comes back as it was if need be", arguments: names)
  func everyName(_ bytes: [UInt8]) throws {
    let inbox = try InboxStore()
    let name = PathText.decode(bytes)
    try inbox.drop(name, SmallDelivery.csv(1))
    var isStopped = false
    let first = try inbox.pass { event in
      if case .claimed = event { isStopped = true }
    } stop: {
      isStopped
    }
    #expect(first.deliveries.map(\.name) == [name])
    #expect(try FileSystem.names(in: inbox.path("")) == [name])
    let second = try inbox.pass()
    #expect(second.count(.imported) == 1)
    let kept = try inbox.files("archive")
    #expect(kept.count == 1)
    #expect(try inbox.contents(kept.first ?? "") == Array(SmallDelivery.csv(1).utf8))
    #expect(try inbox.batches().first?.record.name == name)
    #expect(try inbox.files("receipts").count == 3)
    for path in try inbox.files("receipts", "archive") { #expect(PathText.isText(path)) }
    let isReadable = PathText.isText(name)
    #expect((second.deliveries.first?.file?.counts[.fileNameInvalid] == nil) == isReadable)
  }

  @Test("the same name from two bureaus, and again the next day")
  func collisions() throws {
    let inbox = try InboxStore()
    try inbox.drop("a.csv", SmallDelivery.csv(1))
    try inbox.drop("a.csv", SmallDelivery.csv(2), in: "other")
    #expect(try inbox.pass().count(.imported) == 2)
    try inbox.drop("a.csv", SmallDelivery.csv(3))
    #expect(try inbox.pass().count(.imported) == 1)
    inbox.clock.advance(by: 86_400)
    try inbox.drop("a.csv", SmallDelivery.csv(4))
    #expect(try inbox.pass().count(.imported) == 1)
    #expect(try inbox.files("archive").count == 4)
    #expect(try inbox.files("receipts").filter { $0.hasSuffix(".txt") }.count == 4)
  }
}
