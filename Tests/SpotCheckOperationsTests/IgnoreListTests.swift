import SpotCheckOperations
import Testing

/// ING-04.
@Suite("Names that are never deliveries")
struct IgnoreListTests {
  @Test(
    "every built-in pattern has its victim",
    arguments: [
      (".*", ".hidden.csv"), ("*.part", "a.csv.part"), ("*.filepart", "a.csv.filepart"), ("*.partial", "a.PARTIAL"),
      ("*.crdownload", "a.csv.crdownload"), ("*.tmp", "a.tmp"), ("*.temp", "a.temp"), ("*.swp", "a.csv.swp"),
      ("*~", "a.csv~"), ("~$*", "~$报表.xlsx"), (".~lock.*#", ".~lock.a.csv#"),
      (".syncthing.*.tmp", ".syncthing.a.csv.tmp"), ("~syncthing~*.tmp", "~syncthing~a.csv.tmp"),
      (".*.??????", ".a.csv.Xk3Zq9"), (".nfs*", ".nfs000000000000a1b2"), ("._*", "._a.csv"), (".DS_Store", ".DS_Store"),
      ("Thumbs.db", "thumbs.DB"), ("desktop.ini", "Desktop.ini"),
    ])
  func table(pattern: String, name: String) {
    #expect(IgnoreList.builtIn.contains(pattern))
    #expect(IgnoreList().ignores(name))
    // By itself, without the others' help.
    #expect(IgnoreList(also: [pattern], not: IgnoreList.builtIn).ignores(name))
    #expect(!IgnoreList(not: IgnoreList.builtIn).ignores(name))
  }

  @Test(
    "deliveries are not ignored",
    arguments: [
      "a.csv", "报表.csv.gz", "part.csv", "tmp", "-x.csv", "a.part.csv", "a.xml", "2023~1.csv", "ds_store", "a b.csv",
    ])
  func deliveries(name: String) { #expect(!IgnoreList().ignores(name)) }

  @Test("patterns can be added and taken out")
  func settings() {
    var settings = OperationSettings()
    settings.ignoreAlso = ["*.bak", "草稿*"]
    settings.ignoreNot = ["*.tmp"]
    let list = IgnoreList(settings)
    #expect(list.ignores("a.BAK") && list.ignores("草稿1.csv"))
    #expect(!list.ignores("a.tmp") && list.ignores(".a.tmp"))
  }
}
