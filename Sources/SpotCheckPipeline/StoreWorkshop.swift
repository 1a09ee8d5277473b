import SpotCheckStore
import SpotCheckSystem

/// Makes a store beside its place, and gives it its name when it is whole: one that was cut short is never found under its
/// own name, and the next one begins anew.
struct StoreWorkshop {
  private let root: String

  /// - Throws: ``ImportError`` (`exists`) if anything is at the place but an empty folder.
  init(for root: String) throws {
    self.root = root
    guard try StoreWorkshop.isFree(root) else {
      throw ImportError(.exists, path: root, "there is something already: choose an empty folder")
    }
  }

  func make<Result>(_ fill: (StoreLayout) throws -> Result) throws -> Result {
    let workshop = PathText.join(PathText.folder(of: root), "." + PathText.name(of: root) + ".making")
    try FileSystem.removeTree(workshop)
    let result = try fill(StoreLayout(root: workshop))
    try FileSystem.removeFolder(root)
    try FileSystem.rename(workshop, to: root, replacing: false)
    try FileSystem.syncFolder(PathText.folder(of: root))
    return result
  }

  private static func isFree(_ root: String) throws -> Bool {
    guard try FileSystem.exists(root) else { return true }
    return try FileSystem.status(root).kind == .folder && FileSystem.names(in: root).isEmpty
  }
}
