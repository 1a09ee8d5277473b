import SpotCheckModel
import SpotCheckPipeline
import SpotCheckStore
import SpotCheckSystem

/// Done files and manifests: what a bureau sends along to say that a file is whole, and what must be in it (ING-06).
///
/// `X.done` beside `X` says that X is complete; if it holds a JSON object with `size`, `sha256` or `rows`, X must be
/// that. `MANIFEST.json` in a folder says the same of any number of files: `{"files": [{"name": …, "size": …,
/// "sha256": …, "rows": …}]}`, everything but the name may be missing. What they say is checked whenever they are there;
/// whether one of them must be there is a setting.
///
/// A done file travels with its file and is kept beside it. A manifest stays until all files that it lists have been
/// taken, and is then kept in the archive.
struct Sidecars {
  enum Verdict: Equatable {
    case ready(DeclaredContent?, hasDone: Bool)
    /// It, or the manifest, is not there yet.
    case waits
  }

  /// More bytes than this are no manifest.
  static let byteLimit = 4 << 20

  private struct Folder {
    /// Names of the files that have a done file.
    var done: Set<String> = []
    var manifest: Manifest?
    /// There is one, and it is still being written.
    var hasUnreadyManifest = false
  }

  private var folders: [String: Folder] = [:]
  private(set) var notes: [IntakeNote] = []

  static func isSidecar(_ name: String) -> Bool {
    name == StoreLayout.manifestName
      || name.hasSuffix(StoreLayout.doneSuffix) && name.utf8.count > StoreLayout.doneSuffix.utf8.count
  }

  init(
    _ scan: InboxScan, inbox: borrowing OpenFolder, isReady: (InboxEntry) -> Bool
  ) throws(SystemError) {
    for entry in scan.sidecars {
      guard entry.name == StoreLayout.manifestName else {
        let name = String(entry.name.dropLast(StoreLayout.doneSuffix.count))
        folders[entry.folder, default: Folder()].done.insert(name)
        continue
      }
      guard isReady(entry) else {
        folders[entry.folder, default: Folder()].hasUnreadyManifest = true
        continue
      }
      do throws(Manifest.Problem) {
        let manifest = try Manifest(Sidecars.contents(entry, inbox))
        folders[entry.folder, default: Folder()].manifest = manifest
      } catch {
        notes.append(IntakeNote(.manifestMismatch, folder: entry.folder, name: entry.name, error.message))
      }
    }
  }

  func verdict(_ entry: InboxEntry, rule: OperationSettings.DoneRule) -> Verdict {
    guard let folder = folders[entry.folder] else { return rule == .always ? .waits : .ready(nil, hasDone: false) }
    if folder.hasUnreadyManifest { return .waits }
    let declared = folder.manifest?.entries[entry.name]
    let hasDone = folder.done.contains(entry.name)
    if rule == .always, declared == nil, !hasDone { return .waits }
    return .ready(declared, hasDone: hasDone)
  }

  /// What a manifest that is still there says about a file that was claimed before.
  func declared(folder: String, name: String) -> DeclaredContent? { folders[folder]?.manifest?.entries[name] }

  /// The manifests that could be read, by folder.
  var manifests: [(folder: String, manifest: Manifest)] {
    folders.compactMap { name, folder in folder.manifest.map { (name, $0) } }.sorted { $0.folder < $1.folder }
  }

  /// What a done file says, if it says anything.
  static func declared(in done: [UInt8]) -> DeclaredContent? {
    guard let value = try? JSONReader.read(String(decoding: done, as: UTF8.self)).first else { return nil }
    let declared = DeclaredContent(value)
    return declared == DeclaredContent() ? nil : declared
  }

  private static func contents(_ entry: InboxEntry, _ inbox: borrowing OpenFolder) throws(Manifest.Problem) -> [UInt8] {
    do throws(SystemError) {
      if entry.folder.isEmpty { return try contents(entry.name, in: inbox) }
      let folder = try inbox.folder(entry.folder)
      return try contents(entry.name, in: folder)
    } catch {
      throw Manifest.Problem(message: error.description)
    }
  }

  private static func contents(_ name: String, in folder: borrowing OpenFolder) throws(SystemError) -> [UInt8] {
    let file = try folder.openFile(name)
    return try file.bytes(at: 0, count: byteLimit + 1)
  }
}

/// What a `MANIFEST.json` says.
struct Manifest: Equatable {
  struct Problem: Error {
    var message: String
  }

  /// By the name of the file. Of several entries with one name the last holds.
  private(set) var entries: [String: DeclaredContent] = [:]

  init(_ bytes: [UInt8]) throws(Problem) {
    guard bytes.count <= Sidecars.byteLimit else { throw Problem(message: "larger than \(Sidecars.byteLimit) bytes") }
    let values: [JSONReader.Element]
    do throws(JSONReader.Problem) {
      values = try JSONReader.read(String(decoding: bytes, as: UTF8.self))
    } catch {
      throw Problem(message: "line \(error.line), column \(error.column): \(error.message)")
    }
    guard values.count == 1, let files = values[0]["files"]?.list else {
      throw Problem(message: "expected an object with a list 'files'")
    }
    for file in files {
      guard let name = file["name"]?.text, !name.isEmpty else {
        throw Problem(message: "line \(file.line), column \(file.column): an entry without a name")
      }
      entries[name] = DeclaredContent(file)
    }
  }
}

extension DeclaredContent {
  init(_ value: JSONReader.Element) {
    self.init(bytes: value["size"]?.integer, digest: value["sha256"]?.text, rows: value["rows"]?.integer)
  }
}
