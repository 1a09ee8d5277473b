// UNSAFE FILE: hands buffers to zlib and iconv. Everything else in this room is safe code.

internal import CZlib
internal import SpotCheckSystem

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The character set a made-up file is written in.
public enum DeliveryEncoding: Sendable {
  case utf8
  case utf8WithBOM
  case gb18030
}

/// Writes one made-up file: text in, encoded and perhaps compressed bytes out, 256 KiB at a time.
///
/// The gzip header carries no name and no time, so that equal content gives equal files.
final class DeliveryWriter {
  private static let blockSize = 1 << 18

  private var file: DurableWriter
  private let encoding: DeliveryEncoding
  private var text: [UInt8] = []
  private var encoded = [UInt8](repeating: 0, count: DeliveryWriter.blockSize * 2)
  private var compressed = [UInt8](repeating: 0, count: DeliveryWriter.blockSize * 2)
  private let converter: iconv_t?
  private let stream: UnsafeMutablePointer<z_stream>?

  init(path: String, encoding: DeliveryEncoding, isCompressed: Bool) throws {
    file = try DurableWriter(path)
    self.encoding = encoding
    converter = encoding == .gb18030 ? iconv_open("GB18030", "UTF-8") : nil
    if isCompressed {
      // SAFETY: zlib keeps a pointer back to the stream, so it lives at one heap address until deinit.
      let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
      state.initialize(to: z_stream())
      let status = deflateInit2_(
        state, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      precondition(status == Z_OK, "deflateInit2 refused constant arguments")
      stream = state
    } else {
      stream = nil
    }
    text.reserveCapacity(DeliveryWriter.blockSize * 2)
    if encoding == .utf8WithBOM { text += [0xEF, 0xBB, 0xBF] }
  }

  deinit {
    if let converter { iconv_close(converter) }
    if let stream {
      deflateEnd(stream)
      stream.deallocate()
    }
  }

  func write(_ string: String) throws {
    text.append(contentsOf: string.utf8)
    if text.count >= DeliveryWriter.blockSize { try flush(isLast: false) }
  }

  func close() throws {
    try flush(isLast: true)
    try file.publish()
  }

  private func flush(isLast: Bool) throws {
    if let converter {
      // SAFETY: both buffers outlive the call; iconv stays inside the counts it is given. The text is valid UTF-8
      // and ends at a character border, and GB18030 covers all of Unicode, so nothing can be left over.
      let written = text.withUnsafeMutableBytes { source in
        encoded.withUnsafeMutableBytes { target -> Int in
          var input: UnsafeMutablePointer<CChar>? = source.baseAddress?.assumingMemoryBound(to: CChar.self)
          var inputLeft = source.count
          var output: UnsafeMutablePointer<CChar>? = target.baseAddress?.assumingMemoryBound(to: CChar.self)
          var outputLeft = target.count
          _ = iconv(converter, &input, &inputLeft, &output, &outputLeft)
          precondition(inputLeft == 0, "GB18030 must take every character")
          return target.count - outputLeft
        }
      }
      try emit(Array(encoded[..<written]), isLast: isLast)
    } else {
      try emit(text, isLast: isLast)
    }
    text.removeAll(keepingCapacity: true)
  }

  private func emit(_ bytes: [UInt8], isLast: Bool) throws {
    guard let stream else { return try file.write(bytes) }
    var finished = false
    // SAFETY: `bytes` and `compressed` stay put inside the closures; deflate stays inside avail_in and avail_out.
    var source = bytes
    var chunks: [[UInt8]] = []
    source.withUnsafeMutableBufferPointer { input in
      stream.pointee.next_in = input.baseAddress
      stream.pointee.avail_in = UInt32(input.count)
      repeat {
        let produced = compressed.withUnsafeMutableBufferPointer { output -> Int in
          stream.pointee.next_out = output.baseAddress
          stream.pointee.avail_out = UInt32(output.count)
          finished = deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_END
          return output.count - Int(stream.pointee.avail_out)
        }
        if produced > 0 { chunks.append(Array(compressed[..<produced])) }
      } while stream.pointee.avail_out == 0 || (isLast && !finished)
    }
    for chunk in chunks { try file.write(chunk) }
  }
}
