import SpotCheckModel

/// The commands of a program with their options, as the program describes itself (ArgumentParser's dump of its help).
public struct CommandTree: Sendable, Hashable {
  public struct Option: Sendable, Hashable {
    /// With their dashes, the usual one first.
    public var names: [String]
    public var takesValue: Bool
    /// All values that it may have, if that is a list.
    public var values: [String]
    public var isShown: Bool
  }

  public struct Positional: Sendable, Hashable {
    public var name: String
    public var values: [String]
    public var isRepeating: Bool
  }

  public struct Command: Sendable, Hashable {
    public var name: String
    public var abstract: String
    public var subcommands: [Command]
    public var options: [Option]
    public var positionals: [Positional]

    public func option(_ name: String) -> Option? { options.first { $0.names.contains(name) } }
  }

  public var root: Command

  /// Nil if the text is no such description.
  public init?(json: String) {
    guard let top = try? JSONReader.read(json).first, let command = top["command"], let root = Command(command) else {
      return nil
    }
    self.root = root
  }

  /// The command that words begin with, and how many of them name it.
  public func find(_ words: some Sequence<String>) -> (path: [String], command: Command) {
    var (path, command) = ([String](), root)
    for word in words {
      guard let next = command.subcommands.first(where: { $0.name == word }) else { break }
      path.append(word)
      command = next
    }
    return (path, command)
  }
}

extension CommandTree.Command {
  init?(_ element: JSONReader.Element) {
    guard let name = element["commandName"]?.text else { return nil }
    self.name = name
    abstract = element["abstract"]?.text ?? ""
    subcommands = (element["subcommands"]?.list ?? []).compactMap(CommandTree.Command.init)
    options = []
    positionals = []
    for argument in element["arguments"]?.list ?? [] {
      let values = (argument["allValues"]?.list ?? []).compactMap(\.text)
      let kind = argument["kind"]?.text ?? ""
      if kind == "positional" {
        positionals.append(
          CommandTree.Positional(
            name: argument["valueName"]?.text ?? "", values: values,
            isRepeating: CommandTree.Command.isTrue(argument["isRepeating"])))
      } else {
        let names = (argument["names"]?.list ?? []).compactMap { name -> String? in
          guard let text = name["name"]?.text else { return nil }
          return (name["kind"]?.text == "long" ? "--" : "-") + text
        }
        options.append(
          CommandTree.Option(
            names: names.filter { $0.hasPrefix("--") } + names.filter { !$0.hasPrefix("--") },
            takesValue: kind == "option", values: values,
            isShown: CommandTree.Command.isTrue(argument["shouldDisplay"])))
      }
    }
  }

  private static func isTrue(_ element: JSONReader.Element?) -> Bool {
    if case .boolean(let flag)? = element?.value { return flag }
    return false
  }
}

/// What a command line says, as far as the tree tells.
public struct SaidArguments: Sendable, Hashable {
  /// Options by their usual name.
  public private(set) var options: Set<String> = []
  /// Places, among the words, of what is no option and no value of one.
  public private(set) var positionals: [Int] = []
  /// The option whose value is still to come.
  public private(set) var awaited: String?
  /// Whether `--` was said: no more options come.
  public private(set) var isClosed = false

  /// - Parameter start: how many of the words name the command.
  public init(_ words: [String], from start: Int, of command: CommandTree.Command) {
    for (index, word) in words.enumerated().dropFirst(start) {
      if awaited != nil {
        awaited = nil
      } else if isClosed || !word.hasPrefix("-") || word == "-" {
        positionals.append(index)
      } else if word == "--" {
        isClosed = true
      } else {
        let name = word.firstIndex(of: "=").map { String(word[..<$0]) } ?? word
        let option = command.option(name)
        let usual = option?.names.first ?? name
        options.insert(usual)
        if option?.takesValue == true, name == word { awaited = usual }
      }
    }
  }
}
