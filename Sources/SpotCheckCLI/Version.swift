/// The program's version; CHANGELOG.md says what each holds.
enum SpotCheckVersion {
  static let current = "0.1.0"
}
