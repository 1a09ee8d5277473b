import SpotCheck

/// Where answers go: standard output, in blocks; at a terminal, if they are longer than it, through a pager.
struct StandardOutput: ByteSink {
  private enum Route {
    /// Whether it fits is not known yet.
    case waiting(pager: String, rows: Int)
    case plain
    case pager(PagerProcess)
    /// Whoever looked at it has left the pager.
    case nobody
  }

  private var route: Route
  private var pending: [UInt8] = []
  /// What a pager was given first, should there turn out to be none.
  private var given: [UInt8] = []
  private var isProven = false
  /// A pipe holds less: a pager that has taken so much is there.
  private static let enough = 1 << 20
  private var lines = 0
  private var encoder: GB18030Encoder?

  init(_ encoding: OutputEncoding = .utf8) {
    encoder = encoding == .gb18030 ? GB18030Encoder() : nil
    let rows = StandardStreams.terminalHeight ?? 24
    // A pager is told that it gets UTF-8, and would show anything else as numbers.
    let pager = encoding == .utf8 ? PagerChoice.ofThisProcess() : nil
    route = pager.map { .waiting(pager: $0, rows: rows) } ?? .plain
  }

  /// Characters that could not be written in the encoding.
  var lost: Int { encoder?.lost ?? 0 }

  mutating func write(_ bytes: [UInt8]) {
    // A block on its way to a file or a pipe is not collected first.
    if case .plain = route, encoder == nil, bytes.count > 1 << 14 {
      if !pending.isEmpty { flush() }
      Console.out(bytes)
      return
    }
    pending.append(contentsOf: encoder?.encode(bytes) ?? bytes)
    if case .waiting(let pager, let rows) = route {
      lines += bytes.count { $0 == 0x0A }
      // The prompt behind it takes a row, too.
      guard lines >= rows || pending.count > 1 << 16 else { return }
      let words = Machine.environment("LESSCHARSET") == nil ? ["LESSCHARSET": "utf-8"] : [:]
      route = (try? PagerProcess(pager, environment: words)).map { .pager($0) } ?? .plain
      flush()
    }
    if pending.count > 1 << 16 { flush() }
  }

  /// Writes what is left, and waits until it was read.
  mutating func finish() {
    if case .waiting = route { route = .plain }
    flush()
    if case .pager(let pager) = route { leave(pager) }
  }

  /// Waits for a pager, and shows plainly what none has shown.
  private mutating func leave(_ pager: PagerProcess) {
    route = .nobody
    guard !pager.finish() else { return }
    route = .plain
    Console.out(given)
  }

  private mutating func flush() {
    defer { pending.removeAll(keepingCapacity: true) }
    switch route {
    case .plain, .waiting: Console.out(pending)
    case .pager(let pager):
      if !isProven { given += pending }
      if given.count > StandardOutput.enough { (given, isProven) = ([], true) }
      if (try? pager.show(pending)) != true { leave(pager) }
    case .nobody: break
    }
  }
}

/// Which pager shows long answers: what is settled about it, else less(1) where it is.
enum PagerChoice {
  /// Said on the command line, before or behind the command.
  static let refusal = "--no-pager"

  /// Nil if answers are not shown at a terminal, or nobody wants a pager: an empty variable, `cat`, or a terminal that can
  /// do nothing.
  static func ofThisProcess() -> String? {
    guard StandardStreams.isTerminal(StandardStreams.output), StandardStreams.isTerminal(StandardStreams.input),
      Machine.environment("TERM") != "dumb", !CommandLine.arguments.contains(refusal)
    else { return nil }
    if let wanted = try? SettingsInForce.setting(.pager)?.value {
      return wanted.isEmpty || wanted == "cat" ? nil : wanted
    }
    let folders = (Machine.environment("PATH") ?? "").split(separator: ":").map(String.init)
    return folders.contains { (try? FileSystem.exists(PathText.join($0, "less"))) == true } ? "less -FRX" : nil
  }
}
