import Glibc

/// What the file system says about a file.
public struct FileStatus: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable {
    case regular, folder, symbolicLink, other
  }

  public var kind: Kind
  public var byteCount: Int64
  /// Time of the last change of the content, in nanoseconds since 1970; attributes, never identity.
  public var modifiedNanoseconds: Int64
  /// Time of the last change of content or attributes, in nanoseconds since 1970.
  public var changedNanoseconds: Int64
  public var inode: UInt64
  public var device: UInt64
  /// Number of names (hard links).
  public var linkCount: Int
  /// Permission bits, as in 0o640.
  public var mode: UInt32
  /// User and group that it belongs to.
  public var owner: UInt32
  public var group: UInt32

  public var isRegular: Bool { kind == .regular }

  /// Nobody has written to the file since `earlier` was taken, as far as the file system can tell.
  public func isUnwritten(since earlier: FileStatus) -> Bool {
    inode == earlier.inode && device == earlier.device && byteCount == earlier.byteCount
      && modifiedNanoseconds == earlier.modifiedNanoseconds
  }

  init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .folder
      case S_IFLNK: .symbolicLink
      default: .other
      }
    byteCount = Int64(status.st_size)
    modifiedNanoseconds = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
    changedNanoseconds = Int64(status.st_ctim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_ctim.tv_nsec)
    inode = UInt64(status.st_ino)
    device = UInt64(status.st_dev)
    linkCount = Int(status.st_nlink)
    mode = UInt32(status.st_mode) & 0o7777
    owner = UInt32(status.st_uid)
    group = UInt32(status.st_gid)
  }
}
