internal import SpotCheckSystem

/// Writes whole workbooks. Equal cells give equal bytes: no clock, no name of a person or machine is in them.
public enum Workbook {
  /// Whether this program can write any.
  public static let isBuilt = WorkbookFile.isBuilt

  /// Makes a workbook in a private folder under TMPDIR, hands its bytes over, and leaves nothing behind.
  ///
  /// - Throws: ``WorkbookError``; what `body` and `sink` throw.
  public static func write(
    to sink: ([UInt8]) throws -> Void, _ body: (WorkbookFile) throws -> Void
  ) throws {
    guard isBuilt else { throw WorkbookError.notBuilt }
    let folder = try FileSystem.makeTemporaryFolder(
      in: Machine.environment("TMPDIR") ?? "/tmp", prefix: "spotcheck-xlsx-")
    defer { _ = try? FileSystem.removeTree(folder) }
    let path = PathText.join(folder, "workbook.xlsx")
    let file = try WorkbookFile(path, temporaryFolder: folder)
    try body(file)
    // The library does not notice when its own temporary files find no room, and a sheet would end early without a word:
    // the rows stand there now, and come once more as a part of the workbook and once packed.
    guard try FileSystem.freeBytes(folder) > Int64(clamping: file.roughSize).multipliedReportingOverflow(by: 3).0 else {
      throw WorkbookError.noSpace(folder: folder)
    }
    try file.close()
    let input = try InputFile(path, followSymlinks: false)
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var span = chunk.mutableSpan
      let count = try input.read(into: &span)
      guard count > 0 else { return }
      try sink(Array(chunk[..<count]))
    }
  }
}
