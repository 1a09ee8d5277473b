import SpotCheckCuration

/// Names that are never deliveries: what upload programs, editors and systems leave in a folder (ING-04).
///
/// Patterns are globs over the whole name; ASCII case does not matter.
public struct IgnoreList: Sendable {
  public static let builtIn = [
    ".*",  // hidden, and everything below that begins with a dot
    "*.part", "*.filepart", "*.partial", "*.crdownload",  // uploads and downloads under way
    "*.tmp", "*.temp", "*.swp", "*~", "~$*", ".~lock.*#",  // editors and office programs
    ".syncthing.*.tmp", "~syncthing~*.tmp", ".*.??????", ".nfs*",  // syncthing, rsync, NFS
    "._*", ".DS_Store", "Thumbs.db", "desktop.ini",  // desktops
  ]

  private let patterns: [GlobPattern]

  /// - Parameters:
  ///   - also: further patterns.
  ///   - not: patterns of ``builtIn``, as written there, that are not to hold.
  public init(also: [String] = [], not: [String] = []) {
    patterns = (IgnoreList.builtIn.filter { !not.contains($0) } + also).map { GlobPattern($0) }
  }

  public init(_ settings: OperationSettings) { self.init(also: settings.ignoreAlso, not: settings.ignoreNot) }

  public func ignores(_ name: String) -> Bool { patterns.contains { $0.matches(name) } }
}
