extension PersonalData {
  /// The name of a sampled unit or of a producer as it may be shown: as it is if it looks like an organisation, else
  /// hidden as a person's name; numbers of persons are hidden either way.
  ///
  /// Farmers, stall holders and one-man businesses are sampled under their own names (马某某, 才让多杰（农户）). So Chinese
  /// words without any sign of an organisation (厂, 店, 合作社 …) are taken for a person. Names without Chinese letters are
  /// left alone.
  public static func maskedIfPerson(_ name: String) -> String {
    masked(isPersonName(name) ? maskedName(name) : name)
  }

  /// A sampling number that a pipeline joins from other columns, the unit's name first (`张三|苹果|散装|2024-01`), with
  /// that name hidden if it is a person's. Other numbers are left as they are: they are what a sample is found by.
  public static func maskedKey(_ number: String) -> String {
    guard let bar = number.firstIndex(of: "|") else {
      // Nothing else was there to join.
      return number.unicodeScalars.contains { PersonalNumberScan.digit($0) != nil } ? number : maskedIfPerson(number)
    }
    let name = String(number[..<bar])
    let shown = maskedIfPerson(name)
    return shown == name ? number : shown + number[bar...]
  }

  /// Whether a Chinese name shows no sign of an organisation.
  public static func isPersonName(_ name: String) -> Bool {
    if endsLikeOrganisation(name) { return false }
    let core = coreLetters(name)
    guard !core.isEmpty, core.contains(where: { isHan($0) }), !nobody.contains(string(core)) else { return false }
    // 种植户张三: what he does is no organisation.
    let text = households.reduce(string(core)) { text, word in without(word, text) }
    if text.isEmpty { return false }
    if organisations.contains(where: { text.contains($0) }) { return false }
    guard let last = text.unicodeScalars.last(where: { isHan($0) }) else { return true }
    if endings.contains(last) { return false }
    // 李会 and 张园园 are persons; 兴海楼 and 百姓居 are not.
    let isShort = text.unicodeScalars.count <= 3 && core.first.map { surnames.contains($0) } == true
    return isShort || !weakEndings.contains(last)
  }

  /// A quick answer for most names (…有限公司, …商店7): a sign of an organisation at the end, and no bracket.
  private static func endsLikeOrganisation(_ name: String) -> Bool {
    var last: Unicode.Scalar?
    for scalar in name.unicodeScalars {
      if brackets.contains(scalar) { return false }
      if PersonalNumberScan.digit(scalar) == nil { last = scalar }
    }
    return last.map { endings.contains($0) } ?? false
  }

  /// What stands before a bracket, without blanks and digits: 才让多杰（农户）→ 才让多杰. Of a text that begins with a
  /// bracket, all of it.
  private static func coreLetters(_ name: String) -> [Unicode.Scalar] {
    let all = name.unicodeScalars.filter { isWordCharacter($0) || brackets.contains($0) }
    let before = all.prefix { !brackets.contains($0) }
    let chosen = before.isEmpty ? all[...] : before
    return chosen.filter { isWordCharacter($0) && PersonalNumberScan.digit($0) == nil }
  }

  private static func without(_ word: String, _ text: String) -> String {
    let letters = Array(word.unicodeScalars)
    var rest = Array(text.unicodeScalars)
    var index = 0
    while index + letters.count <= rest.count {
      if Array(rest[index..<(index + letters.count)]) == letters {
        rest.removeSubrange(index..<(index + letters.count))
      } else {
        index += 1
      }
    }
    return string(rest)
  }

  private static func string(_ scalars: [Unicode.Scalar]) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  private static func isHan(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isIdeographic }

  private static let brackets = Set("(（[【〔".unicodeScalars)
  /// Words that stand where a name is not known.
  private static let nobody: Set<String> = [
    "无", "空", "不详", "未知", "未填写", "未映射", "自产", "自制", "散装", "本地", "见包装", "其他", "同上",
  ]
  /// What a person may be called besides the name.
  private static let households = ["个体工商户", "种植户", "养殖户", "经营户", "个体户", "农户", "散户", "摊主", "农民"]
  /// Anywhere in the name: an organisation.
  private static let organisations = [
    "公司", "合作社", "超市", "市场", "商场", "农场", "林场", "牧场", "渔场", "工厂", "商店", "商行", "商贸", "经营部", "批发", "零售", "门市", "基地", "中心",
    "集团", "企业", "养殖", "种植", "饭店", "酒店", "餐厅", "餐饮", "餐馆", "食堂", "食府", "学校", "小学", "中学", "大学", "幼儿园", "医院", "药房", "连锁",
    "加油站", "委员会", "村委", "园区", "联合社", "供销", "电商", "旗舰", "粮油", "蔬果", "果蔬", "便利", "百货", "烟酒", "干果", "炒货", "副食", "生鲜",
    "食品", "水产", "肉铺", "屠宰", "加工", "科技", "实业", "贸易", "制造", "生产",
  ]
  /// At its end: an organisation.
  private static let endings = Set("店厂场社司部站院所局馆圃坊铺摊厅处校矿窖仓队库".unicodeScalars)
  /// At its end, unless the name is short and begins like a person's.
  private static let weakEndings = Set("园庄行会城楼房堂屋吧轩阁居斋记号室点台网柜区乡镇县市村".unicodeScalars)
  private static let surnames = Set(
    ("王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付傅方白邹孟熊秦邱江尹薛阎段雷侯龙史陶黎"
      + "贺顾毛郝龚邵万钱严赖武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁"
      + "蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冶拜者哈妥才星拉")
      .unicodeScalars)
}
