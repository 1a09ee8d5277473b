import Glibc
import SpotCheckModel
import Testing

@testable import SpotCheckReading

@Suite struct XMLRecordTests {
  typealias R = XMLTestReading

  @Test func recordsItemsAndAncestors() {
    let text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <报告集 版本="2">
        <机构><名称>省检测院</名称><码/></机构>
        <样品 编号="A-1">
          <名称>大米</名称>
          <列表 n="2"><项目 k="1"><名>铅</名><值 单位="mg/kg">0.05</值></项目><说明>x</说明>
            <项目><名>镉</名></项目></列表>
          <结论>合格</结论>
        </样品>
        <中>m</中>
        <样品 编号="A-2"/>
      </报告集>
      """
    let outcome = R.check(text, R.options("/报告集/样品", "列表/项目"))
    #expect(outcome.diagnostics == [])
    #expect(outcome.rows.map(\.kind) == [.record, .item, .item, .record])
    #expect(
      outcome.values == [
        [
          "../@版本=2", "../机构/名称=省检测院", "../机构/码=", "@编号=A-1", "名称=大米", "列表/@n=2", "列表/说明=x", "结论=合格",
        ],
        ["@k=1", "名=铅", "值/@单位=mg/kg", "值=0.05"],
        ["名=镉"],
        ["../@版本=2", "../机构/名称=省检测院", "../机构/码=", "../中=m", "@编号=A-2"],
      ])
    #expect(outcome.rows.map(\.line) == [4, 6, 7, 11])
  }

  @Test func defaultModeTakesTheRootsChildren() {
    #expect(R.check("<a v='1'>hi</a>").values == [["@v=1", ".=hi"]])
    #expect(R.check("<a v='1'/>").values == [["@v=1"]])
    #expect(R.check("<a/>").values == [[".="]])
    #expect(R.check("<a v='1'>\n <b>x</b> <c><d/></c>\n</a>").values == [["../@v=1", ".=x"], ["../@v=1", "d="]])
    let indexed = R.check("<r><a><b>1</b><b>2</b><c/><b x='y'>3</b></a><a><b>4</b></a></r>", R.options(indexed: true))
    #expect(indexed.values == [["b=1", "b[2]=2", "c=", "b[3]/@x=y", "b[3]=3"], ["b=4"]])
    let nested = R.check("<r><s><a><b/></a><a><b/><b/></a></s></r>", R.options(indexed: true))
    #expect(nested.values == [["a/b=", "a[2]/b=", "a[2]/b[2]="]])
    #expect(R.check("<r><s><b>1</b><b>2</b></s></r>").values == [["b=1", "b=2"]])
  }

  @Test func textIsKeptAsItStands() {
    let long = String(repeating: "长文本，", count: 700)
    #expect(R.check("<r><s> a \n b\t</s></r>").values == [[".= a \n b\t"]])
    #expect(R.check("<r><s>x &lt;&amp;&gt;&quot;&apos; &#65;&#x4e2d;</s></r>").values == [[".=x <&>\"' A中"]])
    #expect(R.check("<r><s>a<![CDATA[<b>&amp;]]]]><![CDATA[>]]>c</s></r>").values == [[".=a<b>&amp;]]>c"]])
    #expect(R.check("<r><s>a<!-- b -->c<?p d?>e</s></r>").values == [[".=ace"]])
    #expect(R.check("<r><s>\(long)</s></r>").values == [[".=\(long)"]])
    #expect(R.check("<r><s>a\r\nb\rc]]d]</s></r>").values == [[".=a\nb\nc]]d]"]])
    #expect(R.check("<r><s a='1\t2\n3&#10;4'/></r>").values == [["@a=1 2 3\n4"]])
    // Mixed: own text of the element, blank runs between elements are not a value.
    #expect(R.check("<r><s>foo <b>x</b> bar<c> </c>\n</s></r>").values == [["b=x", "c= ", ".=foo  bar"]])
    #expect(R.check("<r><s>\n <b>x</b>\n</s></r>").values == [["b=x"]])
    #expect(R.check("<r><s a='1'></s><s></s><s> </s></r>").values == [["@a=1"], [".="], [".= "]])
  }

  @Test func everyCellKnowsItsLine() {
    let text = "<r\nk='1'><h>\n</h>\r\n<s>\r<a\n>x\ny</a><b/><i>\n<c>z</c></i>\n<d/></s>\n<s><a/></s></r>"
    let outcome = R.check(text, R.options("/r/s", "i"))
    #expect(outcome.rows.map(\.line) == [4, 7, 10])
    #expect(outcome.values == [["../@k=1", "../h=\n", "a=x\ny", "b=", "d="], ["c=z"], ["../@k=1", "../h=\n", "a="]])
    #expect(outcome.rows.map(\.lines) == [[1, 2, 5, 7, 9], [8], [1, 2, 10]])
    #expect(R.check("<r>\n<s/></r>", R.options("/r")).rows.map(\.lines) == [[2]])
    #expect(R.check("\n<r a='1'>x</r>").rows.map(\.lines) == [[2, 2]])
  }

  @Test func namespaces() {
    let text = "<p:r xmlns:p='u' xmlns='v'><p:s p:k='1' j='2'><t>a</t><p:t>b</p:t></p:s><s><t>c</t></s></p:r>"
    #expect(R.check(text, R.options("/r/s")).values == [["@k=1", "@j=2", "t=a", "t=b"], ["t=c"]])
    #expect(R.check(text, R.options("/r/{v}s")).values == [["../s/@k=1", "../s/@j=2", "../s/t=a", "../s/t=b", "t=c"]])
    #expect(R.check(text, R.options("/r/s", namespace: "u")).values.count == 1)
    #expect(R.check(text, R.options("/*/*", "{u}t")).rows.map(\.kind) == [.record, .item, .record])
    #expect(R.check("<r><s xmlns='报告'>x</s></r>", R.options("/r/{报告}s")).values == [[".=x"]])
    #expect(R.check("<r><s/></r>", R.options("/r/{}s")).values == [[".="]])
    #expect(R.check("<r xmlns='u'><s/></r>", R.options("/r/{}s")).codes == ["XML_ROOT_UNKNOWN"])
  }

  @Test func recordPathsThatAreMissing() {
    let outcome = R.check("\n<x xmlns='u'><y/></x>", R.options("/报告/样品"))
    #expect(
      outcome.diagnostics == ["XML_ROOT_UNKNOWN 2:1 no record at the path given; the root element is {u}x"])
    #expect(R.check("<r><t/></r>", R.options("/r/s")).codes == ["XML_ROOT_UNKNOWN"])
    #expect(R.check("<r/>", R.options("/r")).values == [[".="]])
    #expect(R.check("<r><a/>t</r>", R.options("/r")).values == [["a=", ".=t"]])
  }

  @Test func ancestorsAreDroppedWhenTheyClose() {
    let text = "<w><o><d><i>1</i></d><r/><r/></o><x/><o k='2'><r/></o><o><r/><d><i>3</i></d><r/></o></w>"
    #expect(
      R.check(text, R.options("/w/o/r")).values == [
        ["../d/i=1", ".="], ["../d/i=1", ".="], ["../../x=", "../@k=2", ".="], ["../../x=", ".="],
        ["../../x=", "../d/i=3", ".="],
      ])
  }

  @Test func nestedItemsBelongToTheOuterOne() {
    let text = "<r><s><i><i>1</i></i><a><i>2</i></a></s></r>"
    let outcome = R.check(text, R.options("/r/s", "i"))
    #expect(outcome.rows.map(\.kind) == [.record, .item])
    #expect(outcome.values == [["a/i=2"], ["i=1"]])
  }

  @Test func manyRecordsMakeChunksThatDoNotDependOnPieces() throws {
    var text = "<r k='v'>"
    for index in 0..<30_000 { text += "<s n='\(index)'><a>文\(index)</a><i><b/></i></s>\n" }
    text += "</r>"
    let bytes = Array(text.utf8)
    let whole = R.parse(bytes, pieces: { _ in bytes.count }, R.options("/r/s", "i"))
    let pieces = R.parse(bytes, pieces: { 1 + $0 * 7919 % 5000 }, R.options("/r/s", "i"))
    let read = try R.read(bytes, .whole, R.options("/r/s", "i"))
    #expect(whole == pieces)
    #expect(whole == read)
    #expect(whole.chunks.count > 2)
    #expect(whole.rows.count == 60_000)
    #expect(whole.rows.last?.cells.first?.hasPrefix("b=@") == true)
    #expect(whole.values[59_998] == ["../@k=v", "@n=29999", "a=文29999"])
  }

  @Test func otherCharacterSets() throws {
    let text = "<?xml version='1.0' encoding='GB2312'?>\n<集>\n<样 号='甲'><名>大米</名></样></集>"
    // 朱镕基's 镕 is not in GB2312; the label means GB18030.
    var gbk: [UInt8] = Array("<?xml version='1.0' encoding='GB2312'?>\n<r>\n<s k='".utf8)
    gbk += [0xE9, 0x46] + Array("'><n>".utf8) + [0xC3, 0xD7] + Array("</n></s></r>".utf8)
    let outcome = try R.read(gbk, .whole, R.options("/r/s"))
    #expect(outcome.diagnostics == [])
    #expect(outcome.rows.first?.line == 3)
    #expect(outcome.rows.first?.cells == ["@k=镕@44", "n=米@54"])
    var wide: [UInt8] = [0xFF, 0xFE]
    for unit in text.replacing("GB2312", with: "UTF-16").utf16 { wide += [UInt8(unit & 255), UInt8(unit >> 8)] }
    let second = try R.read(wide, .whole, R.options("/集/样"))
    #expect(second.diagnostics == [])
    #expect(second.rows.first?.byteOffset == 2 + 2 * 44)
    #expect(second.values == [["@号=甲", "名=大米"]])
    let marked = try R.read([0xEF, 0xBB, 0xBF] + Array("<r><s/></r>".utf8))
    #expect(marked.rows.first?.byteOffset == 6)
  }

  @Test func damagedBytesMarkTheirRows() throws {
    let bytes =
      Array("<?xml version='1.0' encoding='UTF-8'?><r><s><i/></s><s><i>米".utf8) + [0xFF]
      + Array("</i><i/></s><s/></r>".utf8)
    let outcome = try R.read(bytes, .whole, R.options("/r/s", "i"))
    #expect(outcome.codes == ["ENC_INVALID_SEQ"])
    #expect(outcome.rows.map(\.isDamaged) == [false, false, true, true, false, false])
  }

  @Test func paths() throws {
    #expect(try XMLPath("/a/{u/v}b/*").steps.map(\.name) == ["a", "b", nil])
    #expect(try XMLPath("a/{u/v}b").steps[1].namespace == "u/v")
    for bad in ["", "/", "a//b", "a/", "{u", "{u}", "a b", "a:b", "@a", "a[1]"] {
      #expect(throws: XMLPathError.self) { try XMLPath(bad) }
    }
  }

  @Test func declarations() {
    func label(_ text: String) -> String? { XMLDeclaration.sniff(Array(text.utf8))?.label }
    #expect(label("<?xml version=\"1.0\" encoding=\"gb2312\"?><r/>") == "gb2312")
    #expect(label("\u{FEFF}<?xml version='1.0'\n encoding = 'GBK' standalone='no' ?><r/>") == "GBK")
    #expect(label("<?xml version='1.0'?><r encoding='x'/>") == nil)
    #expect(label("<r encoding='x'/>") == nil)
    var wide: [UInt8] = []
    for unit in "<?xml version='1.0' encoding='UTF-16'?><r/>".utf16 { wide += [UInt8(unit >> 8), UInt8(unit & 255)] }
    #expect(XMLDeclaration.sniff(wide) == XMLDeclaration.Sniffed(label: "UTF-16", utf16LittleEndian: false))
  }
}

/// Real deliveries, if the samples lie beside the tests.
@Suite struct XMLRealFileTests {
  private static func sample(_ name: String, from file: String = #filePath) -> [UInt8]? {
    let root = file.split(separator: "/").dropLast(3).joined(separator: "/")
    guard let handle = fopen("/\(root)/samples/real/wqx/\(name)", "rb") else { return nil }
    defer { fclose(handle) }
    var bytes: [UInt8] = []
    while case let byte = fgetc(handle), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return bytes
  }

  @Test func waterQualityExchange() throws {
    guard let bytes = Self.sample("resultPhysChem.xml") else { return }
    let outcome = try XMLTestReading.read(bytes, .whole, XMLTestReading.options("/WQX/Organization/Activity", "Result"))
    #expect(outcome.diagnostics == [])
    #expect(outcome.rows.count { $0.kind == .record } == 23)
    #expect(outcome.rows.count { $0.kind == .item } == 55)
    var organisations: [String: Int] = [:]
    for row in outcome.values {
      for cell in row where cell.hasPrefix("../OrganizationDescription/OrganizationIdentifier=") {
        organisations[String(cell.drop { $0 != "=" }.dropFirst()), default: 0] += 1
      }
    }
    #expect(
      organisations == [
        "21NYDECA_WQX": 4, "ARS": 3, "USGS-CA": 1, "USGS-WI": 3, "WIDNR_WQX": 2, "organization": 10,
      ])
    XMLTestReading.checkPositions(outcome, bytes)
    let pieces = XMLTestReading.parse(
      bytes, pieces: { 1 + $0 * 31 % 97 }, XMLTestReading.options("/WQX/Organization/Activity", "Result"))
    #expect(pieces == outcome)
    let shown = try XMLTestReading.read(bytes, .whole, XMLTestReading.options(indexed: true))
    #expect(shown.rows.count == 6)
    #expect(shown.rows.first?.cells.contains { $0.hasPrefix("Activity[2]/Result/ResultDescription/") } == true)
  }
}
