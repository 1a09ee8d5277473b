import Glibc
import SpotCheckSystem
import Testing

@Suite("Service manager, rights, health")
struct ServiceTests {
  /// A datagram socket that hears what is said to it.
  private final class Manager {
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)

    init?(_ name: String) {
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      let bytes = Array(name.utf8)
      withUnsafeMutableBytes(of: &address.sun_path) { field in
        field.copyBytes(from: bytes)
        if bytes.first == UInt8(ascii: "@") { field[0] = 0 }
      }
      let length = 2 + bytes.count + (bytes.first == UInt8(ascii: "@") ? 0 : 1)
      let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(length)) }
      }
      if result != 0 { return nil }
    }

    deinit { _ = Glibc.close(descriptor) }

    var heard: String? {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
      return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }
  }

  @Test("the service manager hears what is said, by path and by abstract name", arguments: [false, true])
  func notifying(isAbstract: Bool) throws {
    let scratch = try Scratch()
    let name = isAbstract ? "@spotcheck-test-" + Machine.randomHex(12) : scratch("notify")
    let manager = try #require(Manager(name))
    let notifier = ServiceNotifier(socket: name, watchdogMicroseconds: "30000000")
    #expect(notifier.watchdogInterval == 30)
    #expect(notifier.ready("waiting\nREADY=0"))
    #expect(manager.heard == "READY=1\nSTATUS=waiting READY=0")
    #expect(notifier.status("导入中"))
    #expect(manager.heard == "STATUS=导入中")
    #expect(notifier.watchdog())
    #expect(manager.heard == "WATCHDOG=1")
    #expect(notifier.stopping())
    #expect(manager.heard == "STOPPING=1")
    #expect(manager.heard == nil)
  }

  @Test("nobody to tell is no trouble")
  func silence() throws {
    let scratch = try Scratch()
    for socket in [nil, "", "relative", scratch("nothing"), "/" + String(repeating: "x", count: 300)] {
      let notifier = ServiceNotifier(socket: socket)
      #expect(!notifier.ready("x") && !notifier.watchdog())
    }
    #expect(ServiceNotifier(socket: nil, watchdogMicroseconds: "1", watchdogProcess: "1").watchdogInterval == nil)
    #expect(ServiceNotifier(socket: nil, watchdogMicroseconds: "-1").watchdogInterval == nil)
    let ours = ServiceNotifier(
      socket: nil, watchdogMicroseconds: "500000", watchdogProcess: "\(Machine.processID)")
    #expect(ours.watchdogInterval == 0.5)
  }

  @Test("a file that others can write or replace is a risk")
  func risks() throws {
    let scratch = try Scratch()
    let file = scratch("c.yaml")
    try DurableWriter.write([1], to: file, mode: 0o640)
    #expect(try FileSystem.writeRisk(of: file) == nil)
    try FileSystem.setMode(file, 0o660)
    #expect(try FileSystem.writeRisk(of: file) == nil, "our own group may")
    try FileSystem.setMode(file, 0o642)
    #expect(try FileSystem.writeRisk(of: file) == .everybody(file))
    try FileSystem.setMode(file, 0o600)
    try FileSystem.setMode(scratch.path, 0o777)
    #expect(try FileSystem.writeRisk(of: file) == .everybody(scratch.path))
    try FileSystem.setMode(scratch.path, 0o1777)
    #expect(try FileSystem.writeRisk(of: file) == nil, "sticky")
    try FileSystem.setMode(scratch.path, 0o700)
    #expect(symlink(file, scratch("link")) == 0)
    try FileSystem.setMode(file, 0o606)
    #expect(try FileSystem.writeRisk(of: scratch("link")) == .everybody(file))
    #expect(throws: SystemError.self) { _ = try FileSystem.writeRisk(of: scratch("nothing")) }
    guard geteuid() == 0 else { return }
    #expect(chown(file, 0, 54_321) == 0)
    try FileSystem.setMode(file, 0o660)
    #expect(try FileSystem.writeRisk(of: file) == .group(54_321, file))
  }

  @Test("the process knows how much it has open and in memory")
  func health() throws {
    #expect(Machine.residentBytes > 1 << 20)
    #expect(Machine.residentBytes <= Machine.usage.peakBytes * 2)
    #expect(Machine.openDescriptorCount >= 3)
  }

  @Test("the mask is set and tells the one before")
  func mask() async {
    await #expect(processExitsWith: .exitCode(0)) {
      Machine.setUmask(0o027)
      precondition(Machine.setUmask(0o077) == 0o027)
      exit(0)
    }
  }
}
