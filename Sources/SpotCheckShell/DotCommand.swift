import SpotCheckModel

/// A word to the session itself. Everything else is a command of the program.
public enum DotCommand: Sendable, Hashable {
  case help, quit, refresh, dimensions, history
  /// Shows what is set.
  case settings
  case setFormat(String)
  case setPager(Bool)

  /// Why a line is none.
  public struct Fault: Error, Sendable, Hashable {
    public var message: String
  }

  /// Name, what may follow, and what it does.
  public static let all: [(name: String, values: String, about: String)] = [
    (".help", "", "lists the commands; 'help rate' or 'rate --help' explains one"),
    (".dimensions", "", "lists what --by can group by"),
    (".refresh", "", "goes on with the newest snapshot"),
    (".set", "[format FORMAT | pager on|off]", "how answers come; alone: what is set"),
    (".history", "", "lists the lines of earlier sessions and of this one"),
    (".quit", "", "leaves, as Ctrl-D does"),
  ]

  public static var names: [String] { all.map(\.name) }

  /// Nil if the words are no word to the session.
  ///
  /// - Parameter formats: those that answers come in.
  public init?(_ words: [String], formats: [String]) throws(Fault) {
    guard let first = words.first else { return nil }
    let rest = Array(words.dropFirst())
    let plain: [String: DotCommand] = [
      ".help": .help, ".dimensions": .dimensions, ".refresh": .refresh, ".history": .history, ".quit": .quit,
      ".exit": .quit, "quit": .quit, "exit": .quit,
    ]
    if let command = plain[first] {
      guard rest.isEmpty else { throw Fault(message: "\(first) takes nothing behind it") }
      self = command
      return
    }
    guard first.hasPrefix(".") else { return nil }
    guard first == ".set" else {
      let shown = DisplayWidth.harmless(first)
      throw Fault(message: "there is no '\(shown)'\(NearestWord.hint(first, in: DotCommand.names)); .help lists them")
    }
    self = try DotCommand.setting(rest, formats)
  }

  private static func setting(_ words: [String], _ formats: [String]) throws(Fault) -> DotCommand {
    switch words.first {
    case nil: return .settings
    case "format" where words.count == 2:
      guard formats.contains(words[1]) else {
        let hint = NearestWord.hint(words[1], in: formats)
        throw Fault(
          message: "there is no format '\(DisplayWidth.harmless(words[1]))'\(hint); there are: "
            + formats.joined(separator: ", "))
      }
      return .setFormat(words[1])
    case "pager" where words.count == 2 && ["on", "off"].contains(words[1]): return .setPager(words[1] == "on")
    default: throw Fault(message: "say .set format FORMAT, or .set pager on or off")
    }
  }
}
