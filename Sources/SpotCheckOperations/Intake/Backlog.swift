import SpotCheckStore
import SpotCheckSystem

/// The files that are ready, in the order in which they are taken: one from each folder in turn, so that a flood from
/// one bureau does not make the others wait (ING-13).
///
/// Folders take turns in the order of their oldest file, files of a folder in the order in which they came, as the file
/// system says; equal ones by name. Claims of an earlier run go first if the file had no part in their being cut short,
/// and last if it may have had: a file that kills the program does so when all others are done.
struct Backlog {
  enum Item {
    case fresh(InboxEntry, Sidecars.Verdict)
    case retry(FoundClaim)

    /// Bytes, as far as known.
    var size: Int64 {
      if case .fresh(let entry, _) = self { return entry.status.byteCount }
      return 0
    }

    /// It may have had a part in how an earlier run ended.
    var isSuspect: Bool {
      if case .retry(let found) = self { return found.name.attempt > 0 }
      return false
    }
  }

  private let items: [Item]
  private var index = 0

  init(fresh: [(entry: InboxEntry, verdict: Sidecars.Verdict)], retries: [FoundClaim]) {
    var queues: [String: [(entry: InboxEntry, verdict: Sidecars.Verdict)]] = [:]
    for item in fresh { queues[item.entry.folder, default: []].append(item) }
    let inOrder = queues.values.map { queue in queue.sorted { Backlog.came($0.entry, before: $1.entry) } }
      .sorted { first, second in
        guard let left = first.first?.entry, let right = second.first?.entry else { return false }
        return Backlog.came(left, before: right)
      }
    var items: [Item] = retries.filter { $0.name.attempt == 0 }.map { .retry($0) }
    items.reserveCapacity(fresh.count + retries.count)
    var turn = 0
    var isMore = true
    while isMore {
      isMore = false
      for queue in inOrder where turn < queue.count {
        items.append(.fresh(queue[turn].entry, queue[turn].verdict))
        isMore = true
      }
      turn += 1
    }
    self.items = items + retries.filter { $0.name.attempt > 0 }.map { .retry($0) }
  }

  private static func came(_ left: InboxEntry, before right: InboxEntry) -> Bool {
    if left.status.changedNanoseconds != right.status.changedNanoseconds {
      return left.status.changedNanoseconds < right.status.changedNanoseconds
    }
    return left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
  }

  var remaining: ArraySlice<Item> { items[index...] }
  var next: Item? { index < items.count ? items[index] : nil }
  mutating func advance() { index += 1 }
  /// Leaves all that remains for another time.
  mutating func end() { index = items.count }

  /// Of what is still to be taken.
  var largest: Int64 { items.map(\.size).max() ?? 0 }
}

/// How much one pass may do, and how much it has done (ING-13).
struct Budget {
  private let settings: OperationSettings
  private let layout: StoreLayout
  private let largest: Int64
  private let start = Machine.monotonicSeconds
  private var files = 0
  private var bytes: Int64 = 0

  init(_ settings: OperationSettings, layout: StoreLayout, largest: Int64) {
    self.settings = settings
    self.layout = layout
    self.largest = largest
  }

  /// Why a file of this size must be left for the next time; nil: it may be taken.
  func refusal(of size: Int64) throws(SystemError) -> String? {
    if let limit = settings.maximumFiles, files >= limit { return "files" }
    // The first file is taken whatever its size: it would never be otherwise.
    if let limit = settings.maximumBytes, files > 0, bytes.addingReportingOverflow(size).partialValue > limit {
      return "bytes"
    }
    if let limit = settings.maximumSeconds, Machine.monotonicSeconds - start >= limit { return "seconds" }
    let space = try FileSystemKind(of: layout.root)
    let (twice, overflow) = largest.multipliedReportingOverflow(by: 2)
    let floor = settings.freeFloor ?? max(space.totalBytes / 20, overflow ? Int64.max : twice)
    return space.freeBytes < floor ? "space" : nil
  }

  mutating func take(_ size: Int64) {
    files += 1
    bytes = bytes.addingReportingOverflow(size).overflow ? Int64.max : bytes + size
  }
}
