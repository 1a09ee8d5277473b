import ArgumentParser
import SpotCheck

struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "What is settled about answers, and where.",
    subcommands: [Show.self])

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Shows the settings in force, and where each comes from.",
      discussion: """
        An option wins over the environment, that over spotcheck.yaml in the working folder or the nearest one above it,
        that over config.yaml in ~/.config/spotcheck. Files have a say in answers only: commands that change a store, and
        those that run unattended, know options and the environment. SPOTCHECK_CONFIG=FILE reads that file alone, and
        SPOTCHECK_CONFIG= none.

        EXAMPLES
          spotcheck config show --origin
          spotcheck config show format
          SPOTCHECK_CONFIG= spotcheck config show
        """)

    @Flag(help: "Who says it, what that wins over, and which files were looked for.")
    var origin = false

    @Argument(help: "One setting: its value alone, or status 1 if nobody says anything.")
    var name: SettingName?

    func run() throws {
      let settings = try SettingsInForce.find()
      if let name {
        guard let value = try settings.setting(name)?.value ?? name.fallback else { return ExitStatus.leave(.failure) }
        return Console.out(value + "\n")
      }
      Console.out(try SettingsListText(settings, hasOrigins: origin).text)
      guard origin else { return }
      for line in SettingsListText.places(settings) { Console.note(line) }
    }
  }
}

/// Settings as people read them.
struct SettingsListText {
  let text: String

  /// - Throws: `SettingsError` for a value that is none.
  init(_ settings: AnswerSettings, hasOrigins: Bool) throws {
    let lines = try SettingName.allCases.map { name in
      let value = try settings.setting(name)?.value
      return (name, SettingsListText.value(name, value), SettingsListText.origin(settings.said(name)))
    }
    let width = lines.map { $0.0.rawValue.count }.max() ?? 0
    let valueWidth = min(40, lines.map { DisplayWidth.of($0.1) }.max() ?? 0)
    text = lines.map { name, value, origin in
      let head = name.rawValue + String(repeating: " ", count: width - name.rawValue.count) + " = " + value
      guard hasOrigins else { return head + "\n" }
      return head + String(repeating: " ", count: max(0, valueWidth - DisplayWidth.of(value))) + "  (\(origin))\n"
    }.joined()
  }

  private static func value(_ name: SettingName, _ value: String?) -> String {
    if let value { return value.isEmpty ? "none" : DisplayWidth.harmless(PathText.printable(value)) }
    switch name {
    case .store: return "none"
    case .pipelines: return (try? PipelinesOption.folder(named: nil, for: .answers)).map(PathText.printable) ?? "none"
    case .pager: return "less -FRX, where it is"
    case .lang, .format, .color: return name.fallback ?? ""
    }
  }

  private static func origin(_ said: [Setting]) -> String {
    guard let first = said.first else { return "default" }
    let others = said.dropFirst().map(\.origin.description)
    return first.origin.description + (others.isEmpty ? "" : ", before " + others.joined(separator: ", "))
  }

  /// Which files were read, and which are not there.
  static func places(_ settings: AnswerSettings) -> [String] {
    let places = SettingsPlaces.ofThisProcess()
    if let chosen = places.chosen {
      return [
        chosen.isEmpty
          ? "no files are read: SPOTCHECK_CONFIG is empty"
          : "read: \(PathText.printable(chosen)), alone, as SPOTCHECK_CONFIG says"
      ]
    }
    func line(_ owner: AnswerSettingsFile.Owner, _ name: String, _ absent: String) -> String {
      let found = settings.files.first { $0.owner == owner }
      return "\(name): " + (found.map { PathText.printable($0.path) } ?? absent)
    }
    return [
      line(.project, "project", "no \(SettingsPlaces.projectName) here or above"),
      line(.person, "person", places.personal.map { "no \(PathText.printable($0))" } ?? "no home folder"),
    ]
  }
}
