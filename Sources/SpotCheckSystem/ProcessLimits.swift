import CSystem
import Glibc

/// Limits of the process that would end it, made into errors that can be told.
public enum ProcessLimits {
  /// What the libraries need that do not report a lack of descriptors but trap: libdispatch, below the catalogue.
  /// Files of ours are few, and opened beside these.
  static let fewestDescriptors = 24
  private static let wantedDescriptors = 1024

  /// To be called first of all: a file that reaches the size that it may have (`ulimit -f`) is EFBIG, and as many
  /// descriptors are there as the system allows and we use.
  /// - Throws: EMFILE if they are too few to begin.
  public static func prepare() throws(SystemError) {
    spotcheck_ignore_sigxfsz()
    let count = spotcheck_raise_descriptors(wantedDescriptors)
    guard count < 0 || count >= fewestDescriptors else {
      throw SystemError(operation: "open", path: "\(fewestDescriptors) files at once", code: EMFILE)
    }
  }
}
