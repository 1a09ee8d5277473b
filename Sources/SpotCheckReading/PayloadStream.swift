// UNSAFE FILE: raw buffers between the source, zlib and the caller. All of them have a length that is checked here.

public import SpotCheckModel

/// Closures that see every byte on its way: the importer computes both digests with them.
public struct PayloadTaps {
  /// Bytes as delivered (compressed), once each, in order.
  public var raw: ((RawSpan) -> Void)?
  /// Payload bytes (decompressed), once each, in order.
  public var payload: ((RawSpan) -> Void)?
  /// Whether ``payload`` is also shown what is not compressed, that is the file's own bytes.
  public var seesPlain: Bool

  public init(raw: ((RawSpan) -> Void)? = nil, payload: ((RawSpan) -> Void)? = nil, seesPlain: Bool = true) {
    self.raw = raw
    self.payload = payload
    self.seesPlain = seesPlain
  }
}

/// A delivered file as its payload: gzip is taken off, everything else passes as it is.
///
/// Content decides (`1f 8b`), not the name; a name that promises gzip and does not hold it is `GZ_NOT_GZIP`.
/// Problems are ``Diagnostic`` values: a fatal one ends the stream (``read(into:)`` returns 0 and ``hasFailed``
/// is true). What was delivered before must then be thrown away: a gzip is only known to be whole when its last
/// trailer has been checked, that is when `read` has returned 0 and ``hasFailed`` is false.
public struct PayloadStream: ~Copyable {
  /// Bytes taken from the source at a time.
  public static let blockBytes = 256 << 10

  private var source: any ByteSource
  private let promisesGzip: Bool
  private let limits: ReadingLimits
  private let taps: PayloadTaps
  private let buffer: UnsafeMutableRawBufferPointer
  private var filled = 0
  private var taken = 0
  private var mode = Mode.unknown
  private var inflater: GzipInflater
  private var diagnostics: [Diagnostic] = []
  private var sourceEnded = false

  private enum Mode { case unknown, plain, gzip, ended }

  /// Bytes read from the source so far.
  public private(set) var rawBytes = 0
  /// Payload bytes handed out so far.
  public private(set) var payloadBytes = 0
  /// A fatal diagnostic has ended the stream.
  public private(set) var hasFailed = false
  /// The file is gzip (known after the first ``read(into:)``).
  public private(set) var isCompressed = false

  /// - Parameter name: the file's name, for its ending only.
  public init(_ source: any ByteSource, name: String = "", limits: ReadingLimits = .init(), taps: PayloadTaps = .init())
  {
    self.source = source
    self.promisesGzip = name.utf8.suffix(3).elementsEqual(".gz".utf8) || name.utf8.suffix(3).elementsEqual(".GZ".utf8)
    self.limits = limits
    self.taps = taps
    self.buffer = .allocate(byteCount: PayloadStream.blockBytes, alignment: 64)
    self.inflater = GzipInflater(limits: limits)
  }

  deinit { buffer.deallocate() }

  /// Fills payload bytes from the front of `target`; 0 means the end, or a fatal diagnostic.
  public mutating func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    guard target.count > 0 else { return 0 }
    if mode == .unknown { try sniff() }
    let count: Int
    switch mode {
    case .plain: count = try readPlain(into: target)
    case .gzip: count = try readGzip(into: target)
    case .ended, .unknown: return 0
    }
    if count > 0 {
      payloadBytes &+= count
      if taps.seesPlain || isCompressed {
        taps.payload?(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(target)[..<count]).bytes)
      }
    }
    return count
  }

  /// Reads to the end without keeping anything: proves a gzip whole, and lets the taps see every byte.
  public mutating func drain() throws {
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: PayloadStream.blockBytes, alignment: 64)
    defer { scratch.deallocate() }
    while try read(into: scratch) > 0 {}
    // After a fatal diagnostic the raw tap still sees the rest, so that the file's digest is complete.
    while !sourceEnded {
      filled = 0
      taken = 0
      try refill()
    }
  }

  /// The diagnostics since the last call. Offsets count in the file as delivered.
  public mutating func takeDiagnostics() -> [Diagnostic] {
    defer { diagnostics = [] }
    return diagnostics
  }

  // MARK: Inside

  /// Appends bytes of the source to the buffer; notices the end and the size limit.
  private mutating func refill() throws {
    guard filled < buffer.count else { return }
    filled += try take(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
  }

  /// Takes a block of the source, or as much of it as there is room for; notices the end and the size limit.
  private mutating func take(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !sourceEnded else { return 0 }
    // Up to the limit at first, so that what is delivered before the verdict never depends on how the source is cut.
    let room = hasFailed ? buffer.count : max(1, limits.fileBytes &- rawBytes)
    let free = UnsafeMutableRawBufferPointer(rebasing: target[..<min(target.count, room, buffer.count)])
    let count = try source.read(into: free)
    guard count > 0 else {
      sourceEnded = true
      return 0
    }
    taps.raw?(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(free)[..<count]).bytes)
    rawBytes &+= count
    if rawBytes > limits.fileBytes, !hasFailed {
      fail(
        Diagnostic(
          .fileTooBig, at: SourcePosition(line: 0, byteOffset: limits.fileBytes),
          "the file is larger than \(limits.fileBytes) bytes", zh: "文件大于 \(limits.fileBytes) 字节"))
    }
    return count
  }

  private mutating func sniff() throws {
    while filled < 2, !sourceEnded { try refill() }
    guard !hasFailed else { return }
    if filled == 0 {
      fail(Diagnostic(.fileEmpty, at: .file, "the file has no bytes", zh: "文件没有内容"))
    } else if buffer[0] == 0x1F, filled > 1 ? buffer[1] == 0x8B : promisesGzip {
      isCompressed = true
      mode = .gzip
    } else if promisesGzip {
      fail(
        Diagnostic(
          .gzipNotGzip, at: SourcePosition(line: 0, byteOffset: 0),
          "the name ends in .gz but the file does not begin with 1f 8b", zh: "文件名以 .gz 结尾，但内容不是 gzip"))
    } else {
      mode = .plain
    }
  }

  private mutating func readPlain(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    if taken == filled {
      // Straight to where it is wanted.
      let count = try take(into: target)
      guard !hasFailed, count > 0 else {
        mode = .ended
        return 0
      }
      return count
    }
    let count = min(filled - taken, target.count)
    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[taken..<taken + count]))
    taken += count
    return count
  }

  private mutating func readGzip(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      if taken == filled, !sourceEnded {
        filled = 0
        taken = 0
        try refill()
        guard !hasFailed else { return 0 }
      }
      let step = inflater.step(
        input: UnsafeRawBufferPointer(rebasing: buffer[taken..<filled]), output: target, inputEnded: sourceEnded)
      taken += step.consumed
      if let problem = inflater.takeProblem() { fail(problem) }
      if step.produced > 0 { return step.produced }
      if hasFailed { return 0 }
      if inflater.isComplete {
        diagnostics += inflater.notes()
        mode = .ended
        if payloadBytes == 0 {
          fail(Diagnostic(.fileEmpty, at: .file, "the gzip file holds no bytes", zh: "压缩文件没有内容"))
        }
        return 0
      }
    }
  }

  private mutating func fail(_ diagnostic: Diagnostic) {
    diagnostics.append(diagnostic)
    hasFailed = true
    mode = .ended
  }
}
