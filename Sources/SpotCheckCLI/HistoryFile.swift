import SpotCheck

/// The history of sessions, in the user's folder for state: `$XDG_STATE_HOME/spotcheck/history`, or
/// `~/.local/state/spotcheck/history`. Only its owner can read it, since questions may name enterprises and persons.
///
/// It is a convenience: whatever goes wrong with the file, the session goes on with what it has in memory.
struct HistoryFile {
  private var history = ShellHistory()
  /// Nil if it is not used, or there is nowhere to put it.
  private let path: String?

  var lines: [String] { history.lines }

  init(isUsed: Bool) {
    path = isUsed ? HistoryFile.usualPath() : nil
    if let path, let found = HistoryFile.read(path) { history = found }
  }

  /// Adds a line, in the file behind what other sessions have added meanwhile.
  mutating func add(_ line: String) {
    guard history.add(line), let added = history.lines.last, let path else { return }
    var all = HistoryFile.read(path) ?? ShellHistory()
    all.add(added)
    do {
      try FileSystem.createFolder(PathText.folder(of: path), mode: 0o700)
      var writer = try DurableWriter(path, mode: 0o600)
      try writer.write(all.text)
      try writer.publish()
    } catch {}
  }

  private static func read(_ path: String) -> ShellHistory? {
    guard let bytes = try? InputFile.contents(of: path, limit: 16 << 20) else { return nil }
    return ShellHistory(text: String(decoding: bytes, as: UTF8.self))
  }

  private static func usualPath() -> String? {
    func folder(_ name: String) -> String? {
      // The specification: a path that is not absolute does not count.
      Machine.environment(name).flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    let state = folder("XDG_STATE_HOME") ?? folder("HOME").map { PathText.join($0, ".local/state") }
    return state.map { PathText.join($0, "spotcheck/history") }
  }
}
