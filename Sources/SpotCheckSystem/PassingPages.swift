import CSystem
import Glibc

/// What the system holds in memory of a large file that passes once: a few megabytes, however large the file.
///
/// A page that no file has had before has to be found and, on a virtual machine, asked of the host: ten times the work of
/// copying into it (Linux 6.18). A file of 5 GB that is copied and read in the same few pages takes none that are new, and
/// nothing else is driven out of memory for its sake.
enum PassingPages {
  /// Bytes after which the disk begins to write them, what was read is let go, and who reads behind is told of them.
  static let step: Int64 = 8 << 20
  /// Bytes of a copy that stay in memory behind who writes it: the disk has its time, and who reads behind finds them there.
  static let window: Int64 = 4 * step

  /// Lets the system forget a stretch of a file. Only advice, and only what is on the disk is forgotten.
  static func forget(_ descriptor: Int32, _ range: Range<Int64>) {
    _ = posix_fadvise(descriptor, Int(range.lowerBound), range.count, POSIX_FADV_DONTNEED)
  }

  /// Waits until a stretch of a file is written, and lets the system forget it.
  /// - Throws: the disk's own error, which nobody would be told a second time.
  static func settle(_ descriptor: Int32, _ path: String, _ range: Range<Int64>) throws(SystemError) {
    try SystemCalls.run(.sync, path) {
      Int(spotcheck_finish_writing(descriptor, range.lowerBound, Int64(range.count)))
    }
    forget(descriptor, range)
  }

  /// Whether the system already holds most of a file; false where it cannot tell.
  static func isInMemory(_ file: borrowing InputFile) -> Bool {
    let count = file.status.byteCount
    return count > 0 && spotcheck_bytes_in_memory(file.descriptor, 0, count) > count / 2
  }
}
