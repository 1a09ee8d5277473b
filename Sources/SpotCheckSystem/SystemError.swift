/// A system call that failed: what was tried, on which path, and the kernel's answer in words.
public struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was tried: `open`, `write`, `sync` …
  public var operation: String
  /// The path as this program names it; see ``PathText``.
  public var path: String
  /// The errno, or ``notRegularCode`` / ``unexpectedEndCode`` for what we refuse ourselves.
  public var code: Int32

  public init(operation: String, path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// Not an errno: the path names a folder, pipe, socket or device where a file is needed.
  public static let notRegularCode: Int32 = -1
  /// Not an errno: the file ended before the bytes that it must have.
  public static let unexpectedEndCode: Int32 = -2
  /// Not an errno: a test's ``FaultPlan`` has killed the process; nothing after this has any effect.
  public static let killedCode: Int32 = -3
  /// Not an errno: somebody wrote to the file while it was being copied.
  public static let changedCode: Int32 = -4

  /// The symbolic name: `ENOSPC`.
  public var name: String { ErrnoText.of(code).name }
  /// What happened, in English.
  public var meaning: String { ErrnoText.of(code).meaning }
  /// What happened, in Chinese.
  public var meaningZh: String { ErrnoText.of(code).meaningZh }
  /// What to do about it, in English; empty if there is nothing sensible to say.
  public var advice: String { ErrnoText.of(code).advice }
  public var adviceZh: String { ErrnoText.of(code).adviceZh }

  /// `cannot write /data/x: no space left on the device (ENOSPC). Free some space …`
  public var description: String {
    let head = "cannot \(operation) \(PathText.printable(path)): \(meaning) (\(name))."
    return advice.isEmpty ? head : head + " " + advice
  }
}
