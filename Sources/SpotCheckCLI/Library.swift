import SpotCheck

extension PipelinesOption {
  func folder(for use: SettingsUse) throws -> String { try PipelinesOption.folder(named: pipelines, for: use) }

  /// - Parameter option: what was said on the command line.
  static func folder(named option: String?, for use: SettingsUse) throws -> String {
    var locator = try PipelineLocator.ofThisProcess(option: option)
    if option == nil { locator.setting = try SettingsInForce.setting(.pipelines, for: use) }
    do throws(PipelineFolderError) {
      return try locator.locate()
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }

  func library(for use: SettingsUse) throws -> PipelineLibrary {
    try PipelinesOption.library(named: pipelines, for: use)
  }

  /// The pipelines, all of them valid; otherwise their problems are printed and the command ends.
  ///
  /// - Parameter option: what was said on the command line.
  static func library(named option: String?, for use: SettingsUse) throws -> PipelineLibrary {
    let library = try PipelineLibrary.load(
      folder: try folder(named: option, for: use), filterCheck: Filter.fault(ofSampleFilter:))
    let errors = library.problems.filter { $0.severity == .error }
    guard errors.isEmpty else {
      for problem in errors { Console.note(problem.description) }
      throw CommandFailure(.failure, "\(errors.count) errors in the pipelines of \(library.folder); nothing was done")
    }
    return library
  }
}
