import CSystem
import Glibc

/// The kind of file system that a path is on, and how full it is.
public struct FileSystemKind: Sendable, Hashable {
  /// statfs's magic number.
  public var magic: UInt32
  /// `ext4`, `nfs` …; the magic number in hex if the kind is not listed here.
  public var name: String
  /// Whether all writers are processes of this computer and the kernel tells about every change: leases and inotify
  /// can be trusted. Network, FUSE, 9p, overlay and unlisted kinds are not local: look again and again there.
  public var isLocal: Bool
  public var totalBytes: Int64
  /// Free for this user.
  public var freeBytes: Int64

  public init(of path: String) throws(SystemError) {
    var magic: UInt = 0
    var total: UInt64 = 0
    var free: UInt64 = 0
    try SystemCalls.onPath(.status, path) { spotcheck_file_system($0, &magic, &total, &free) }
    self.init(magic: UInt32(truncatingIfNeeded: magic), totalBytes: total, freeBytes: free)
  }

  init(magic: UInt32, totalBytes: UInt64 = 0, freeBytes: UInt64 = 0) {
    self.magic = magic
    self.totalBytes = Int64(clamping: totalBytes)
    self.freeBytes = Int64(clamping: freeBytes)
    name = FileSystemKind.local[magic] ?? FileSystemKind.remote[magic] ?? "0x" + String(magic, radix: 16)
    isLocal = FileSystemKind.local[magic] != nil
  }

  // Numbers: statfs(2) and linux/magic.h.
  private static let local: [UInt32: String] = [
    0xEF53: "ext4", 0x5846_5342: "xfs", 0x9123_683E: "btrfs", 0x0102_1994: "tmpfs", 0x8584_58F6: "ramfs",
    0xF2F5_2010: "f2fs", 0x2FC1_2FC1: "zfs", 0xCA45_1A4E: "bcachefs", 0x5265_4973: "reiserfs", 0x3153_464A: "jfs",
  ]
  private static let remote: [UInt32: String] = [
    0x6969: "nfs", 0x517B: "smb", 0xFE53_4D42: "smb2", 0xFF53_4D42: "cifs", 0x6573_5546: "fuse", 0x0102_1997: "9p",
    0x794C_7630: "overlay", 0x00C3_6400: "ceph", 0x5346_414F: "afs", 0x6B41_4653: "afs", 0x4D44: "vfat",
    0x2011_BAB0: "exfat", 0x7366_746E: "ntfs3", 0x0BD0_0BD0: "lustre", 0x0116_1970: "gfs2", 0x7461_636F: "ocfs2",
    0x4750_4653: "gpfs", 0x786F_4256: "vboxsf", 0xF15F: "ecryptfs", 0x6462_6720: "debugfs", 0x9FA0: "proc",
  ]
}
