/// Random XML documents, mostly sound and mostly plain, and what may happen to one on its way.
struct XMLTwinDocuments {
  var random: Seeded
  private var text: [UInt8] = []
  private var feed = "\n"
  private var odd = 0
  private var hasPrefix = false

  init(seed: UInt64) { random = Seeded(seed) }

  static let names = [
    "s", "s", "s", "i", "i", "i", "a", "b", "名称", "样品", "检验项目", "x-1.y_z", "（乙）", "a", "l", "abcdefgh", "abcdefghi",
    "标称生产企业统一社会信用代码",
  ]
  static let oddNames = [
    "é", "p:a", "q:a", "·", "1", "a:b:c", "\u{10000}", "xmlns", "a\u{FFFE}", "-a", "a·", "Ω", "xml",
  ]
  static let words = [
    "x", "合格", "0.05", " ", "  ", "]", "]]", ">", "大米（散装）", "a b", "！", "\u{FFFD}", "\u{7F}", "𠀀", "é", "-", "'", "\"",
    "abcdefgh", "GB 2762-2022", "\t", "/", "=", "\u{FFFC}", "\u{E000}",
  ]
  static let references = [
    "&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#65;", "&#x4e2d;", "&#x1F600;", "&#13;", "&#10;", "&#x9;",
    "&#x0041;",
  ]
  /// Not plain, and right.
  static let turns = [
    "<?p q?>", "&#00000000065;", "<a b='&lt;'/>", "<a b='1\t2'>x</a>", "\r", "<a b = '1'/>", "<a xmlns='u'><b/></a>",
    "<a xmlns:p='v'><p:b/></a>", "<a xml:lang='zh'/>", "<![CDATA[\r]]>", "<a\r/>", "<a >x</a >", "<é/>", "<Ω>x<i/></Ω>",
    "<s\r><i>1</i></s>", "<!--a-->\r<i/>",
  ]
  static let oddities = [
    "<?p q?>", "<p:a/>", "&foo;", "&#0;", "&#xD800;", "&#x110000;", "&#xFFFE;", "&", "&#;", "&#x;", "&#1000000000;",
    "&amp",
    "\u{1}", "\u{FFFE}", "\u{FFFF}", "]]>", "\r", "<!x>", "<!DOCTYPE a>", "<", "<a", "</a>", "</ a>", "<a b='&lt;'/>",
    "<a b='1\t2'/>", "<a b='1\n2'/>", "<a b='1' b='2'/>", "<a b=1/>", "<a b = '1'/>", "<a b='1'c='2'/>", "<a b='<'/>",
    "<!--a--b-->", "<!--a--->", "<!-->", "<a xmlns='u'><b/></a>", "<a xmlns:p='v'><p:b/></a>", "<a xml:lang='zh'/>",
    "<![CDATA[\r]]>", "<![CDATA[\u{1}]]>", "<![CDATA[x", "<!--", "<!-- \u{FFFF} -->", "<a\r/>", "<a\r\n/>",
    "<a >x</a >",
    "<a></b>", "<a></a", "&#00000000065;", "&#X41;", "<a b='\u{FFFE}'/>", "<a b='x'", "<a b=''/ >", "<a/ >", "\u{8}",
  ]

  mutating func document() -> [UInt8] {
    text = []
    feed = chance(30) ? "\r\n" : "\n"
    // Half of the documents are plain from end to end.
    odd = chance(50) ? 0 : pick([3, 10, 20, 40])
    if chance(50) { put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + feed) }
    if chance(10) { put("<!-- > -->\n<?p > ?>") }
    if chance(2) { put("\r") }
    let root = chance(20) ? pick(["报告", "x", "p:r", "é"]) : "r"
    put("<" + root)
    hasPrefix = root == "p:r" || chance(20)
    if hasPrefix { put(" xmlns:p='u'") }
    if chance(20) { put(" xmlns='\(pick(["v", "v", "u", ""]))'") }
    if hasPrefix, chance(10) { put(" xmlns:前='v'") }
    if chance(30) { put(" k=\"v>\" 版本='2'") }
    if chance(5) {
      put("/>")
    } else {
      put(">")
      for _ in 0..<below(6) { element(1) }
      space()
      put("</" + root + ">")
    }
    if chance(30) { put(feed) }
    if chance(5) { put("<!-- c -->") }
    return text
  }

  private mutating func element(_ depth: Int) {
    space()
    if chance(odd) { return put(oddity()) }
    let name = self.name()
    put("<" + name)
    for _ in 0..<(chance(25) ? 1 + below(3) : 0) { attribute() }
    if chance(5) { put(pick([" ", feed, "\t", "  "])) }
    if chance(10) { return put("/>") }
    put(">")
    if depth < 6, chance(45) {
      for _ in 0..<1 + below(4) {
        element(depth + 1)
        if chance(10) { content() }
      }
      space()
    } else {
      content()
    }
    put("</" + name + ">")
  }

  private mutating func attribute() {
    put(pick([" ", " ", "  ", feed]) + name() + (chance(90) ? "\(below(20))" : ""))
    let quote = pick(["'", "\""])
    var value = ""
    for _ in 0..<below(4) {
      let word = pick(Self.words)
      if word != "\t", !word.contains(quote) { value += word }
    }
    if chance(odd) { value += pick(Self.references) }
    put("=" + quote + value + quote)
  }

  private mutating func oddity() -> String { chance(85) ? pick(Self.turns) : pick(Self.oddities) }

  private mutating func name() -> String {
    if chance(odd / 4) { return pick(Self.oddNames) }
    return (hasPrefix && chance(25) ? pick(["p:", "p:", "前:"]) : "") + pick(Self.names)
  }

  private mutating func content() {
    for _ in 0..<below(4) {
      switch below(20) {
      case 0: put("<![CDATA[" + pick(["", "<b>", "]]", "&amp;", "文本", ">", feed == "\n" ? "\n" : " "]) + "]]>")
      case 1: put("<!--" + pick(["", "<b>", "&", "文本", "- ", ">", feed, "]]>"]) + "-->")
      case 2, 3: put(pick(Self.references))
      case 4: put(feed)
      case 5: put(String(repeating: pick(["长文本，", "long text ", "x"]), count: below(150)))
      case 6 where chance(odd): put(oddity())
      default: put(pick(Self.words))
      }
    }
  }

  private mutating func space() {
    if chance(60) { put(feed + String(repeating: " ", count: below(8))) }
  }

  /// Changes a few bytes; the result is UTF-8 again, as the decoder would deliver it.
  mutating func mutate(_ document: [UInt8]) -> [UInt8] {
    var bytes = document
    let spice = Array("<>&;'\"=!?-[]/:x \n\r\u{1}\u{0}".utf8)
    for _ in 0...below(3) where !bytes.isEmpty {
      let at = below(bytes.count)
      switch below(7) {
      case 0: bytes.remove(at: at)
      case 1: bytes.insert(pick(spice), at: at)
      case 2: bytes[at] = pick(spice)
      case 3: bytes[at] ^= 1 << UInt8(below(8))
      case 4: bytes.removeSubrange(at..<min(bytes.count, at + below(20)))
      case 5: bytes.removeLast(bytes.count - at)
      default:
        let from = below(bytes.count)
        bytes.insert(contentsOf: bytes[from..<min(bytes.count, from + below(30))], at: at)
      }
    }
    return Array(String(decoding: bytes, as: UTF8.self).utf8)
  }

  mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
  mutating func pick<T>(_ values: [T]) -> T { values[below(values.count)] }
  private mutating func put(_ more: String) { text += Array(more.utf8) }
}
