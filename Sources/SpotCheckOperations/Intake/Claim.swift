import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem

/// What the folder of a claim says by its name: `<delivery>.<attempt>.<folder of the inbox>`.
struct ClaimName: Hashable {
  /// `<run>-<six digits>`.
  var delivery: String
  /// From 1; 0 for one whose first try was taken back.
  var attempt: Int
  /// Empty for a file that was dropped directly into the inbox.
  var folder: String

  /// In place of a folder of the inbox, where none can have this name: a copy that `spotcheck import` made.
  static let directFolder = ".import"

  var isDirect: Bool { folder == ClaimName.directFolder }
  var text: String { "\(delivery).\(attempt).\(folder)" }

  init(delivery: String, attempt: Int, folder: String) {
    self.delivery = delivery
    self.attempt = attempt
    self.folder = folder
  }

  init?(_ text: String) {
    let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, let attempt = Int(parts[1]), (0...1_000_000).contains(attempt) else {
      return nil
    }
    self.init(delivery: String(parts[0]), attempt: attempt, folder: String(parts[2]))
  }
}

/// A file that a run has taken out of the inbox and is at work on, alone in a folder of its own.
final class Claim {
  let name: ClaimName
  /// The file's name, as delivered.
  let file: String
  /// Its done file came along.
  let hasDone: Bool
  /// `processing/<run>`, in which the claim's folder stands.
  let parent: OpenFolder
  let folder: OpenFolder

  init(
    _ name: ClaimName, file: String, hasDone: Bool, parent: consuming OpenFolder, folder: consuming OpenFolder
  ) {
    self.name = name
    self.file = file
    self.hasDone = hasDone
    self.parent = parent
    self.folder = folder
  }

  /// The name of a copy that `spotcheck import` made, in its claim.
  static let directFile = "file"

  var path: String { PathText.join(folder.path, file) }
  var doneName: String { file + StoreLayout.doneSuffix }

  /// Ends the claim, whose folder must be empty.
  func close() throws(SystemError) { try parent.removeFolder(name.text) }
}

/// `processing/`: the files that are being worked on.
///
/// A claim's folder is made durable before anything is moved into it, and the move is durable before anything is made of
/// the file: whatever happens, the file is in the inbox or here.
final class ProcessingRoom {
  let layout: StoreLayout
  let run: String
  private var isMade = false
  private var number = 0

  init(layout: StoreLayout, run: String) {
    self.layout = layout
    self.run = run
  }

  /// The next delivery's id.
  func nextDelivery() -> String {
    number += 1
    let digits = String(number)
    return run + "-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  /// `processing/<run>`, made if it is missing.
  func open() throws(SystemError) -> OpenFolder {
    if !isMade {
      try FileSystem.createFolder(layout.processing(run: run))
      isMade = true
    }
    return try OpenFolder(layout.processing(run: run))
  }

  /// Moves a file, and its done file, out of a folder of the inbox.
  ///
  /// - Throws: ``SystemError`` of the file itself (not found, not permitted, changed while it was copied), with nothing
  ///   moved; or of the machine.
  func claim(_ entry: InboxEntry, hasDone: Bool, from inbox: borrowing OpenFolder) throws(SystemError) -> Claim {
    let parent = try open()
    let name = ClaimName(delivery: nextDelivery(), attempt: 1, folder: entry.folder)
    try parent.createFolder(name.text)
    try parent.sync()
    let folder = try parent.folder(name.text)
    let claim = Claim(name, file: entry.name, hasDone: hasDone, parent: parent, folder: folder)
    do throws(SystemError) {
      // The done file first: alone in a claim it is put back, and the file has never gone without it.
      if hasDone { try inbox.move(claim.doneName, to: claim.folder, as: claim.doneName) }
      try inbox.move(entry.name, to: claim.folder, as: entry.name)
    } catch {
      if try claim.folder.holds(entry.name) {
        // It was moved, and then not made durable: the disk's failure. The next run goes on from the claim.
        takeBack(claim)
        throw SystemError(operation: error.operation, path: claim.path, code: error.code)
      }
      if hasDone, try claim.folder.holds(claim.doneName) {
        try claim.folder.move(claim.doneName, to: inbox, as: claim.doneName)
      }
      try claim.close()
      throw error
    }
    return claim
  }

  /// An empty claim for a copy that the caller makes. The copy has a name of its own: whatever the original is called,
  /// it cannot be taken for something else.
  func claimDirect() throws(SystemError) -> Claim {
    let parent = try open()
    let name = ClaimName(delivery: nextDelivery(), attempt: 1, folder: ClaimName.directFolder)
    try parent.createFolder(name.text)
    try parent.sync()
    let folder = try parent.folder(name.text)
    return Claim(name, file: Claim.directFile, hasDone: false, parent: parent, folder: folder)
  }

  /// A claim of an earlier run as it lies.
  /// - Parameter file: the name of its file, for a claim that has it no longer.
  func open(_ found: FoundClaim, file: String? = nil) throws(SystemError) -> Claim {
    let parent = try OpenFolder(PathText.join(layout.processing, found.run))
    let folder = try parent.folder(found.name.text)
    return Claim(
      found.name, file: file ?? found.file ?? "", hasDone: found.hasDone || found.lonelyDone != nil, parent: parent,
      folder: folder)
  }

  /// Takes over a claim of an earlier run, as this or another attempt.
  func takeOver(_ found: FoundClaim, attempt: Int) throws(SystemError) -> Claim {
    let parent = try open()
    var name = found.name
    name.attempt = attempt
    let old = try OpenFolder(PathText.join(layout.processing, found.run))
    try old.rename(found.name.text, to: parent, as: name.text)
    try parent.sync()
    try old.sync()
    FoundClaim.removeRun(found.run, in: layout)
    let folder = try parent.folder(name.text)
    // Whoever moved the file into it may have been killed before that was durable.
    try folder.sync()
    return Claim(name, file: found.file ?? "", hasDone: found.hasDone, parent: parent, folder: folder)
  }

  /// Makes an attempt count as not made, as well as it can: the machine failed, not the file.
  func takeBack(_ claim: Claim) {
    var name = claim.name
    name.attempt -= 1
    guard name.attempt >= 0 else { return }
    _ = try? claim.parent.rename(claim.name.text, to: claim.parent, as: name.text)
    _ = try? claim.parent.sync()
  }

  /// Removes the run's folder, if nothing is left in it.
  func close() {
    if isMade { FoundClaim.removeRun(run, in: layout) }
  }
}

extension OpenFolder {
  borrowing func holds(_ name: String) throws(SystemError) -> Bool {
    do throws(SystemError) {
      _ = try status(of: name)
      return true
    } catch {
      if error.isNotFound { return false }
      throw error
    }
  }
}
