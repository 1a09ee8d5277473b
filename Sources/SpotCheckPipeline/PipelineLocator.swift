public import SpotCheckSystem

/// Finds the folder with the shipped pipelines.
public struct PipelineLocator: Sendable {
  /// `--pipelines DIR`.
  public var option: String?
  /// The environment's `SPOTCHECK_PIPELINES`.
  public var environment: String?
  /// What a file of settings says.
  public var setting: Setting?
  public var currentFolder: String
  /// The running program, or nil if it cannot be told.
  public var executable: String?

  public init(option: String?, environment: String?, currentFolder: String, executable: String?) {
    self.option = option
    self.environment = environment
    self.currentFolder = currentFolder
    self.executable = executable
  }

  /// With the environment of this process.
  public static func ofThisProcess(option: String? = nil) throws(SystemError) -> PipelineLocator {
    PipelineLocator(
      option: option, environment: Machine.environment("SPOTCHECK_PIPELINES"), currentFolder: ".",
      executable: try? Machine.executablePath())
  }

  /// The first place that fits. What was asked for by option or environment is taken or refused, never skipped.
  public func locate() throws(PipelineFolderError) -> String {
    let wishes = [
      (option, "--pipelines"), (environment, "SPOTCHECK_PIPELINES"),
      (setting?.value, setting?.origin.description ?? ""),
    ]
    for (wish, origin) in wishes {
      guard let wish, !wish.isEmpty else { continue }
      guard isFolder(wish) else { throw PipelineFolderError(asked: wish, origin: origin, tried: [wish]) }
      return wish
    }
    let places = candidates
    for place in places where isFolder(PathText.join(place, "codes")) { return place }
    throw PipelineFolderError(asked: nil, origin: nil, tried: places)
  }

  /// `./pipelines`, then `pipelines` in each folder above the program, then `../share/spotcheck/pipelines` beside it.
  var candidates: [String] {
    var result = [currentFolder == "." ? "pipelines" : PathText.join(currentFolder, "pipelines")]
    guard let executable else { return result }
    let home = PathText.folder(of: executable)
    var folder = home
    while folder != "/", folder != "." {
      result.append(PathText.join(folder, "pipelines"))
      folder = PathText.folder(of: folder)
    }
    result.append(PathText.join(PathText.folder(of: home), "share/spotcheck/pipelines"))
    return result
  }

  private func isFolder(_ path: String) -> Bool {
    // Unreadable means "not here"; if nothing is found, the error lists every place tried.
    (try? FileSystem.status(path).kind == .folder) ?? false
  }
}

/// There is no folder with pipelines.
public struct PipelineFolderError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was asked for, and by what (`--pipelines`), if anything.
  public var asked: String?
  public var origin: String?
  public var tried: [String]

  public var description: String {
    if let asked, let origin { return "\(origin) names '\(asked)', which is not a folder" }
    return "there is no folder 'pipelines' with 'codes' in it; tried: \(tried.joined(separator: ", ")). "
      + "Name it with --pipelines DIR or SPOTCHECK_PIPELINES."
  }
}
