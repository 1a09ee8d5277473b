import SpotCheck

/// What a session says about itself.
enum SessionText {
  static func help(_ rules: SessionRules) -> String {
    let dots = DotCommand.all.map { ($0.name + ($0.values.isEmpty ? "" : " " + $0.values), $0.about) }
    let names = rules.commandNames(below: rules.tree.root, path: [])
    let commands = names.compactMap { name in
      rules.tree.root.subcommands.first { $0.name == name }.map { (name, $0.abstract) }
    }
    return columns(dots) + "\n" + columns(commands)
  }

  static var dimensions: String { columns(DimensionKind.allCases.map { ($0.rawValue, $0.heading) }) }

  static func settings(_ settings: SessionSettings) -> String {
    columns([
      ("store", DisplayWidth.harmless(settings.store)), ("snapshot", settings.snapshot),
      ("format", settings.format ?? settings.usualFormat), ("pager", settings.usesPager ? "on" : "off"),
    ])
  }

  static func prompt(_ settings: SessionSettings) -> String {
    var path = settings.store
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return PathText.printable(DisplayWidth.harmless(PathText.name(of: path))) + "@" + settings.snapshot + "> "
  }

  /// What the tab key offers, as many beside each other as fit, downwards as `ls` does.
  static func offers(_ words: [String], width: Int, limit: Int = 200) -> String {
    let shown = words.prefix(limit).map(DisplayWidth.harmless)
    let widest = (shown.map { DisplayWidth.of($0) }.max() ?? 0) + 2
    let columns = max(1, width / max(1, widest))
    let rows = (shown.count + columns - 1) / columns
    var text = ""
    for row in 0..<rows {
      var line = ""
      for index in stride(from: row, to: shown.count, by: rows) {
        line += shown[index]
        if index + rows < shown.count {
          line += String(repeating: " ", count: widest - DisplayWidth.of(shown[index]))
        }
      }
      text += line + "\r\n"
    }
    return text + (words.count > limit ? "… and \(words.count - limit) more\r\n" : "")
  }

  private static func columns(_ lines: [(String, String)]) -> String {
    let width = (lines.map { DisplayWidth.of($0.0) }.max() ?? 0) + 2
    return lines.map { name, about in
      name + String(repeating: " ", count: width - DisplayWidth.of(name)) + about + "\n"
    }.joined()
  }
}
