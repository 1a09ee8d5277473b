// The made-up world: real districts, classes, analytes and limits; invented enterprises.

/// One kind of product: where it stands in the category tree and what it is tested for.
struct ProductKind: Sendable {
  /// Category names from the top level down.
  var path: [String]
  var products: [String]
  var tests: [TestKind]
  /// Share of failing samples, per thousand.
  var failuresPerThousand: Int
}

/// One analyte as it is tested on a kind of product.
struct TestKind: Sendable {
  var analyte: String
  var unit: String
  /// Highest admitted value × 10^scale; nil: must not be detected.
  var limit: Int?
  var scale: Int
  var method: String
  var basis: String
}

struct DistrictName: Sendable {
  var code: String
  var name: String
  /// As delivered before a renaming; nil if it never changed.
  var formerName: String?
  var park: String?
}

enum World {
  static let districts: [DistrictName] = [
    DistrictName(code: "630102", name: "城东区", formerName: nil, park: "东川工业园"),
    DistrictName(code: "630103", name: "城中区", formerName: nil, park: "南川工业园"),
    DistrictName(code: "630104", name: "城西区", formerName: nil, park: nil),
    DistrictName(code: "630105", name: "城北区", formerName: nil, park: "生物科技产业园"),
    DistrictName(code: "630106", name: "湟中区", formerName: "湟中县", park: "甘河工业园"),
    DistrictName(code: "630121", name: "大通回族土族自治县", formerName: nil, park: nil),
    DistrictName(code: "630123", name: "湟源县", formerName: nil, park: nil),
  ]

  private static func metal(_ name: String, _ limit: Int, _ scale: Int) -> TestKind {
    TestKind(
      analyte: name, unit: "mg/kg", limit: limit, scale: scale, method: "GB 5009.268-2016", basis: "GB 2762-2022")
  }
  private static func pesticide(_ name: String, _ limit: Int, _ scale: Int) -> TestKind {
    TestKind(
      analyte: name, unit: "mg/kg", limit: limit, scale: scale, method: "GB 23200.113-2018", basis: "GB 2763-2021")
  }
  private static func forbidden(_ name: String) -> TestKind {
    TestKind(
      analyte: name, unit: "μg/kg", limit: nil, scale: 0, method: "GB/T 21311-2007", basis: "农业农村部公告第250号")
  }
  private static func additive(_ name: String, _ limit: Int, _ scale: Int) -> TestKind {
    TestKind(analyte: name, unit: "g/kg", limit: limit, scale: scale, method: "GB 5009.28-2016", basis: "GB 2760-2014")
  }
  private static func quality(_ name: String, _ unit: String, _ limit: Int, _ scale: Int, _ basis: String) -> TestKind {
    TestKind(analyte: name, unit: unit, limit: limit, scale: scale, method: basis, basis: basis)
  }

  static let market: [ProductKind] = [
    ProductKind(
      path: ["粮食加工品"], products: ["小麦粉", "高筋小麦粉", "挂面", "青稞面"],
      tests: [
        metal("铅(以Pb计)", 2, 1), metal("镉(以Cd计)", 1, 1), pesticide("毒死蜱", 5, 1),
        additive("过氧化苯甲酰", 1, 1), metal("总汞(以Hg计)", 2, 2),
      ], failuresPerThousand: 20),
    ProductKind(
      path: ["乳制品"], products: ["灭菌乳", "发酵乳", "牦牛酸奶", "奶粉"],
      tests: [metal("铅(以Pb计)", 2, 2), metal("总砷(以As计)", 1, 1), forbidden("氯霉素"), metal("铬(以Cr计)", 3, 1)],
      failuresPerThousand: 12),
    ProductKind(
      path: ["食用油、油脂及其制品"], products: ["菜籽油", "花生油", "牛油火锅底料油"],
      tests: [
        quality("酸价(KOH)", "mg/g", 30, 1, "GB 2716-2018"), quality("过氧化值", "g/100g", 25, 2, "GB 2716-2018"),
        metal("铅(以Pb计)", 8, 2), metal("苯并[a]芘", 10, 3),
      ], failuresPerThousand: 60),
    ProductKind(
      path: ["肉制品"], products: ["酱卤牛肉", "风干牦牛肉", "羊肉肠"],
      tests: [
        additive("苯甲酸及其钠盐(以苯甲酸计)", 5, 1), additive("山梨酸及其钾盐(以山梨酸计)", 75, 3), metal("铅(以Pb计)", 3, 1),
        forbidden("氯霉素"),
      ], failuresPerThousand: 45),
    ProductKind(
      path: ["饮料"], products: ["包装饮用水", "沙棘果汁饮料", "碳酸饮料"],
      tests: [additive("苯甲酸及其钠盐(以苯甲酸计)", 10, 1), metal("铅(以Pb计)", 3, 1), additive("糖精钠(以糖精计)", 15, 2)],
      failuresPerThousand: 30),
    ProductKind(
      path: ["糕点"], products: ["蛋糕", "月饼", "焜锅馍馍"],
      tests: [
        additive("脱氢乙酸及其钠盐(以脱氢乙酸计)", 5, 1), additive("糖精钠(以糖精计)", 15, 2),
        quality("酸价(KOH)", "mg/g", 50, 1, "GB 7099-2015"),
        metal("铝的残留量(干样品，以Al计)", 100, 0),
      ], failuresPerThousand: 70),
    ProductKind(
      path: ["酒类"], products: ["青稞酒", "白酒", "黄酒"],
      tests: [
        quality("甲醇", "g/L", 6, 1, "GB 2757-2012"), metal("铅(以Pb计)", 5, 1), additive("糖精钠(以糖精计)", 15, 2),
      ], failuresPerThousand: 25),
    ProductKind(
      path: ["电线电缆"], products: ["聚氯乙烯绝缘电线", "阻燃电缆"],
      tests: [
        quality("导体电阻", "Ω/km", 742, 2, "GB/T 5023.3-2008"), quality("绝缘厚度偏差", "mm", 10, 2, "GB/T 5023.3-2008"),
      ], failuresPerThousand: 110),
    ProductKind(
      path: ["化肥"], products: ["复合肥料", "有机肥料", "尿素"],
      tests: [
        quality("水分", "%", 20, 1, "GB/T 15063-2020"), metal("总砷(以As计)", 50, 0), metal("总镉(以Cd计)", 10, 0),
      ], failuresPerThousand: 90),
    ProductKind(
      path: ["家具"], products: ["木制书桌", "儿童床"],
      tests: [
        quality("甲醛释放量", "mg/L", 15, 1, "GB 18584-2001"), quality("可溶性铅", "mg/kg", 90, 0, "GB 18584-2001"),
      ], failuresPerThousand: 130),
  ]

  static let agriculture: [ProductKind] = [
    ProductKind(
      path: ["蔬菜"], products: ["菠菜", "油麦菜", "娃娃菜", "大葱", "辣椒", "黄瓜", "番茄"],
      tests: [
        pesticide("毒死蜱", 2, 2), pesticide("克百威", 2, 2), pesticide("氧乐果", 2, 2), pesticide("腐霉利", 5, 0),
        pesticide("啶虫脒", 15, 1), pesticide("氯氟氰菊酯", 2, 0), pesticide("甲胺磷", 5, 2),
      ], failuresPerThousand: 18),
    ProductKind(
      path: ["水果"], products: ["苹果", "梨", "草莓", "香蕉"],
      tests: [pesticide("多菌灵", 5, 0), pesticide("氧乐果", 2, 2), pesticide("吡虫啉", 5, 1), pesticide("苯醚甲环唑", 5, 1)],
      failuresPerThousand: 10),
    ProductKind(
      path: ["畜禽产品"], products: ["牛肉", "羊肉", "猪肉", "鸡蛋"],
      tests: [forbidden("克伦特罗"), forbidden("莱克多巴胺"), forbidden("沙丁胺醇"), metal("恩诺沙星", 1, 1)],
      failuresPerThousand: 8),
    ProductKind(
      path: ["水产品"], products: ["虹鳟", "鲤鱼", "草鱼"],
      tests: [forbidden("孔雀石绿"), forbidden("氯霉素"), metal("恩诺沙星", 1, 1), metal("镉(以Cd计)", 1, 1)],
      failuresPerThousand: 40),
  ]

  static let forestry: [ProductKind] = [
    ProductKind(
      path: ["枸杞"], products: ["枸杞", "黑果枸杞"],
      tests: [pesticide("吡虫啉", 1, 0), pesticide("啶虫脒", 2, 0), pesticide("毒死蜱", 5, 2), metal("铅(以Pb计)", 5, 1)],
      failuresPerThousand: 35),
    ProductKind(
      path: ["核桃"], products: ["核桃", "薄皮核桃"],
      tests: [pesticide("溴氰菊酯", 2, 2), metal("铅(以Pb计)", 2, 1)], failuresPerThousand: 15),
    ProductKind(
      path: ["花椒"], products: ["花椒", "青花椒"],
      tests: [pesticide("氯氰菊酯", 5, 1), metal("铅(以Pb计)", 3, 0)], failuresPerThousand: 30),
    ProductKind(
      path: ["沙棘"], products: ["沙棘果"], tests: [pesticide("吡虫啉", 1, 0), metal("镉(以Cd计)", 5, 2)],
      failuresPerThousand: 5),
  ]

  static let surnames = ["昆仑", "三江", "青稞", "雪莲", "牧歌", "金银滩", "日月山", "丹霞", "互助", "河湟", "塔尔", "青唐"]
  static let trades = ["食品", "农牧", "商贸", "生物科技", "粮油", "乳业", "林果", "建材", "电缆", "超市"]
  static let brands = ["昆仑雪", "高原红", "三江情", "/", "—", "青海湖", "雪域", "无"]
  static let specifications = ["500g/袋", "250ml×12瓶/箱", "5kg/袋", "散装", "100米/卷", "1.8m×0.8m", "\"大\"包装，2kg"]
  static let labs = ["青海省食品检验检测院", "西宁市食品药品检验所", "青海省产品质量检验检测院", "谱尼测试(青海)有限公司"]
  static let people = ["马晓兰", "张建国", "李青山", "韩玉梅"]
}
