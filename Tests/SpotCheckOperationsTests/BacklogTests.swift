import Glibc
import SpotCheck
import Testing

@testable import SpotCheckOperations

/// ING-13.
@Suite("Who is next, and how much at once")
struct BacklogTests {
  private func status(_ inbox: InboxStore) throws -> FileStatus {
    try FileSystem.status(try inbox.drop("x", "x"))
  }

  private func names(_ backlog: Backlog) -> [String] {
    backlog.remaining.map {
      switch $0 {
      case .fresh(let entry, _): entry.folder + "/" + entry.name
      case .retry(let found): found.name.text
      }
    }
  }

  @Test("ten thousand files from one bureau do not keep another one waiting")
  func flood() throws {
    let status = try status(InboxStore())
    let ready = Sidecars.Verdict.ready(nil, hasDone: false)
    var fresh = (0..<10_000).map { (InboxEntry(folder: "a", name: "f\($0)", status: status), ready) }
    fresh.append((InboxEntry(folder: "b", name: "only", status: status), ready))
    let order = names(Backlog(fresh: fresh, retries: []))
    #expect(order.count == 10_001)
    #expect(order[1] == "b/only")
  }

  @Test("files of a folder come in their order, folders by their oldest file")
  func order() throws {
    let inbox = try InboxStore()
    for (name, folder) in [("z", "b"), ("y", "a"), ("x", "a"), ("w", "b")] {
      try inbox.drop(name, "1", in: folder)
      // Some file systems tell times apart only by the tick.
      usleep(20_000)
    }
    let scan = try InboxScan(inbox.layout, ignoring: IgnoreList())
    let fresh = scan.files.map { ($0, Sidecars.Verdict.ready(nil, hasDone: false)) }
    #expect(names(Backlog(fresh: fresh, retries: [])) == ["b/z", "a/y", "b/w", "a/x"])
  }

  @Test("a flood is taken in turns, up to the limit, and the rest is deferred")
  func limits() throws {
    let inbox = try InboxStore()
    for number in 1...5 { try inbox.drop("\(number).csv", SmallDelivery.csv(number), in: "a") }
    try inbox.drop("only.csv", SmallDelivery.csv(9), in: "b")
    inbox.settings.maximumFiles = 2
    let files = try inbox.pass()
    #expect(Set(files.deliveries.map(\.folder)) == ["a", "b"])
    #expect(files.deferred == ["files": 4] && files.isBalanced)
    inbox.settings.maximumFiles = nil
    inbox.settings.maximumBytes = Int64(SmallDelivery.csv(1).utf8.count) * 2
    #expect(try inbox.pass().deferred == ["bytes": 2])
    inbox.settings.maximumBytes = 1
    // The first one always, or it would never be taken.
    #expect(try inbox.pass().deferred == ["bytes": 1])
    inbox.settings.maximumBytes = nil
    inbox.settings.maximumSeconds = 0
    #expect(try inbox.pass().deferred == ["seconds": 1])
    inbox.settings.maximumSeconds = nil
    inbox.settings.freeFloor = .max
    let space = try inbox.pass()
    #expect(space.deferred == ["space": 1] && space.deliveries.isEmpty)
    inbox.settings.freeFloor = 0
    #expect(try inbox.pass().count(.imported) == 1)
  }

  @Test("a claim that may have killed the program comes last, one that was only interrupted first")
  func retries() throws {
    let status = try status(InboxStore())
    let fresh = [(InboxEntry(folder: "a", name: "f", status: status), Sidecars.Verdict.ready(nil, hasDone: false))]
    let retries = [1, 0].map { FoundClaim(run: "r", name: ClaimName(delivery: "r-1", attempt: $0, folder: "a")) }
    #expect(names(Backlog(fresh: fresh, retries: retries)) == ["r-1.0.a", "a/f", "r-1.1.a"])
  }

  @Test("names of claims", arguments: [("r1-2-000001", 3, "lcj"), ("r1-2-000001", 0, ""), ("r", 1, "a.b..c")])
  func claimNames(delivery: String, attempt: Int, folder: String) {
    let name = ClaimName(delivery: delivery, attempt: attempt, folder: folder)
    #expect(ClaimName(name.text) == name)
    for odd in ["", "r", "r.1", ".1.a", "r.x.a", "r.-1.a", "r.99999999999999999999.a"] {
      #expect(ClaimName(odd) == nil, "\(odd)")
    }
  }
}
