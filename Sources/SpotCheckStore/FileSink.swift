// UNSAFE FILE: takes raw buffers.

import SpotCheckDigest
import SpotCheckSystem

/// A segment file being written: counts, hashes and checksums everything that passes.
struct FileSink: ~Copyable {
  private var writer: DurableWriter
  /// SHA-256 of this file so far.
  private(set) var digest = ContentHasher()
  /// The same, begun with the file before; nil: there is none.
  private var continued: ContentHasher?
  private(set) var metadataHash = XXH64()
  private(set) var checksums: [BufferChecksum] = []

  /// Zeros to pad with.
  private static let padding = [UInt8](repeating: 0, count: ArrowMetadata.alignment)

  /// - Parameter provisionalPath: in the folder where the file will be; its name is only known at the end.
  init(provisionalPath: String, after earlier: ContentHasher? = nil) throws(SystemError) {
    // Nobody writes to a segment again: 0440.
    writer = try DurableWriter(provisionalPath, mode: 0o440, bufferLimit: 1 << 20)
    continued = earlier
  }

  var position: Int { writer.byteCount }
  /// SHA-256 of the file before it and this one.
  var pairDigest: ContentHasher { continued ?? digest }

  mutating func metadata(_ bytes: [UInt8]) throws {
    metadataHash.update(bytes)
    try bytes.withUnsafeBytes { try pass($0) }
  }

  /// One buffer of a body, and zeros up to the next multiple of 64. An empty buffer leaves no trace.
  private mutating func buffer(_ bytes: UnsafeRawBufferPointer) throws {
    guard bytes.count > 0 else { return }
    let offset = position
    let length = ArrowMetadata.padded(bytes.count)
    var hash = XXH64()
    hash.update(bytes)
    try pass(bytes)
    try FileSink.padding.withUnsafeBytes { zeros in
      let rest = UnsafeRawBufferPointer(rebasing: zeros[..<(length - bytes.count)])
      hash.update(rest)
      try pass(rest)
    }
    checksums.append(BufferChecksum(offset: offset, length: length, hash: hash.finish()))
  }

  mutating func buffer<T: BitwiseCopyable>(_ values: [T]) throws {
    // SAFETY: plain integers without padding; the array lives for the whole call.
    try values.withUnsafeBytes { try buffer($0) }
  }

  private mutating func pass(_ bytes: UnsafeRawBufferPointer) throws {
    digest.update(bytes)
    continued?.update(bytes)
    try writer.write(bytes)
  }

  /// Gives the file its name, without syncing the folder. An identical file that is already there stays.
  mutating func publish(as path: String) throws(SystemError) {
    if let existing = try? InputFile(path, followSymlinks: false), existing.status.byteCount == Int64(position) {
      var hasher = ContentHasher()
      var chunk = [UInt8](repeating: 0, count: 1 << 18)
      var count = 0
      repeat {
        var span = chunk.mutableSpan
        count = try existing.read(into: &span)
        hasher.update(chunk.span.extracting(0..<count))
      } while count > 0
      if hasher.finalise() == digest.finalise() {
        // It may come from a run that died before it synced.
        try FileSystem.syncFile(path)
        return
      }
    }
    try writer.publish(as: path, syncFolder: false)
  }
}
