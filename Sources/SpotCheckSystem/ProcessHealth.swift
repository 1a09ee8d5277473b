import Glibc

extension Machine {
  /// Resident memory of this process now, in bytes; 0 if the system does not say.
  public static var residentBytes: Int64 {
    // proc(5): the second number of statm, in pages.
    let words = ((try? InputFile.stream(of: "/proc/self/statm")) ?? []).split(separator: UInt8(ascii: " "))
    guard words.count > 1, let pages = Int64(String(decoding: words[1], as: UTF8.self)) else { return 0 }
    return pages.multipliedReportingOverflow(by: Int64(max(1, sysconf(Int32(_SC_PAGESIZE))))).partialValue
  }

  /// How many descriptors this process has open; 0 if the system does not say.
  public static var openDescriptorCount: Int {
    // One of the names is the listing's own.
    max(0, ((try? SystemCalls.names(in: "/proc/self/fd"))?.count ?? 1) - 1)
  }

  /// New files and folders get no more rights than this leaves: 0o027 keeps others out. Once, at the start.
  /// - Returns: the mask before.
  @discardableResult
  public static func setUmask(_ mask: UInt32) -> UInt32 { UInt32(umask(mode_t(mask & 0o777))) }
}

extension StandardStreams {
  /// Where the program was started with standard streams closed (cron, `<&-`), opens /dev/null in their place: else
  /// the next file opened would become standard output, and messages would be written into it. Once, at the start.
  public static func fillMissing() {
    for descriptor in [input, StandardStreams.output, error] where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is the missing one, since those below it are open.
      _ = Glibc.open("/dev/null", O_RDWR)
    }
  }
}

extension FileSystem {
  /// Who else can change a file that we are going to obey.
  public enum WriteRisk: Sendable, Hashable {
    /// Anybody: mode o+w of this path.
    case everybody(String)
    /// Members of a group that this process does not belong to: mode g+w of this path.
    case group(UInt32, String)
    /// Somebody else put it into a folder that everybody may write to.
    case stranger(UInt32, String)

    /// Who may write, in words.
    public var words: String {
      switch self {
      case .everybody(let place): "everybody may write to \(PathText.printable(place))"
      case .group(let group, let place):
        "group \(group), which this program does not belong to, may write to \(PathText.printable(place))"
      case .stranger(let owner, let place):
        "it is user \(owner)'s, in a folder that everybody may write to: \(PathText.printable(place))"
      }
    }
  }

  /// Whether somebody who should not could change a file such as a configuration: by writing to it, or by replacing
  /// it in its folder (unless the folder is sticky). Links are followed. nil = nobody.
  public static func writeRisk(of path: String) throws(SystemError) -> WriteRisk? {
    let file = try absolutePath(path)
    let owner = try status(file).owner
    for place in [file, PathText.folder(of: file)] {
      let status = try status(place)
      // Sticky folders let only owners replace; but anybody may have been the first.
      if status.kind == .folder, status.mode & 0o1000 != 0 {
        if status.mode & 0o002 != 0, owner != 0, owner != Machine.userID { return .stranger(owner, place) }
        continue
      }
      if status.mode & 0o002 != 0 { return .everybody(place) }
      if status.mode & 0o020 != 0, !Machine.belongs(to: status.group) { return .group(status.group, place) }
    }
    return nil
  }
}

extension Machine {
  /// Whether this process has a group's rights.
  static func belongs(to group: UInt32) -> Bool {
    if group == UInt32(getegid()) { return true }
    var groups = [gid_t](repeating: 0, count: 65_536)
    let count = getgroups(Int32(groups.count), &groups)
    return groups.prefix(Int(max(0, count))).contains(gid_t(group))
  }
}
