import SpotCheck

/// Whether files of settings have a say (Decisions/0022).
enum SettingsUse {
  /// Where somebody wants to know something.
  case answers
  /// Where a store is changed, or a machine asks: the same line does the same for everybody and in every folder, so options
  /// and the environment are all there is.
  case operations
}

/// The settings of this process, found when they are first asked for: a line that says everything itself asks for none.
enum SettingsInForce {
  private static let found = Result { try AnswerSettings.ofThisProcess() }

  static func find() throws -> AnswerSettings { try found.get() }

  static func setting(_ name: SettingName, for use: SettingsUse = .answers) throws -> Setting? {
    switch use {
    case .answers: try find().setting(name)
    case .operations: try AnswerSettings(files: []) { Machine.environment($0) }.setting(name)
    }
  }

  /// Of a setting that takes words.
  static func word<Word: RawRepresentable<String>>(_ name: SettingName) throws -> Word? {
    try setting(name).flatMap { Word(rawValue: $0.value) }
  }
}
