public import SpotCheckSystem

/// The names of everything inside a store. No other file makes one.
///
///     STORE/
///       catalogue.sqlite          the transactional memory
///       lock                      held by the one process that changes the store
///       readers                   held by every process that reads segments
///       segments/                 <id>.samples.arrow, <id>.items.arrow
///       tables/                   code tables, targets, rules
///       inbox/<bureau>/           delivered files
///       processing/<run>/<claim>/ the file that a run is at work on, in a folder of its own
///       archive/<yyyy>/<mm>/<dd>/ delivered files, as they came
///       quarantine/<code>/<day>/  files refused, with the reason beside them
///       receipts/<bureau>/        what the bureaus get back
///       runs/                     <run>.json
///       operations.yaml           settings for unattended runs; may be missing
public struct StoreLayout: Sendable, Hashable {
  public let root: String

  public init(root: String) { self.root = root }

  public var catalogue: String { inside("catalogue.sqlite") }
  /// Behind the name of a file that is being made; what is found under such a name is litter.
  public static let unfinishedSuffix = ".new"
  public var lockFile: String { inside("lock") }
  public var readersLock: String { inside("readers") }
  public var segments: String { inside("segments") }
  public var tables: String { inside("tables") }
  public var inbox: String { inside("inbox") }
  public var processing: String { inside("processing") }
  public var archive: String { inside("archive") }
  public var quarantine: String { inside("quarantine") }
  public var receipts: String { inside("receipts") }
  public var runs: String { inside("runs") }
  public var settings: String { inside("operations.yaml") }

  /// The absolute or working path of something named relative to the store, as the catalogue does.
  public func path(of place: String) -> String { inside(place) }

  /// Every folder of a new store.
  public var folders: [String] {
    [root, segments, tables, inbox, processing, archive, quarantine, receipts, runs]
  }

  public func createFolders() throws(SystemError) {
    for folder in folders { try FileSystem.createFolder(folder) }
  }

  public func inbox(bureau: String) -> String { PathText.join(inbox, StoreLayout.safeName(bureau)) }
  public func receipts(bureau: String) -> String { PathText.join(receipts, StoreLayout.safeName(bureau)) }
  public func processing(run: String) -> String { PathText.join(processing, StoreLayout.safeName(run)) }
  public func runRecord(_ run: String) -> String { PathText.join(runs, StoreLayout.safeName(run) + ".json") }
  public func table(_ name: String) -> String { PathText.join(tables, StoreLayout.safeName(name)) }

  /// Where a delivered file is kept, relative to the store. `day` is `yyyy-MM-dd`, `digest` the file's SHA-256 in hex;
  /// more `digits` of it tell files apart that have the same name and the same first eight.
  public static func archived(day: String, digest: String, name: String, digits: Int = 8) -> String {
    let folder = day.split(separator: "-").reduce("archive") { PathText.join($0, safeName(String($1))) }
    return PathText.join(folder, keptName(digest: digest, name: name, digits: digits))
  }

  /// Where a refused file is kept, relative to the store; ``reasonSuffix`` is added for the reason beside it.
  public static func quarantined(
    code: String, day: String, digest: String, name: String, digits: Int = 8
  ) -> String {
    let folder = PathText.join(PathText.join("quarantine", safeName(code)), safeName(day))
    return PathText.join(folder, keptName(digest: digest, name: name, digits: digits))
  }

  public static let reasonSuffix = ".error.json"
  /// What marks a delivery as complete: `report.csv.gz.done`.
  public static let doneSuffix = ".done"
  /// What tells about the deliveries of its folder.
  public static let manifestName = "MANIFEST.json"

  /// The files that a bureau gets back for one delivery.
  public enum ReceiptFile: String, Sendable, CaseIterable {
    case received = ".received.json"
    case json = ".json"
    case text = ".txt"
    case refusedRows = ".rejects.csv"
  }

  /// A receipt's path, relative to the store; `folder` is that of the inbox.
  public static func receipt(_ file: ReceiptFile, folder: String, name: String, delivery: String) -> String {
    // Room for the delivery, the ending, and what a temporary file of that name needs.
    let name = safeName(name, limit: 160) + "~" + safeName(delivery, limit: 40) + file.rawValue
    return PathText.join(PathText.join("receipts", safeName(folder)), name)
  }

  // Segments

  /// Number of hex digits of a segment's id.
  static let idLength = 32

  public func samplesFile(_ id: String) -> String { PathText.join(segments, StoreLayout.fileName(id, .samples)) }
  public func itemsFile(_ id: String) -> String { PathText.join(segments, StoreLayout.fileName(id, .items)) }

  static func fileName(_ id: String, _ table: SegmentTable) -> String { "\(id).\(table.rawValue).arrow" }

  /// The segment that a file in `segments/` belongs to; nil if it is none of ours.
  public static func segmentID(ofFile name: String) -> String? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, SegmentTable(rawValue: String(parts[1])) != nil, parts[2] == "arrow" else { return nil }
    let id = String(parts[0])
    return isSegmentID(id) ? id : nil
  }

  public static func isSegmentID(_ id: String) -> Bool {
    id.utf8.count == idLength && id.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  /// Ids of the segments that have both files, in order; of those that have only one; and names that are neither.
  public func listSegments() throws(SystemError) -> (whole: [String], halves: [String], others: [String]) {
    var counts: [String: Int] = [:]
    var others: [String] = []
    for name in try FileSystem.names(in: segments) {
      if let id = StoreLayout.segmentID(ofFile: name) { counts[id, default: 0] += 1 } else { others.append(name) }
    }
    let whole = counts.filter { $0.value == 2 }.keys.sorted()
    return (whole, counts.filter { $0.value == 1 }.keys.sorted(), others)
  }

  /// A name from outside as one component of a path: never empty, hidden, `..` or longer than `limit` bytes.
  public static func safeName(_ name: String, limit: Int = 200) -> String {
    var result: [UInt8] = []
    for byte in PathText.encode(PathText.printable(name)) {
      let isFirst = result.isEmpty
      switch byte {
      case UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: ":"), 0..<32, 127: result += escaped(byte)
      case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "~"), UInt8(ascii: " "):
        result += isFirst ? escaped(byte) : [byte]
      default: result.append(byte)
      }
    }
    if result.isEmpty { return "_" }
    if result.count > limit {
      // Keep the end, where the extension is, and cut between characters.
      result = Array(result.suffix(limit).drop { $0 & 0xC0 == 0x80 })
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func keptName(digest: String, name: String, digits: Int) -> String {
    let kept = safeName(ComposedName.of(name))
    let prefix = String(digest.prefix(digits)) + "-"
    // The end of a long name is what tells its kind; the digest in front must stay whole.
    let room = max(1, 200 - prefix.utf8.count)
    guard kept.utf8.count > room else { return prefix + kept }
    return prefix + String(decoding: Array(kept.utf8.suffix(room).drop { $0 & 0xC0 == 0x80 }), as: UTF8.self)
  }

  /// The name that a file was delivered under, from the one that it is kept under: without the digest in front. Bytes
  /// that were escaped stay escaped.
  public static func deliveredName(ofKept name: String) -> String {
    guard let dash = name.firstIndex(of: "-") else { return name }
    let digest = name[..<dash].utf8
    let isDigest =
      [8, 16, 32, 64].contains(digest.count) && digest.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    return isDigest ? String(name[name.index(after: dash)...]) : name
  }

  private static func escaped(_ byte: UInt8) -> [UInt8] {
    Array(("%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)).utf8)
  }

  private func inside(_ name: String) -> String { PathText.join(root, name) }
}
