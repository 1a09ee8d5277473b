import SpotCheckDigest
import SpotCheckPipeline
import SpotCheckSystem
import Testing

@Suite("Digests of copies")
struct FileDigestTests {
  /// 20 MB and some, so that pages of the original are let go while it is copied.
  private static let sizes = [0, 1, 1 << 18, (1 << 18) + 1, 20_000_003]

  @Test("a copy and its digest are the same, whoever digests, and the original stays as it is", arguments: sizes)
  func copies(size: Int) throws {
    let folder = try FileSystem.makeTemporaryFolder(in: "/tmp", prefix: "spotcheck-digest-")
    defer { try? FileSystem.removeTree(folder) }
    let content = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 5) }
    let path = PathText.join(folder, "a")
    try DurableWriter.write(content, to: path)
    let expected = ContentHasher.digest(of: content)
    for besides in [false, true] {
      let copy = PathText.join(folder, "b\(besides)")
      let found = try FileDigest(copying: path, to: copy, besides: besides)
      #expect(found.digest == expected)
      #expect(try FileSystem.status(copy).isUnwritten(since: found.status))
      #expect(try InputFile.contents(of: copy) == content)
      #expect(try InputFile.contents(of: path) == content)
      // The name is taken now.
      #expect(throws: SystemError.self) { try FileDigest(copying: path, to: copy, besides: besides) }
    }
  }
}
