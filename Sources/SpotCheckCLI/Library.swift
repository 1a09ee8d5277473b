import SpotCheck

extension PipelinesOption {
  func folder() throws -> String { try PipelinesOption.folder(named: pipelines) }

  /// - Parameter option: what was said on the command line.
  static func folder(named option: String?) throws -> String {
    let locator = try PipelineLocator.ofThisProcess(option: option)
    do throws(PipelineFolderError) {
      return try locator.locate()
    } catch {
      throw CommandFailure(.usage, error.description)
    }
  }

  /// The pipelines, all of them valid; otherwise their problems are printed and the command ends.
  func library() throws -> PipelineLibrary {
    let library = try PipelineLibrary.load(folder: try folder(), filterCheck: Filter.fault(ofSampleFilter:))
    let errors = library.problems.filter { $0.severity == .error }
    guard errors.isEmpty else {
      for problem in errors { Console.note(problem.description) }
      throw CommandFailure(.failure, "\(errors.count) errors in the pipelines of \(library.folder); nothing was done")
    }
    return library
  }
}
