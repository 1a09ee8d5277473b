import Testing

@testable import SpotCheckModel

@Suite("Names without case, width, blanks and kinds of brackets")
struct NormaliseTests {
  @Test(
    arguments: [
      ("抽样编号 ", "抽样编号"), ("样品\u{3000}名称", "样品名称"), ("【必填】ABC", "[必填]abc"), ("〔甲〕", "[甲]"), ("ＡＢＣ１２", "abc12"),
      ("a\tB\r\nc", "abc"), ("", ""), ("\u{FEFF}编号", "编号"), ("É", "é"), ("龥鿿", "龥鿿"), ("ⅣⅣ", "ⅳⅳ"), ("かカ", "かカ"),
    ])
  func known(_ text: String, _ expected: String) {
    #expect(Array(CodeTable.normalise(text).utf8) == Array(expected.utf8))
  }

  /// The quick way says what the slow one says: every scalar by itself and between others, and random texts.
  @Test func theQuickWayIsTheSlowOne() {
    func check(_ text: String) {
      let quick = Array(CodeTable.normalise(text).utf8)
      if quick != Array(CodeTable.scalarByScalar(text).utf8) { Issue.record("\(text.unicodeScalars.map(\.value))") }
    }
    for value in 0...0x1_1000 as ClosedRange<UInt32> {
      guard let scalar = Unicode.Scalar(value) else { continue }
      check(String(scalar))
      check("样" + String(scalar) + "b")
    }
    let pool = Array("抽样编号【】〔〕 \u{3000}\u{3001}aZ09*★（）：ＡｚÉß𠀀\u{200B}\u{FEFF}ー".unicodeScalars)
    var state: UInt64 = 1
    for _ in 0..<20_000 {
      var text = String.UnicodeScalarView()
      for _ in 0..<Int(state % 9) {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text.append(pool[Int((state >> 33) % UInt64(pool.count))])
      }
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      check(String(text))
    }
  }
}
