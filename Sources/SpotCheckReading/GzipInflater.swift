// UNSAFE FILE: drives zlib over raw buffers. The `z_stream` lives at one heap address for the owner's lifetime (zlib keeps
// a pointer back to it), and every length handed to zlib is that of the buffer beside it.

import CZlib
import SpotCheckModel

/// Streaming gzip: members, headers, trailers and limits, each problem with its own code and its offset in the file.
///
/// zlib inflates raw deflate data only. Headers and trailers are read here, because the message strings of a library
/// are no way to tell a wrong checksum (`GZ_CRC`) from a wrong length (`GZ_ISIZE`) or a cut file (`GZ_TRUNCATED`).
struct GzipInflater: ~Copyable {
  private enum Phase { case header, body, trailer, between, zeros, complete, failed }

  private let stream: UnsafeMutablePointer<z_stream>
  private let limits: ReadingLimits
  private var phase = Phase.header
  private var header: GzipHeader
  private var problem: Diagnostic?
  private var inflateReady: Bool

  /// Bytes taken from the file so far.
  private var position = 0
  private var memberStart = 0
  private var members = 0
  private var totalOut = 0
  private var memberOut = 0
  private var checksum: UInt32 = 0
  private var trailer: UInt64 = 0
  private var trailerCount = 0
  private var firstZero = 0
  private var zeroCount = 0
  private var leading: (UInt8, UInt8) = (0, 0)
  private var secondMember = 0

  /// Output positions at which the ratio is judged, so that the verdict doesn't depend on buffer sizes.
  private static let ratioStep = 64 << 10

  init(limits: ReadingLimits) {
    self.limits = limits
    header = GzipHeader(fieldLimit: limits.gzipHeaderFieldBytes)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    inflateReady = inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  }

  deinit {
    if inflateReady { inflateEnd(stream) }
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Everything was read and verified.
  var isComplete: Bool { phase == .complete }

  /// The fatal problem found, once.
  mutating func takeProblem() -> Diagnostic? {
    defer { problem = nil }
    return problem
  }

  /// What is worth knowing about a file that was read whole.
  func notes() -> [Diagnostic] {
    var notes: [Diagnostic] = []
    if members > 1 {
      notes.append(
        Diagnostic(
          .gzipMultiMember, at: SourcePosition(line: 0, byteOffset: secondMember),
          "\(members) gzip members, read as one payload", zh: "共 \(members) 个 gzip 成员，按顺序连接读取"))
    }
    if zeroCount > 0 {
      notes.append(
        Diagnostic(
          .gzipTrailingZeros, at: SourcePosition(line: 0, byteOffset: firstZero),
          "\(zeroCount) zero bytes after the gzip data", zh: "gzip 数据之后有 \(zeroCount) 个零字节"))
    }
    return notes
  }

  /// Takes input until there is some output, the input is used up, or something is wrong.
  ///
  /// - Parameter inputEnded: there is no input after `input`.
  mutating func step(
    input: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer, inputEnded: Bool
  ) -> (consumed: Int, produced: Int) {
    var used = 0
    while true {
      switch phase {
      case .complete, .failed:
        return (used, 0)
      case .body:
        let (consumed, produced) = inflateBody(
          UnsafeRawBufferPointer(rebasing: input[used...]), output, inputEnded: inputEnded)
        used += consumed
        if produced > 0 { return (used, produced) }
        if phase == .body, used == input.count {
          if inputEnded { truncated() }
          return (used, 0)
        }
      case .header, .trailer, .between, .zeros:
        guard used < input.count else {
          if inputEnded { endOfInput() }
          return (used, 0)
        }
        let byte = input[used]
        used += 1
        takeFrameByte(byte)
        position += 1
      }
    }
  }

  // MARK: Inside

  /// One byte outside the deflate data; `position` is still this byte's own.
  private mutating func takeFrameByte(_ byte: UInt8) {
    switch phase {
    case .header:
      switch header.take(byte) {
      case .more: break
      case .complete: startBody()
      case .bad(let message, let zh):
        if members > 0, position < memberStart + 2 {
          fail(.gzipTrailingGarbage, "bytes that are no gzip member follow the data", "gzip 数据之后有多余字节", at: memberStart)
        } else {
          fail(.gzipData, message, zh, at: position)
        }
      }
    case .trailer:
      trailer |= UInt64(byte) << (8 * UInt64(trailerCount))
      trailerCount += 1
      if trailerCount == 8 { checkTrailer() }
    case .between:
      if byte == 0x1F {
        memberStart = position
        if members == 1 { secondMember = position }
        header = GzipHeader(fieldLimit: limits.gzipHeaderFieldBytes)
        _ = header.take(byte)
        phase = .header
      } else if byte == 0 {
        firstZero = position
        zeroCount = 1
        phase = .zeros
      } else {
        fail(.gzipTrailingGarbage, "bytes that are no gzip member follow the data", "gzip 数据之后有多余字节", at: position)
      }
    case .zeros:
      if byte == 0 {
        zeroCount &+= 1
      } else {
        fail(.gzipTrailingGarbage, "bytes follow the zero padding", "补零之后还有多余字节", at: position)
      }
    case .body, .complete, .failed: break
    }
  }

  private mutating func startBody() {
    guard inflateReady, inflateReset(stream) == Z_OK else {
      fail(.gzipData, "zlib cannot start (out of memory?)", "zlib 无法启动（内存不足？）", at: position)
      return
    }
    phase = .body
    memberOut = 0
    checksum = 0
    trailer = 0
    trailerCount = 0
  }

  private mutating func checkTrailer() {
    let storedChecksum = UInt32(truncatingIfNeeded: trailer)
    let storedLength = trailer >> 32
    if storedChecksum != checksum {
      fail(.gzipCRC, "the CRC-32 of the data differs from the stored one", "数据的 CRC-32 与记录值不符", at: position - 7)
    } else if storedLength != UInt64(truncatingIfNeeded: memberOut) & 0xFFFF_FFFF {
      fail(.gzipLength, "the data's length differs from the stored one", "数据长度与记录值不符", at: position - 3)
    } else {
      members += 1
      phase = .between
    }
  }

  private mutating func endOfInput() {
    switch phase {
    case .between, .zeros: phase = .complete
    case .header, .body, .trailer: truncated()
    case .complete, .failed: break
    }
  }

  private mutating func inflateBody(
    _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer, inputEnded: Bool
  ) -> (consumed: Int, produced: Int) {
    // SAFETY: zlib reads `avail_in` and writes `avail_out` bytes; both are cut to the buffers' own counts.
    // The room ends where a verdict is due, so that what is delivered before a problem never depends on buffers.
    var room = min(output.count, GzipInflater.ratioStep - totalOut % GzipInflater.ratioStep)
    if totalOut < 2 { room = min(room, 2 - totalOut) }
    room = min(room, max(1, limits.gzipOutputBytes &- totalOut &+ 1))
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(input.count)
    stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(room)
    let result = inflate(stream, Z_NO_FLUSH)
    let consumed = input.count - Int(stream.pointee.avail_in)
    let produced = room - Int(stream.pointee.avail_out)
    position += consumed
    if produced > 0 {
      checksum = Kernels.crc32(checksum, UnsafeRawBufferPointer(rebasing: output[..<produced]))
      if totalOut < 2 { watchLeading(output, produced) }
      totalOut &+= produced
      memberOut &+= produced
    }
    switch result {
    case Z_STREAM_END: phase = .trailer
    case Z_OK, Z_BUF_ERROR: break
    default: fail(.gzipData, "the compressed data is damaged", "压缩数据已损坏", at: position)
    }
    if phase != .failed { judgeSize() }
    return (consumed, produced)
  }

  private mutating func watchLeading(_ output: UnsafeMutableRawBufferPointer, _ produced: Int) {
    if totalOut == 0 { leading.0 = output[0] }
    if totalOut == 0, produced > 1 { leading.1 = output[1] }
    if totalOut == 1 { leading.1 = output[0] }
    if leading == (0x1F, 0x8B) {
      fail(.gzipNested, "the payload is itself a gzip file", "压缩文件内部又是 gzip 文件", at: 0)
    }
  }

  /// Both are said of the member: how far zlib has looked ahead when its room is full depends on how much input it has seen.
  private mutating func judgeSize() {
    if totalOut > limits.gzipOutputBytes {
      fail(
        .gzipOutputLimit, "more than \(limits.gzipOutputBytes) bytes after decompression",
        "解压后超过 \(limits.gzipOutputBytes) 字节", at: memberStart)
    } else if totalOut > limits.gzipRatioAfter, totalOut % GzipInflater.ratioStep == 0 || phase == .trailer,
      totalOut / max(1, position) >= limits.gzipRatio
    {
      fail(
        .gzipRatio, "more than \(limits.gzipRatio) bytes out of each byte in", "压缩比超过 \(limits.gzipRatio) 倍",
        at: memberStart)
    }
  }

  private mutating func truncated() {
    fail(.gzipTruncated, "the file ends inside its gzip data", "文件在 gzip 数据中间结束，传输不完整", at: position)
  }

  private mutating func fail(_ code: DiagnosticCode, _ message: String, _ zh: String, at offset: Int) {
    guard phase != .failed else { return }
    phase = .failed
    problem = Diagnostic(code, at: SourcePosition(line: 0, byteOffset: offset), message, zh: zh)
  }
}
