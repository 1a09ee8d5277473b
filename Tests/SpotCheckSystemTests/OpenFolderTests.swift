import Foundation
import Glibc
import SpotCheckSystem
import Synchronization
import Testing

@Suite("Folders that others write in")
struct OpenFolderTests {
  @Test("folders below are reached by plain names only, links are refused")
  func beneath() throws {
    let scratch = try Scratch()
    try FileSystem.createFolder(scratch("inbox/市场监管/2025"))
    try FileSystem.createFolder(scratch("secret"))
    #expect(symlink(scratch("secret"), scratch("inbox/link")) == 0)
    #expect(symlink("市场监管", scratch("inbox/inner")) == 0)
    let root = try OpenFolder(scratch.path)
    let folder = try root.folder("inbox/市场监管/2025")
    #expect(folder.path == scratch("inbox/市场监管/2025"))
    #expect(try folder.status().kind == .folder)
    for path in ["inbox/link", "inbox/link/x", "inbox/inner", "inbox/inner/2025"] {
      let error = #expect(throws: SystemError.self) { _ = try root.folder(path).path }
      #expect(error?.code == ELOOP || error?.code == ENOTDIR, "\(path)")
    }
    for path in ["", "/", "/etc", "..", "inbox/..", "inbox//市场监管", "a\0b", "inbox/."] {
      #expect(throws: SystemError(operation: "use the name", path: path, code: EINVAL)) {
        _ = try root.folder(path).path
      }
    }
    #expect(throws: SystemError.self) { _ = try root.folder("nothing").path }
  }

  @Test("where the kernel has no openat2, each part is opened by itself and the answers are the same")
  func stepwise() throws {
    let scratch = try Scratch()
    try FileSystem.createFolder(scratch("inbox/a/b"))
    #expect(symlink("a", scratch("inbox/link")) == 0)
    let root = try OpenFolder(scratch.path)
    for code in [ENOSYS, EPERM] {
      func reach(_ path: String) throws -> [String] {
        try FaultPlan.with(FaultPlan(.open, call: 1, .fail(code))) {
          let folder = try root.folder(path)
          return [folder.path] + (try folder.list().entries.map(\.name))
        }
      }
      #expect(try reach("inbox/a") == [scratch("inbox/a"), "b"])
      #expect(try reach("inbox/a/b") == [scratch("inbox/a/b")])
      for path in ["inbox/link", "inbox/link/b", "inbox/nothing", ".."] {
        #expect(throws: SystemError.self) { try reach(path) }
      }
    }
  }

  @Test("entries are told as they are, hard links counted, and the number is bounded")
  func listing() throws {
    let scratch = try Scratch()
    try DurableWriter.write([1, 2], to: scratch("b"))
    #expect(link(scratch("b"), scratch("c")) == 0)
    #expect(symlink("b", scratch("a")) == 0)
    #expect(mkfifo(scratch("d"), 0o600) == 0)
    try FileSystem.createFolder(scratch("e"))
    let folder = try OpenFolder(scratch.path)
    let all = try folder.list()
    #expect(all.isComplete)
    #expect(all.entries.map(\.name) == ["a", "b", "c", "d", "e"])
    #expect(all.entries.map(\.status.kind) == [.symbolicLink, .regular, .regular, .other, .folder])
    #expect(all.entries[1].status.linkCount == 2)
    #expect(all.entries[1].status.owner == UInt32(geteuid()))
    #expect(try folder.list().entries == all.entries, "it can be listed again")
    for limit in 0..<5 {
      let some = try folder.list(limit: limit)
      #expect(some.entries.count == limit)
      #expect(!some.isComplete)
    }
    #expect(try folder.list(limit: 5).isComplete)
  }

  @Test("only regular files are opened, without waiting, links not followed")
  func opening() throws {
    let scratch = try Scratch()
    try DurableWriter.write([7], to: scratch("a"))
    #expect(symlink("a", scratch("link")) == 0)
    #expect(mkfifo(scratch("pipe"), 0o600) == 0)
    try FileSystem.createFolder(scratch("folder"))
    let folder = try OpenFolder(scratch.path)
    #expect(try folder.openFile("a").bytes(at: 0, count: 9) == [7])
    for (name, code) in [
      ("link", ELOOP), ("pipe", SystemError.notRegularCode), ("folder", SystemError.notRegularCode), ("x", ENOENT),
      ("../a", EINVAL), ("", EINVAL), (".", EINVAL),
    ] {
      let error = #expect(throws: SystemError.self) { _ = try folder.openFile(name).path }
      #expect(error?.code == code, "\(name)")
    }
  }

  @Test("a folder that is renamed and replaced stays the one that was opened")
  func replaced() throws {
    let scratch = try Scratch()
    try FileSystem.createFolder(scratch("in"))
    try FileSystem.createFolder(scratch("out"))
    let folder = try OpenFolder(scratch("in"))
    try FileSystem.rename(scratch("in"), to: scratch("old"), replacing: false)
    #expect(symlink(scratch("out"), scratch("in")) == 0)
    try folder.createFolder("made")
    #expect(try FileSystem.names(in: scratch("old")) == ["made"])
    #expect(try FileSystem.names(in: scratch("out")).isEmpty)
    #expect(try folder.removeFolder("made"))
    #expect(try !folder.removeFolder("made"))
    #expect(try !folder.removeFile("made"))
  }

  @Test("moving keeps what is there already, and moves a link as a link")
  func moving() throws {
    let scratch = try Scratch()
    try FileSystem.createFolder(scratch("in"))
    try FileSystem.createFolder(scratch("claim"))
    // As long as a name can be, in bytes that are no text.
    let name = PathText.decode([UInt8](repeating: 0xCE, count: 255))
    try writeFile(scratch("in/" + name), [1])
    try writeFile(scratch("claim/there"), [2])
    let folder = try OpenFolder(scratch("in"))
    let claim = try OpenFolder(scratch("claim"))
    let error = #expect(throws: SystemError.self) { try folder.move(name, to: claim, as: "there") }
    #expect(error?.isExisting == true)
    #expect(try InputFile.contents(of: scratch("claim/there")) == [2])
    #expect(try folder.move(name, to: claim, as: name) == .renamed)
    #expect(try claim.openFile(name).bytes(at: 0, count: 9) == [1])
    #expect(symlink("/etc/passwd", scratch("in/l")) == 0)
    try folder.move("l", to: claim, as: "l")
    #expect(try claim.status(of: "l").kind == .symbolicLink)
    #expect(throws: SystemError.self) { try folder.move("x", to: claim, as: "../x") }
  }

  @Test("a file whose name is as long as can be is written durably")
  func longName() throws {
    let scratch = try Scratch()
    let name = String(repeating: "x", count: 255)
    try DurableWriter.write([1], to: scratch(name))
    #expect(try FileSystem.names(in: scratch.path) == [name])
  }

  /// A sender swaps a file and a link to a secret outside as fast as it can; whatever is opened or claimed, no byte
  /// of the secret is read. SPOTCHECK_TORTURE=1 swaps 100,000 times.
  @Test("a sender that swaps file and link never gets an outside byte read")
  func race() throws {
    let scratch = try Scratch()
    try FileSystem.createFolder(scratch("inbox/in"))
    try FileSystem.createFolder(scratch("claim"))
    try writeFile(scratch("secret"), Array("secret".utf8))
    try writeFile(scratch("inbox/in/file"), Array("public".utf8))
    let swaps = Machine.environment("SPOTCHECK_TORTURE") == nil ? 1000 : 100_000
    let sender = SwappingSender(scratch("inbox/in"), secret: scratch("secret"), swaps: swaps)
    let root = try OpenFolder(scratch.path)
    let inbox = try root.folder("inbox/in")
    let claim = try root.folder("claim")
    var (opened, claimed, refused) = (0, 0, 0)
    func look(_ folder: borrowing OpenFolder, _ name: String) throws {
      do throws(SystemError) {
        let bytes = try folder.openFile(name).bytes(at: 0, count: 100)
        #expect(bytes == Array("public".utf8))
        opened += 1
      } catch {
        #expect([ELOOP, ENOENT].contains(error.code), "\(error)")
        refused += 1
      }
    }
    while !sender.isDone {
      try look(inbox, "file")
      let name = "claim\(claimed)"
      do throws(SystemError) {
        try inbox.rename("file", to: claim, as: name)
        claimed += 1
      } catch {
        #expect(error.code == ENOENT)
        continue
      }
      try look(claim, name)
      try claim.removeFile(name)
    }
    #expect(opened > 0 && claimed > 0 && refused > 0)
  }
}

/// Replaces a file by a link to a secret and back, in a thread of its own.
private final class SwappingSender: Sendable {
  private let done = Atomic(false)
  var isDone: Bool { done.load(ordering: .acquiring) }

  init(_ folder: String, secret: String, swaps: Int) {
    Thread.detachNewThread { [self] in
      for _ in 0..<swaps {
        _ = symlink(secret, folder + "/.first")
        _ = Glibc.rename(folder + "/.first", folder + "/file")
        try? writeFile(folder + "/.second", Array("public".utf8))
        _ = Glibc.rename(folder + "/.second", folder + "/file")
      }
      done.store(true, ordering: .releasing)
    }
  }
}

/// A plain file, not synced.
func writeFile(_ path: String, _ bytes: [UInt8]) throws {
  let descriptor = Glibc.open(
    PathText.encode(path).map { CChar(bitPattern: $0) } + [0], O_WRONLY | O_CREAT | O_TRUNC, 0o640)
  try #require(descriptor >= 0)
  defer { _ = Glibc.close(descriptor) }
  #expect(Glibc.write(descriptor, bytes, bytes.count) == bytes.count)
}
