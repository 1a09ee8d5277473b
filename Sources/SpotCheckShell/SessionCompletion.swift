/// What could stand at the cursor.
public struct SessionCompletion: Sendable, Hashable {
  /// Where the word begins that is replaced, in scalars.
  public var start: Int
  /// What to put there; nil if nothing is known, or nothing more than was typed.
  public var replacement: String?
  /// What to show if there are several.
  public var shown: [String]
}

/// Finds words for the tab key.
public struct SessionCompleter {
  /// A word that fits.
  private struct Candidate {
    /// The whole word, unquoted.
    var text: String
    var shown: String
    /// Whether another word comes next.
    var isWhole: Bool
  }

  private let rules: SessionRules
  private let vocabulary: any SessionVocabulary

  public init(_ rules: SessionRules, _ vocabulary: any SessionVocabulary) {
    self.rules = rules
    self.vocabulary = vocabulary
  }

  /// - Parameter text: the line up to the cursor.
  public func complete(_ text: String) -> SessionCompletion {
    let typing = ShellWords.typing(text)
    guard !typing.isComment else { return SessionCompletion(start: typing.start, replacement: nil, shown: []) }
    let found = candidates(typing).filter { SessionCompleter.begins($0.text, typing.typed) }
    guard let first = found.first else { return SessionCompletion(start: typing.start, replacement: nil, shown: []) }
    if found.count == 1 {
      return SessionCompletion(
        start: typing.start, replacement: SessionCompleter.written(first.text, first.isWhole, typing.quote), shown: [])
    }
    let common = found.dropFirst().reduce(Array(first.text.unicodeScalars)) { common, candidate in
      Array(zip(common, candidate.text.unicodeScalars).prefix { $0 == $1 }.map(\.0))
    }
    let isMore = common.count > typing.typed.unicodeScalars.count
    let longest = String(String.UnicodeScalarView(common))
    return SessionCompletion(
      start: typing.start, replacement: isMore ? SessionCompleter.written(longest, false, typing.quote) : nil,
      shown: isMore ? [] : found.map(\.shown))
  }

  // MARK: Which words

  private func candidates(_ typing: TypedWords) -> [Candidate] {
    var before = typing.before
    if before.first == "spotcheck" { before.removeFirst() }
    guard let first = before.first else {
      return whole(rules.commandNames(below: rules.tree.root, path: []) + DotCommand.names)
    }
    if first.hasPrefix(".") { return settings(before) }
    if first == "help" {
      let (path, command) = rules.tree.find(before.dropFirst())
      return path.count == before.count - 1 ? whole(command.subcommands.map(\.name)) : []
    }
    let (path, command) = rules.tree.find(before)
    guard !path.isEmpty else { return [] }
    if !command.subcommands.isEmpty {
      return path.count == before.count ? whole(rules.commandNames(below: command, path: path)) : []
    }
    let said = SaidArguments(before, from: path.count, of: command)
    if let option = said.awaited { return values(of: option, in: command, typed: typing.typed, kept: "") }
    if !said.isClosed, typing.typed.hasPrefix("-") {
      if let sign = typing.typed.firstIndex(of: "=") {
        let kept = String(typing.typed[...sign])
        return values(
          of: String(kept.dropLast()), in: command, typed: String(typing.typed[typing.typed.index(after: sign)...]),
          kept: kept)
      }
      return options(command, said)
    }
    let positional = positionals(path, command, said, before, typing.typed)
    return positional.isEmpty && typing.typed.isEmpty ? options(command, said) : positional
  }

  private func whole(_ words: [String]) -> [Candidate] {
    words.map { Candidate(text: $0, shown: $0, isWhole: true) }
  }

  private var formats: [String] { rules.tree.find(["rate"]).command.option("--format")?.values ?? [] }

  private func settings(_ before: [String]) -> [Candidate] {
    switch before {
    case [".set"]: whole(["format", "pager"])
    case [".set", "format"]: whole(formats)
    case [".set", "pager"]: whole(["on", "off"])
    default: []
    }
  }

  private func options(_ command: CommandTree.Command, _ said: SaidArguments) -> [Candidate] {
    // The session sees to the store.
    let hidden: Set<String> = ["--version", "--store"]
    return whole(
      command.options.filter { $0.isShown }.compactMap(\.names.first)
        .filter { !said.options.contains($0) && !hidden.contains($0) })
  }

  private func positionals(
    _ path: [String], _ command: CommandTree.Command, _ said: SaidArguments, _ before: [String], _ typed: String
  ) -> [Candidate] {
    switch path {
    case ["ask"]:
      guard let name = said.positionals.first else { return whole(vocabulary.questions) }
      return vocabulary.parameters(ofQuestion: before[name]).map {
        Candidate(text: $0 + "=", shown: $0 + "=", isWhole: false)
      }
    case ["diff"]: return whole(vocabulary.snapshots) + files(typed)
    case ["audit"], ["doctor"], ["records"], ["pipeline", "lint"], ["pipeline", "test"]: return files(typed)
    default:
      let place = said.positionals.count
      guard let positional = place < command.positionals.count ? command.positionals[place] : command.positionals.last,
        place < command.positionals.count || positional.isRepeating
      else { return [] }
      return whole(positional.values)
    }
  }

  private func files(_ typed: String) -> [Candidate] {
    vocabulary.paths(typed).map { Candidate(text: $0, shown: $0, isWhole: !$0.hasSuffix("/")) }
  }

  /// - Parameter kept: what stands in the same word before the value.
  private func values(of name: String, in command: CommandTree.Command, typed: String, kept: String) -> [Candidate] {
    switch name {
    case "--by", "--mean-over", "--pivot": return dimensions(typed, kept, isList: name == "--by")
    case "--as-of", "--snapshot":
      return vocabulary.snapshots.map { Candidate(text: kept + $0, shown: $0, isWhole: true) }
    case "--where": return filter(typed, kept)
    default:
      let values = command.option(name)?.values ?? []
      return values.map { Candidate(text: kept + $0, shown: $0, isWhole: true) }
    }
  }

  private func dimensions(_ typed: String, _ kept: String, isList: Bool) -> [Candidate] {
    let earlier = isList ? typed.lastIndex(of: ",").map { String(typed[...$0]) } ?? "" : ""
    let said = Set(earlier.split(separator: ",").map { String($0.prefix { $0 != ":" }) })
    return vocabulary.dimensions.filter { !said.contains($0) }.map {
      Candidate(text: kept + earlier + $0, shown: $0, isWhole: true)
    }
  }

  private func filter(_ typed: String, _ kept: String) -> [Candidate] {
    let place = FilterPlace(typed, columns: Set(vocabulary.columns))
    let words: [String]
    switch place.wants {
    case .column: words = vocabulary.columns + (place.isFirst ? ["not"] : ["not", "and", "or"])
    case .value(let column): words = vocabulary.values(ofColumn: column)
    case .nothing: words = []
    }
    return words.map { Candidate(text: kept + place.kept + $0, shown: $0, isWhole: false) }
  }

  // MARK: How they are written

  private static func begins(_ text: String, _ beginning: String) -> Bool {
    text.unicodeScalars.starts(with: beginning.unicodeScalars)
  }

  /// As it stands in the line, in the quote that was opened.
  private static func written(_ text: String, _ isWhole: Bool, _ quote: Unicode.Scalar?) -> String {
    switch quote {
    case "\"":
      var inside = ""
      for scalar in text.unicodeScalars {
        if ["\"", "\\", "$", "`"].contains(scalar) { inside.append("\\") }
        inside.unicodeScalars.append(scalar)
      }
      return "\"" + inside + (isWhole ? "\" " : "")
    case "'": return "'" + ShellWords.insideSingleQuotes(text) + (isWhole ? "' " : "")
    default:
      let quoted = ShellWords.quoted(text)
      // `year=` and the like need no quotes here, where nothing is expanded.
      let isSafe = text.unicodeScalars.allSatisfy { !" \t\n'\"\\#|;&<>()".unicodeScalars.contains($0) }
      if isSafe { return text + (isWhole ? " " : "") }
      return isWhole ? quoted + " " : String(quoted.dropLast())
    }
  }
}
