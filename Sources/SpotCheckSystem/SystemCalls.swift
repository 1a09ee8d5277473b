// UNSAFE FILE: hands addresses to libc. Every call of libc that takes a path or a buffer is made here or in
// MappedFile.swift, so that retries, faults for tests and error texts are in one place.

import CSystem
import Glibc

/// The system calls, with EINTR retried, faults injected and failure thrown.
enum SystemCalls {
  /// Repeats a call while a signal interrupts it; a negative result becomes a thrown error.
  @discardableResult
  static func run(
    _ operation: FaultPlan.Operation, _ path: String, mutates: Bool? = nil, _ call: () -> Int
  ) throws(SystemError) -> Int {
    try run(operation, path, limit: Int.max, mutates: mutates) { _ in call() }
  }

  /// The same for calls that move bytes: `call` gets the number of bytes it may move.
  /// - Parameter mutates: whether this call changes what is on the disk, if it is not as usual for the operation.
  static func run(
    _ operation: FaultPlan.Operation, _ path: String, limit: Int, mutates: Bool? = nil, _ call: (Int) -> Int
  ) throws(SystemError) -> Int {
    while true {
      var allowed = limit
      if let plan = FaultPlan.current,
        let effect = plan.effect(of: operation, mutates: mutates ?? operation.isMutating)
      {
        switch effect {
        case .fail(EINTR): continue
        case .fail(let code), .failAlways(let code):
          throw SystemError(operation: operation.rawValue, path: path, code: code)
        case .die: throw SystemError(operation: operation.rawValue, path: path, code: SystemError.killedCode)
        case .short(let count): allowed = min(allowed, max(1, count))
        }
      }
      let result = call(allowed)
      if result >= 0 { return result }
      let code = errno
      if code == EINTR { continue }
      throw SystemError(operation: operation.rawValue, path: path, code: code)
    }
  }

  /// Runs a body with the path's bytes as a C string. A path with a NUL inside is refused: libc would cut it.
  static func withPath<R: BitwiseCopyable>(
    _ path: String, _ operation: FaultPlan.Operation, _ body: (UnsafePointer<CChar>) -> R
  ) throws(SystemError) -> R {
    let bytes = PathText.encode(path)
    guard !bytes.contains(0) else { throw SystemError(operation: operation.rawValue, path: path, code: EINVAL) }
    // SAFETY: the array ends in a NUL and lives for the whole call; `R` is trivial, so no pointer is meant to escape.
    return (bytes + [0]).withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: CChar.self) { text in text.baseAddress.map(body) }
    } ?? body("")
  }

  static func open(_ path: String, flags: Int32, mode: UInt32 = 0) throws(SystemError) -> Int32 {
    Int32(
      try run(.open, path, mutates: flags & O_CREAT != 0) {
        do throws(SystemError) {
          return Int(try withPath(path, .open) { spotcheck_open($0, flags | O_CLOEXEC, mode) })
        } catch {
          errno = error.code
          return -1
        }
      })
  }

  /// The outcome of a call that takes one path, retried and checked.
  static func onPath(
    _ operation: FaultPlan.Operation, _ path: String, _ call: (UnsafePointer<CChar>) -> Int32
  ) throws(SystemError) {
    _ = try run(operation, path) {
      do throws(SystemError) {
        return Int(try withPath(path, operation, call))
      } catch {
        errno = error.code
        return -1
      }
    }
  }

  /// The same for a call relative to an open folder: `name` is what the call gets, `path` is for messages.
  static func run(
    _ operation: FaultPlan.Operation, _ path: String, onName name: String, _ call: (UnsafePointer<CChar>) -> Int32
  ) throws(SystemError) {
    _ = try descriptor(operation, path, name, call)
  }

  /// The same for a call that answers with a number, such as a descriptor.
  static func descriptor(
    _ operation: FaultPlan.Operation, _ path: String, _ name: String, mutates: Bool? = nil,
    _ call: (UnsafePointer<CChar>) -> Int32
  ) throws(SystemError) -> Int32 {
    Int32(
      truncatingIfNeeded: try run(operation, path, mutates: mutates) {
        do throws(SystemError) {
          return Int(try withPath(name, operation, call))
        } catch {
          errno = error.code
          return -1
        }
      })
  }

  /// Closes once: after EINTR or an error the descriptor is gone on Linux, and closing again could hit another file.
  static func close(_ descriptor: Int32, _ path: String) throws(SystemError) {
    var code = FaultPlan.plannedFailure(of: .close) ?? 0
    if Glibc.close(descriptor) != 0, errno != EINTR { code = errno }
    if code != 0 { throw SystemError(operation: "close", path: path, code: code) }
  }

  /// Reads until the buffer is full or the file ends.
  static func read(
    _ descriptor: Int32, _ path: String, into buffer: UnsafeMutableRawBufferPointer, at offset: Int64?
  ) throws(SystemError) -> Int {
    guard let base = buffer.baseAddress else { return 0 }
    var filled = 0
    while filled < buffer.count {
      let start = filled
      // SAFETY: start + count <= buffer.count; the caller owns the buffer for the whole call.
      let moved = try run(.read, path, limit: buffer.count - start) { count in
        if let offset { return pread(descriptor, base + start, count, Int(offset) &+ start) }
        return Glibc.read(descriptor, base + start, count)
      }
      if moved == 0 { break }
      filled += moved
    }
    return filled
  }

  /// Writes everything, however short the single writes are.
  /// - Parameter toDisk: false for pipes and terminals: such a write is no mutating call of a ``FaultPlan``.
  static func write(
    _ descriptor: Int32, _ path: String, _ bytes: UnsafeRawBufferPointer, toDisk: Bool = true
  ) throws(SystemError) {
    guard let base = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let start = done
      // SAFETY: start + count <= bytes.count; the caller keeps the bytes alive for the whole call.
      let moved = try run(.write, path, limit: bytes.count - start, mutates: toDisk) { count in
        Glibc.write(descriptor, base + start, count)
      }
      // A regular write never reports 0; if a device does, waiting for it would never end.
      if moved == 0 { throw SystemError(operation: "write", path: path, code: EIO) }
      done += moved
    }
  }

  // Spans come in through closures that cannot throw: a typed throw through the standard library's rethrowing
  // closures crashes the compiler (Swift 6.3.1), so the outcome is carried out in a variable.

  static func write(
    _ descriptor: Int32, _ path: String, _ bytes: Span<UInt8>, toDisk: Bool = true
  ) throws(SystemError) {
    var outcome: Result<Void, SystemError> = .success(())
    bytes.withUnsafeBytes { raw in
      do throws(SystemError) { try write(descriptor, path, raw, toDisk: toDisk) } catch { outcome = .failure(error) }
    }
    try outcome.get()
  }

  static func read(
    _ descriptor: Int32, _ path: String, into buffer: inout MutableSpan<UInt8>, limit: Int = .max
  ) throws(SystemError) -> Int {
    var outcome: Result<Int, SystemError> = .success(0)
    buffer.withUnsafeMutableBytes { raw in
      do throws(SystemError) {
        let part = UnsafeMutableRawBufferPointer(rebasing: raw[..<min(raw.count, max(0, limit))])
        outcome = .success(try read(descriptor, path, into: part, at: nil))
      } catch { outcome = .failure(error) }
    }
    return try outcome.get()
  }

  static func status(_ path: String, followSymlinks: Bool) throws(SystemError) -> FileStatus {
    var buffer = stat()
    try onPath(.status, path) { followSymlinks ? stat($0, &buffer) : lstat($0, &buffer) }
    return FileStatus(buffer)
  }

  static func status(_ descriptor: Int32, _ path: String) throws(SystemError) -> FileStatus {
    var buffer = stat()
    try run(.status, path) { Int(fstat(descriptor, &buffer)) }
    return FileStatus(buffer)
  }

  /// The C library's words for an errno. They depend on no locale here: the program never calls setlocale.
  static func errorText(_ code: Int32) -> String {
    // SAFETY: the text ends in a NUL and is copied at once.
    strerror(code).map { String(cString: $0) } ?? "unknown error"
  }

  /// Names in a folder, as the folder has them, without `.` and `..`.
  static func names(in path: String) throws(SystemError) -> [[UInt8]] {
    if let code = FaultPlan.plannedFailure(of: .list) {
      throw SystemError(operation: "list", path: path, code: code)
    }
    guard let folder = try withPath(path, .list, { opendir($0) }) else {
      throw SystemError(operation: "list", path: path, code: errno)
    }
    defer { closedir(folder) }
    return try names(of: folder, path, limit: Int.max).names
  }

  /// The same of an open folder, at most `limit` names.
  static func names(
    inFolder descriptor: Int32, _ path: String, limit: Int
  ) throws(SystemError) -> (names: [[UInt8]], isComplete: Bool) {
    if let code = FaultPlan.plannedFailure(of: .list) {
      throw SystemError(operation: "list", path: path, code: code)
    }
    // A description of its own, because the reading position belongs to it.
    let own = spotcheck_open_at(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard own >= 0 else { throw SystemError(operation: "list", path: path, code: errno) }
    guard let folder = fdopendir(own) else {
      let code = errno
      _ = Glibc.close(own)
      throw SystemError(operation: "list", path: path, code: code)
    }
    defer { closedir(folder) }
    return try names(of: folder, path, limit: limit)
  }

  private static func names(
    of folder: OpaquePointer, _ path: String, limit: Int
  ) throws(SystemError) -> (names: [[UInt8]], isComplete: Bool) {
    var names: [[UInt8]] = []
    while true {
      errno = 0
      // SAFETY: the entry is valid until the next readdir on this stream, which only this function uses;
      // d_name ends in a NUL.
      guard let entry = readdir(folder) else { break }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: UInt8.self, capacity: 256) {
          Array(UnsafeBufferPointer(start: $0, count: strlen($0)))
        }
      }
      if name == [46] || name == [46, 46] { continue }
      if names.count >= limit { return (names, false) }
      names.append(name)
    }
    let code = errno
    if code != 0 { throw SystemError(operation: "list", path: path, code: code) }
    return (names, true)
  }
}
