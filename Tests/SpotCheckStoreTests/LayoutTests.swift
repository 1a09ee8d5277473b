import SpotCheckStore
import SpotCheckSystem
import Testing

@Suite("Names inside a store")
struct LayoutTests {
  @Test(
    "names from outside become one safe component",
    arguments: [
      ("market", "market"), ("../../etc", "%2E.%2F..%2Fetc"), ("", "_"), (".hidden", "%2Ehidden"), ("-rf", "%2Drf"),
      ("西宁 报表.csv.gz", "西宁 报表.csv.gz"), ("a\nb", "a%0Ab"), ("a/b", "a%2Fb"),
    ])
  func safeNames(name: String, expected: String) { #expect(StoreLayout.safeName(name) == expected) }

  @Test("long names keep their end and whole characters")
  func longNames() {
    let name = StoreLayout.safeName(String(repeating: "长", count: 100) + ".csv.gz")
    #expect(name.utf8.count <= 200)
    #expect(name.hasSuffix("长.csv.gz"))
    #expect(!name.unicodeScalars.contains("\u{FFFD}"))
  }

  @Test("GBK names are kept readable")
  func oddBytes() {
    #expect(StoreLayout.safeName(PathText.decode([0xCE, 0xF7, 0x2E, 0x67, 0x7A])) == "%CE%F7.gz")
  }

  @Test("delivered files are kept by day and content")
  func archived() {
    #expect(
      StoreLayout.archived(day: "2024-03-05", digest: "0123456789ab", name: "x.csv")
        == "archive/2024/03/05/01234567-x.csv")
    #expect(
      StoreLayout.quarantined(code: "GZ_TRUNCATED", day: "2024-03-05", digest: "0123456789ab", name: "x.gz", digits: 12)
        == "quarantine/GZ_TRUNCATED/2024-03-05/0123456789ab-x.gz")
    // However long the name is: the digest in front stays, and so does the name's end.
    let long = StoreLayout.archived(
      day: "2024-03-05", digest: "0123456789ab", name: String(repeating: "抽", count: 85) + ".csv.gz")
    #expect(long.hasPrefix("archive/2024/03/05/01234567-抽") && long.hasSuffix("抽.csv.gz"))
    #expect(long.utf8.count <= "archive/2024/03/05/".utf8.count + 200)
    #expect(StoreLayout(root: "/store").path(of: "archive/x") == "/store/archive/x")
  }

  @Test("only our names are segments")
  func segmentNames() throws {
    let id = "0123456789abcdef0123456789abcdef"
    #expect(StoreLayout.segmentID(ofFile: id + ".samples.arrow") == id)
    #expect(StoreLayout.segmentID(ofFile: id + ".items.arrow") == id)
    for name in [id, id + ".other.arrow", id + ".items.arrow.tmp", "x" + id.dropFirst() + ".items.arrow", "." + id] {
      #expect(StoreLayout.segmentID(ofFile: name) == nil)
    }
    let scratch = try Scratch()
    try overwrite(scratch.layout.samplesFile(id), [1])
    try overwrite(PathText.join(scratch.layout.segments, ".new.x.tmp"), [1])
    let listed = try scratch.layout.listSegments()
    #expect(listed.whole.isEmpty)
    #expect(listed.halves == [id])
    #expect(listed.others == [".new.x.tmp"])
  }

  /// ING-08. Strings are equal in either form, so bytes are compared.
  @Test func namesAreKeptInComposedForm() {
    let digest = String(repeating: "a", count: 64)
    let kept = StoreLayout.archived(day: "2026-01-02", digest: digest, name: "re\u{301}sume\u{301}-西宁.csv")
    #expect(Array(kept.utf8) == Array("archive/2026/01/02/aaaaaaaa-r\u{E9}sum\u{E9}-西宁.csv".utf8))
    let bytes = StoreLayout.quarantined(
      code: "X", day: "2026-01-02", digest: digest, name: PathText.decode([0xCE, 0xF7, 0x65, 0xCC, 0x81]))
    #expect(bytes.hasPrefix("quarantine/X/2026-01-02/aaaaaaaa-%CE%F7"))
  }
}
