import CSystem
import Glibc

/// Standard input, output and error.
public enum StandardStreams {
  public static let input: Int32 = 0
  public static let output: Int32 = 1
  public static let error: Int32 = 2

  public static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Call once at start: then a reader that goes away (`| head`) is an error with code EPIPE, see
  /// ``SystemError/isBrokenPipe``, and not a silent end of the process.
  public static func ignoreBrokenPipeSignal() { spotcheck_ignore_sigpipe() }

  /// Writes all bytes to a descriptor.
  public static func writeAll(_ descriptor: Int32, _ bytes: Span<UInt8>) throws(SystemError) {
    try SystemCalls.write(descriptor, name(descriptor), bytes, toDisk: false)
  }

  public static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) throws(SystemError) {
    try writeAll(descriptor, bytes.span)
  }

  public static func writeAll(_ descriptor: Int32, _ text: String) throws(SystemError) {
    try writeAll(descriptor, Array(text.utf8).span)
  }

  /// Reads standard input to its end. More than `limit` bytes is EFBIG.
  public static func readAllInput(limit: Int = 64 << 20) throws(SystemError) -> [UInt8] {
    var result: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var span = chunk.mutableSpan
      let count = try SystemCalls.read(input, "standard input", into: &span)
      result.append(contentsOf: chunk[..<count])
      if result.count > limit { throw SystemError(operation: "read", path: "standard input", code: EFBIG) }
      if count < chunk.count { return result }
    }
  }

  private static func name(_ descriptor: Int32) -> String {
    switch descriptor {
    case output: "standard output"
    case error: "standard error"
    default: "descriptor \(descriptor)"
    }
  }
}

extension SystemError {
  /// The reader of a pipe has gone away: end quietly.
  public var isBrokenPipe: Bool { code == EPIPE }
  /// Nothing has that name.
  public var isNotFound: Bool { code == ENOENT || code == ENOTDIR }
  public var isExisting: Bool { code == EEXIST }
  public var isNotRegular: Bool { code == SystemError.notRegularCode }
  /// The machine fails, not the file: space, quota, memory, descriptors, a file system that is read-only; or the test
  /// wants the process dead.
  public var isOfMachine: Bool {
    [ENOSPC, EDQUOT, ENOMEM, EMFILE, ENFILE, EROFS, SystemError.killedCode].contains(code)
  }
  /// Owner or mode forbid it.
  public var isPermission: Bool { code == EACCES || code == EPERM }
  /// The two paths are on different file systems.
  public var isAcrossFileSystems: Bool { code == EXDEV }
  public var isChanged: Bool { code == SystemError.changedCode }
  /// A symbolic link where none is followed.
  public var isSymbolicLink: Bool { code == ELOOP }
}
