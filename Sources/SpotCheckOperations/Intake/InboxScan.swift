import SpotCheckModel
public import SpotCheckStore
public import SpotCheckSystem

/// One file in the inbox that may be a delivery.
public struct InboxEntry: Sendable, Hashable {
  /// The folder of the inbox; empty for a file that was dropped directly into it.
  public var folder: String
  public var name: String
  public var status: FileStatus

  public init(folder: String, name: String, status: FileStatus) {
    self.folder = folder
    self.name = name
    self.status = status
  }

  /// No folder has a slash in its name.
  var key: String { folder + "/" + name }
}

/// Everything that is in the inbox now (ING-02): looked at whole every time, so that no file can slip through because
/// of its times, its order, or a notification that was lost.
///
/// The inbox is a folder that others write in: nothing in it is followed, waited for or trusted. What cannot be a
/// delivery is noted and left where it is.
public struct InboxScan: Sendable {
  /// May be deliveries; by folder, then by the bytes of the name.
  public var files: [InboxEntry] = []
  /// Done files and manifests.
  public var sidecars: [InboxEntry] = []
  public var ignored = 0
  public var notes: [IntakeNote] = []

  /// Of more entries than this in one folder the rest is left for the next time.
  static let folderLimit = 200_000
  /// Longer names of folders leave no room for the name of a claim.
  static let folderNameLimit = 200

  public init(_ layout: StoreLayout, ignoring ignore: IgnoreList) throws(SystemError) {
    let inbox = try OpenFolder(layout.inbox)
    for entry in try list(inbox, "") {
      if entry.status.kind == .folder {
        try look(into: entry.name, of: inbox, ignore)
      } else {
        sort(entry, "", ignore)
      }
    }
  }

  /// Files that a pass has to account for.
  var count: Int { files.count + sidecars.count + ignored }

  private mutating func look(
    into name: String, of inbox: borrowing OpenFolder, _ ignore: IgnoreList
  ) throws(SystemError) {
    if ignore.ignores(name) { return }
    guard PathText.encode(name).count <= InboxScan.folderNameLimit else {
      return note(.fileNameInvalid, "", name, "the folder's name is longer than \(InboxScan.folderNameLimit) bytes")
    }
    do throws(SystemError) {
      let folder = try inbox.folder(name)
      for entry in try list(folder, name) {
        if entry.status.kind == .folder {
          if !ignore.ignores(entry.name) {
            note(.fileNotRegular, name, entry.name, "a folder inside a bureau's folder")
          }
        } else {
          sort(entry, name, ignore)
        }
      }
    } catch {
      // One folder that we may not read, or that was taken away meanwhile, does not stop the others.
      guard error.isPermission || error.isNotFound || error.isSymbolicLink else { throw error }
      note(.fileUnreadable, "", name, error.description)
    }
  }

  private mutating func list(_ folder: borrowing OpenFolder, _ name: String) throws(SystemError)
    -> [FileSystem.Entry]
  {
    let listing = try folder.list(limit: InboxScan.folderLimit)
    if !listing.isComplete {
      note(.fileTooBig, name, "", "more than \(InboxScan.folderLimit) entries; the rest is left for the next time")
    }
    return listing.entries
  }

  private mutating func sort(_ entry: FileSystem.Entry, _ folder: String, _ ignore: IgnoreList) {
    switch entry.status.kind {
    case .symbolicLink: return note(.fileSymbolicLink, folder, entry.name)
    case .folder, .other: return note(.fileNotRegular, folder, entry.name, "a pipe, socket or device")
    case .regular: break
    }
    if ignore.ignores(entry.name) || DurableWriter.isTemporary(entry.name) {
      ignored += 1
    } else if entry.status.linkCount > 1 {
      note(.fileHardLink, folder, entry.name, "\(entry.status.linkCount) names")
    } else if Sidecars.isSidecar(entry.name) {
      sidecars.append(InboxEntry(folder: folder, name: entry.name, status: entry.status))
    } else {
      files.append(InboxEntry(folder: folder, name: entry.name, status: entry.status))
    }
  }

  private mutating func note(_ code: DiagnosticCode, _ folder: String, _ name: String, _ message: String = "") {
    notes.append(IntakeNote(code, folder: folder, name: name, message))
  }
}
