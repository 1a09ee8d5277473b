import SpotCheckSystem

/// What can be settled once about answers: in the environment, for a project, for a person.
public enum SettingName: String, Sendable, CaseIterable {
  case store, pipelines, lang, format, color, pager

  /// Variables of the environment that say it; the first of them wins.
  public var variables: [String] {
    switch self {
    case .store: ["SPOTCHECK_STORE"]
    case .pipelines: ["SPOTCHECK_PIPELINES"]
    case .lang: ["SPOTCHECK_LANG"]
    case .format: ["SPOTCHECK_FORMAT"]
    case .color: ["SPOTCHECK_COLOR", "NO_COLOR", "CLICOLOR_FORCE"]
    case .pager: ["SPOTCHECK_PAGER", "PAGER"]
    }
  }

  /// The words that it takes; none: any text.
  public var words: [String] {
    switch self {
    case .store, .pipelines, .pager: []
    case .lang: ["zh", "en"]
    // Whatever an answer can be on a terminal: what is asked without thinking of a format is looked at.
    case .format: ["table", "csv", "excel-csv", "tsv", "json", "ndjson", "markdown", "html"]
    case .color: ["auto", "always", "never"]
    }
  }

  /// What holds if nobody says anything, where that is one word.
  public var fallback: String? {
    switch self {
    case .store, .pipelines, .pager: nil
    case .lang: "zh"
    case .format: "table"
    case .color: "auto"
    }
  }

  /// What the variable means; nil: nothing, as if it were not set.
  fileprivate func value(of variable: String, _ text: String) -> String? {
    switch variable {
    case "NO_COLOR": text.isEmpty ? nil : "never"
    case "CLICOLOR_FORCE": text.isEmpty || text == "0" ? nil : "always"
    // No pager is a wish like any other.
    case "SPOTCHECK_PAGER", "PAGER": text
    default: text.isEmpty ? nil : text
    }
  }
}

/// A value, and who says it.
public struct Setting: Sendable, Hashable {
  public enum Origin: Sendable, Hashable, CustomStringConvertible {
    case variable(String)
    case file(String, line: Int)

    public var description: String {
      switch self {
      case .variable(let name): name
      case .file(let path, let line): "\(PathText.printable(path)):\(line)"
      }
    }
  }
  public var value: String
  public var origin: Origin
}

/// The settings that answers are given by: the environment wins over the project's file, that over the person's. An option on
/// the command line wins over all of them, and whoever reads it asks here only if there is none.
public struct AnswerSettings: Sendable {
  /// The files that were found, the strongest first.
  public let files: [AnswerSettingsFile]
  private let variable: @Sendable (String) -> String?

  /// - Parameter variable: the environment.
  public init(files: [AnswerSettingsFile], variable: @escaping @Sendable (String) -> String?) {
    self.files = files
    self.variable = variable
  }

  /// Everything that is said about it, the strongest first.
  public func said(_ name: SettingName) -> [Setting] {
    let ofVariables = name.variables.compactMap { variable -> Setting? in
      guard let text = self.variable(variable), let value = name.value(of: variable, text) else { return nil }
      return Setting(value: value, origin: .variable(variable))
    }
    return ofVariables + files.compactMap { $0.settings[name] }
  }

  /// What holds; nil: nobody says anything.
  ///
  /// - Throws: ``SettingsError`` for a word in the environment that is none; those in files are checked when they are read.
  public func setting(_ name: SettingName) throws(SettingsError) -> Setting? {
    guard let setting = said(name).first else { return nil }
    guard name.words.isEmpty || name.words.contains(setting.value) else {
      let words = name.words.count < 3 ? name.words.joined(separator: " or ") : name.words.joined(separator: ", ")
      throw SettingsError(
        "\(setting.origin) is '\(PathText.printable(setting.value))'; it must be \(words)")
    }
    return setting
  }
}
