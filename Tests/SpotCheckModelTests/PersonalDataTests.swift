import SpotCheckModel
import Testing

@Suite struct PersonalDataTests {
  @Test func numbersOfPersonsAreHiddenAndOthersAreNot() {
    #expect(PersonalData.masked("联系电话13912345678，城东区") == "联系电话139******78，城东区")
    #expect(PersonalData.masked("11010519491231002X") == "110*************2X")
    #expect(PersonalData.masked("11010519491231002x;") == "110*************2x;")
    // One digit off, a credit code, a sampling number, a barcode, a longer run of digits.
    for text in ["110105194912310021", "916301007107919001", "XBJ236301000000001", "6901234567892", "139123456789"] {
      #expect(PersonalData.masked(text) == text)
    }
    #expect(PersonalData.masked("") == "")
  }

  @Test(arguments: [
    ("139-1234-5678", "139-****-**78"), ("139 1234 5678", "139 **** **78"), ("１３９１２３４５６７８", "１３９******７８"),
    ("+86 13912345678", "+86 139******78"), ("8613912345678", "86139******78"), ("013912345678", "0139******78"),
    ("+86-139-1234-5678", "+86-139-****-**78"), ("(0971)6123456", "(097*)*****56"), ("0971-6123456", "097*-*****56"),
    ("０９７１－６１２３４５６", "０９７*－*****５６"), ("电话：6123456", "电话：612**56"), ("传真 61234567", "传真 612***67"),
    ("Tel13912345678", "Tel139******78"), ("电话09716123456", "电话097******56"), ("010-62345678", "010-******78"),
    ("630104640302013", "630**********13"), ("110105 19491231 002X", "110*** ******** **2X"),
    ("身份证号：110105194912310021", "身份证号：110*************21"), ("zhangsan@example.com", "z*******@example.com"),
    ("a＠b.cn", "*＠b.cn"), ("张三13912345678、李四18812345678", "张三139******78、李四188******78"),
    ("13912345678 0971-6123456", "139******78 097*-*****56"), ("2024-03-05 13912345678", "2024-03-05 139******78"),
    ("13912345678@qq.com", "1**********@qq.com"), ("\"13912345678\",合格", "\"139******78\",合格"),
  ])
  func allSpellingsAreFound(_ text: String, _ expected: String) {
    let masked = PersonalData.masked(text)
    #expect(masked == expected)
    #expect(PersonalData.masked(masked) == masked)
    #expect(!PersonalData.find(in: text).isEmpty)
  }

  /// What looks like it and is none: codes, lots, days, standards, amounts, digests.
  @Test(arguments: [
    "GC16630122001", "SC24630102099", "2024-03-05", "20240305", "GB 2763-2021", "15630102001X", "1,234,567.5",
    "0.0123456789",
    "2024.03.05-2024.06.30", "批号20240102", "91630100710791900A", "SHA a13912345678b", "12345678901234567890123",
    "6123456",
    "0971", "12-34-56-78-90-1", "123@", "@example.com", "a@b", "YJV 3×70", "990104640302013",
  ])
  func codesAreLeftAlone(_ text: String) {
    #expect(PersonalData.masked(text) == text)
    #expect(PersonalData.find(in: text).isEmpty)
  }

  @Test func namesKeepTheirFirstLetter() {
    #expect(PersonalData.maskedName("张三") == "张*")
    #expect(PersonalData.maskedName("欧阳娜娜") == "欧***")
    #expect(PersonalData.maskedName("买买提·吐尔逊") == "买**·***")
    #expect(PersonalData.maskedName("王") == "*")
    #expect(PersonalData.maskedName("") == "")
    #expect(PersonalData.maskedNumber("0971-6123456") == "097*-*****56")
    #expect(PersonalData.maskedNumber("6123456") == "*******")
    #expect(PersonalData.maskedNumber("1") == "*")
  }

  @Test(arguments: [
    ("张三", "张*"), ("李会", "李*"), ("张园园", "张**"), ("才让多杰", "才***"), ("才让多杰（农户）", "才***（**）"),
    ("马某某", "马**"), ("种植户张三", "种****"), ("张三 13912345678", "张* ***********"), ("湟中区鲁沙尔镇张三", "湟********"),
  ])
  func personsAmongUnitsAreHidden(_ name: String, _ expected: String) {
    #expect(PersonalData.isPersonName(name))
    #expect(PersonalData.maskedIfPerson(name) == expected)
    #expect(PersonalData.maskedIfPerson(expected) == expected)
  }

  @Test(arguments: [
    "西宁某粮油店", "农户", "某厂", "某合作社", "某基地", "某苗圃", "青海马氏有限公司", "西宁城东区马商店12", "兴海楼", "大通县桥头镇某超市（3号）", "某市场", "某院", "", "/",
    "无",
    "Tesco", "Wal-Mart 3", "张三家庭农场", "幸福村", "某门市",
  ])
  func organisationsAreShown(_ name: String) {
    #expect(PersonalData.maskedIfPerson(name) == name)
  }

  @Test func aKeyMadeOfAUnitsNameHidesThePerson() {
    #expect(PersonalData.maskedKey("张三|苹果|散装|2024-01") == "张*|苹果|散装|2024-01")
    #expect(PersonalData.maskedKey("某店|苹果|散装|2024-01") == "某店|苹果|散装|2024-01")
    #expect(PersonalData.maskedKey("张三") == "张*")
    for number in ["GC16630122001", "15630102001", "西抽检字第12号", ""] {
      #expect(PersonalData.maskedKey(number) == number)
    }
  }

  @Test func anyTextIsTaken() {
    var generator = SystemRandomNumberGenerator()
    let letters = Array("0123456789１９xX-. @＠()（）+张电话telA,\u{0301}\u{1F600}\u{0}".unicodeScalars)
    for _ in 0..<3000 {
      var view = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...60, using: &generator) {
        view.append(letters.randomElement(using: &generator) ?? "0")
      }
      let text = String(view)
      let masked = PersonalData.masked(text)
      #expect(masked.unicodeScalars.count == text.unicodeScalars.count)
      #expect(PersonalData.masked(masked) == masked)
      _ = PersonalData.maskedIfPerson(text)
    }
  }
}
