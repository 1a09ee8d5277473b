import Glibc
import SpotCheckStore
import SpotCheckSystem

/// A store of its own for a test, removed when the test lets go of it.
final class Scratch {
  let layout: StoreLayout

  init() throws {
    layout = StoreLayout(
      root: try FileSystem.makeTemporaryFolder(
        in: Machine.environment("TMPDIR") ?? "/tmp", prefix: "spotcheck-store-"))
    try layout.createFolders()
  }

  deinit { try? FileSystem.removeTree(layout.root) }
}

/// A small deterministic generator (splitmix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}

/// Replaces a file without syncing anything: only for damaging files.
func overwrite(_ path: String, _ bytes: [UInt8]) throws {
  try FileSystem.removeFile(path)
  let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o640)
  guard descriptor >= 0 else { throw SystemError(operation: "open", path: path, code: errno) }
  defer { close(descriptor) }
  try StandardStreams.writeAll(descriptor, bytes)
}
