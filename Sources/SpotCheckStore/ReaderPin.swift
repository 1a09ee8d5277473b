import SpotCheckSystem

/// Keeps the segments that a reader may still open from being removed, for as long as it lives, or its process does.
///
/// Whoever removes segments first makes the catalogue forget them, and then waits for all pins. A reader first pins and
/// then asks the catalogue: what the catalogue told it stays.
public final class ReaderPin: Sendable {
  private let lock: SharedFileLock

  private init(_ lock: consuming SharedFileLock) { self.lock = lock }

  /// Nil where no lock can be taken: the store lies on a medium that nobody can write to, or segments that are forgotten
  /// already are being removed just now. Either way nothing will be missing.
  public static func take(_ layout: StoreLayout) -> ReaderPin? {
    // Where there is no store, none is begun.
    guard (try? FileSystem.exists(layout.catalogue)) == true else { return nil }
    guard let lock = try? SharedFileLock.acquire(layout.readersLock) else { return nil }
    return ReaderPin(lock)
  }
}
