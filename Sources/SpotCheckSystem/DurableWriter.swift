// UNSAFE FILE: gives the addresses of its buffer to write(2).

import CSystem
import Glibc

/// Writes a new file that either appears complete and synced under its name, or not at all.
///
/// Temporary file in the same folder → write → fsync → rename → fsync of the folder. A failed fsync is final: the
/// kernel may have thrown the pages away, so a second try that succeeds would prove nothing. An unpublished
/// temporary file is removed when the value goes away.
public struct DurableWriter: ~Copyable {
  private enum State { case open, failed(SystemError), published }

  public private(set) var path: String
  /// Bytes written so far.
  public private(set) var byteCount = 0
  private let temporaryPath: String
  private var descriptor: Int32
  private var state = State.open
  private var buffer: [UInt8] = []
  private let bufferLimit: Int
  private let plan = FaultPlan.current

  /// The name of a temporary file starts with a dot and ends in this: never imported, and swept as litter.
  public static let temporarySuffix = ".tmp"

  /// Whether a name is that of a temporary file, as a process that died leaves it.
  public static func isTemporary(_ name: String) -> Bool {
    name.hasPrefix(".") && name.hasSuffix(temporarySuffix)
  }

  public init(_ path: String, mode: UInt32 = 0o640, bufferLimit: Int = 1 << 18) throws(SystemError) {
    // A name may be as long as names can be; the temporary one is longer.
    let name = PathText.decode(Array(PathText.encode(PathText.name(of: path)).prefix(200)))
    let prefix = PathText.join(PathText.folder(of: path), "." + name)
    var attempt = 0
    while true {
      // Unpredictable, because the folder may be one that others write in; O_EXCL decides.
      let candidate = prefix + "." + String(UInt64.random(in: .min ... .max), radix: 36) + DurableWriter.temporarySuffix
      do throws(SystemError) {
        descriptor = try SystemCalls.open(candidate, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode)
        temporaryPath = candidate
        break
      } catch {
        attempt += 1
        if error.code != EEXIST || attempt > 16 { throw error }
      }
    }
    self.path = path
    self.bufferLimit = max(1, bufferLimit)
    buffer.reserveCapacity(self.bufferLimit)
  }

  deinit {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    if case .published = state { return }
    // Best effort: litter is swept by name later.
    guard FaultPlan.allowsTidying(plan, .remove) else { return }
    _ = try? SystemCalls.withPath(temporaryPath, .remove) { unlink($0) }
  }

  public mutating func write(_ bytes: [UInt8]) throws(SystemError) { try write(bytes.span) }

  public mutating func write(_ text: String) throws(SystemError) { try write(Array(text.utf8).span) }

  public mutating func write(_ bytes: Span<UInt8>) throws(SystemError) {
    var outcome: Result<Void, SystemError> = .success(())
    bytes.withUnsafeBytes { raw in
      do throws(SystemError) { try write(raw) } catch { outcome = .failure(error) }
    }
    try outcome.get()
  }

  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    if case .failed(let error) = state { throw error }
    byteCount += bytes.count
    if buffer.count + bytes.count <= bufferLimit {
      buffer.append(contentsOf: bytes)
      return
    }
    try flush()
    if bytes.count >= bufferLimit {
      do throws(SystemError) {
        try SystemCalls.write(descriptor, path, bytes)
      } catch { throw fail(error) }
    } else {
      buffer.append(contentsOf: bytes)
    }
  }

  /// Syncs the file and gives it its name.
  /// - Parameters:
  ///   - replacing: whether a file of that name may be replaced; if not, EEXIST is thrown.
  ///   - syncFolder: false if the caller publishes several files and syncs the folder itself.
  public mutating func publish(replacing: Bool = true, syncFolder: Bool = true) throws(SystemError) {
    if case .failed(let error) = state { throw error }
    guard case .open = state else { return }
    try flush()
    do throws(SystemError) {
      try SystemCalls.run(.sync, path) { Int(fsync(descriptor)) }
      let closing = descriptor
      descriptor = -1
      try SystemCalls.close(closing, path)
      try FileSystem.rename(temporaryPath, to: path, replacing: replacing)
      // From here the file exists; if only the folder's sync fails, the caller must not count on it, and the
      // name stays as litter that a later run replaces or sweeps.
      state = .published
      if syncFolder { try FileSystem.syncFolder(PathText.folder(of: path)) }
    } catch {
      if case .published = state { throw error }
      throw fail(error)
    }
  }

  /// The same under another name in the same folder: for files named by their content.
  public mutating func publish(
    as newPath: String, replacing: Bool = true, syncFolder: Bool = true
  ) throws(SystemError) {
    path = newPath
    try publish(replacing: replacing, syncFolder: syncFolder)
  }

  /// Writes a whole small file durably.
  public static func write(
    _ bytes: [UInt8], to path: String, mode: UInt32 = 0o640, replacing: Bool = true
  ) throws(SystemError) {
    var writer = try DurableWriter(path, mode: mode)
    try writer.write(bytes)
    try writer.publish(replacing: replacing)
  }

  private mutating func flush() throws(SystemError) {
    guard !buffer.isEmpty else { return }
    do throws(SystemError) { try SystemCalls.write(descriptor, path, buffer.span) } catch { throw fail(error) }
    buffer.removeAll(keepingCapacity: true)
  }

  private mutating func fail(_ error: SystemError) -> SystemError {
    state = .failed(error)
    return error
  }
}
