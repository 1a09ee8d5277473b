// UNSAFE FILE: hands a socket address and bytes to libc.

import Glibc

/// Tells the service manager (systemd) how the service is: sd_notify(3), without its library.
///
/// Without `NOTIFY_SOCKET` in the environment everything here does nothing. Nothing here fails: a manager that does
/// not listen must not stop the work.
public struct ServiceNotifier: Sendable {
  private let socketPath: [UInt8]?
  /// Seconds within which ``watchdog()`` must be called again and again; nil if nobody watches. Call at half of it.
  public let watchdogInterval: Double?

  /// From the environment of this process.
  public init() {
    self.init(
      socket: Machine.environment("NOTIFY_SOCKET"), watchdogMicroseconds: Machine.environment("WATCHDOG_USEC"),
      watchdogProcess: Machine.environment("WATCHDOG_PID"))
  }

  /// - Parameters:
  ///   - socket: a path, or `@` and the name of an abstract socket.
  ///   - watchdogProcess: for which process the watchdog is meant; nil = any.
  public init(socket: String?, watchdogMicroseconds: String? = nil, watchdogProcess: String? = nil) {
    let bytes = socket.map { PathText.encode($0) } ?? []
    socketPath = bytes.first == UInt8(ascii: "/") || bytes.first == UInt8(ascii: "@") ? bytes : nil
    let isOurs = watchdogProcess == nil || watchdogProcess == String(getpid())
    let microseconds = watchdogMicroseconds.flatMap { UInt64($0) } ?? 0
    watchdogInterval = isOurs && microseconds > 0 ? Double(microseconds) / 1e6 : nil
  }

  /// The service has started; `status` is a line for people.
  @discardableResult
  public func ready(_ status: String) -> Bool { send("READY=1\nSTATUS=" + ServiceNotifier.line(status)) }

  @discardableResult
  public func status(_ status: String) -> Bool { send("STATUS=" + ServiceNotifier.line(status)) }

  /// The service is alive.
  @discardableResult
  public func watchdog() -> Bool { send("WATCHDOG=1") }

  @discardableResult
  public func stopping() -> Bool { send("STOPPING=1") }

  private static func line(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 }.prefix(1000))
  }

  /// Whether the manager got it.
  private func send(_ text: String) -> Bool {
    guard let socketPath, !FaultPlan.isDead else { return false }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let capacity = MemoryLayout.size(ofValue: address.sun_path)
    // A path needs its NUL; an abstract name begins with one instead of the @, and its length counts.
    guard socketPath.count < capacity else { return false }
    withUnsafeMutableBytes(of: &address.sun_path) { field in
      field.copyBytes(from: socketPath)
      if socketPath.first == UInt8(ascii: "@") { field[0] = 0 }
    }
    let length =
      MemoryLayout<sockaddr_un>.size - capacity + socketPath.count
      + (socketPath.first == UInt8(ascii: "@") ? 0 : 1)
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { _ = Glibc.close(descriptor) }
    let bytes = Array(text.utf8)
    // SAFETY: address and bytes live for the call, and the length does not exceed the address.
    let sent = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT), $0, socklen_t(length))
      }
    }
    return sent == bytes.count
  }
}
