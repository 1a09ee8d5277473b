import SpotCheckSystem

/// A folder of its own for a test, removed when the test lets go of it.
final class Scratch {
  let path: String

  init(in parent: String = Machine.environment("TMPDIR") ?? "/tmp") throws {
    path = try FileSystem.makeTemporaryFolder(in: parent, prefix: "spotcheck-system-")
  }

  deinit { try? FileSystem.removeTree(path) }

  func callAsFunction(_ name: String) -> String { PathText.join(path, name) }
}
