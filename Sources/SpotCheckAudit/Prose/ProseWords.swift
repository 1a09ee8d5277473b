/// What a count says about samples.
enum CountRole: Sendable, Hashable {
  case sampled, inspected, passed, failed
}

/// The words of bulletins that decide what a number means.
///
/// Everything else is ``WordKind/text``: it names a group. A word that is missing here makes the reader understand less,
/// never something wrong: unknown text parts one group from the next.
enum WordKind: Sendable, Hashable {
  /// 抽检, 检验, 合格, 不合格: the number beside it has this role.
  case role(CountRole)
  /// 合格率 …: the percentage behind it is this rate.
  case rate(RateKind)
  /// 上升 (+1) or 下降 (−1).
  case change(Int)
  /// 比, 较: what follows is the earlier figure.
  case than
  /// 由 … 到 …
  case from, to
  /// 分别: several numbers share one word; not understood.
  case respectively
  /// 低于, 以上 …: a bound, no figure.
  case bound
  /// 占: a share of something else.
  case shareOf
  /// 依据 …: the clause cites a rule.
  case aside
  /// 共, 全省, 总体: the whole, not a part.
  case whole
  /// 监督, 样品, 食品: says nothing new, but may belong to a name.
  case noun
  /// 其中, 为, 检出: says nothing.
  case filler
  /// Part of the name of a group.
  case text
}

enum ProseWords {
  private static let table: [(kind: WordKind, words: String)] = [
    (.role(.sampled), "抽检 抽查 抽样 抽取 采样 抽验 抽测"),
    (.role(.inspected), "检验 检测 送检"),
    (.role(.failed), "不合格 不合格品 不符合标准 问题样品 问题批次"),
    (.role(.passed), "合格"),
    (.rate(.pass), "合格率"),
    (.rate(.failure), "不合格率 不合格发现率 不合格检出率 不合格产品检出率 不合格品检出率"),
    (.rate(.finding), "问题发现率 问题检出率 问题率"),
    (.change(1), "上升 提高 提升 增长 增加 升高 上涨 高出"),
    (.change(-1), "下降 降低 减少 回落"),
    (.than, "比 较 同比 环比 相比"),
    (.from, "由 从"),
    (.to, "到 至 上升到 提高到 下降到 上升至 提高至 下降至 降至 升至 降到 升到"),
    (.respectively, "分别 分別"),
    (.bound, "低于 高于 不低于 不高于 超过 不超过 大于 小于 不小于 不足 未达到 以上 以下 以内 左右 均在 均为"),
    (.shareOf, "占 占比"),
    (.aside, "依据 根据 按照 依照"),
    (.whole, "共 总共 共计 合计 累计 总计 全省 全市 全国 全县 全区 全州 总体 整体 总的 本次 此次 本期 全年 我省 我市 我县 我州 本省 本市"),
    (
      .noun,
      "监督 食品 产品 样品 食用农产品 农产品 普通食品 商品 食品安全 安全 质量 各类 各级 国家 计划 专项 日常 企业 家企业 企业生产的 生产的 生产经营 经营 项目 检验项目 "
        + "市场监管部门 批次 数 量"
    ),
    (
      .filler,
      "其中 检出 发现 有 为 是 达 达到 达成 的 了 经 将 已 均 和 及 与 以及 并 并且 在 对 于 也 则 且 进行 开展 组织 完成 公布 实施 任务 涉及 涵盖 "
        + "数量 总数 总量 数为 结果 显示 结果显示 情况 表明 反映 实际 上述 该 这 其 有关 相关 等 中 里 内 个 约为"
    ),
    // Rates of something other than batches.
    (.text, "企业合格率 企业不合格率 项次合格率 项次不合格率 实物质量合格率 复检 未检出 未抽检 不合格项目 不合格项次 不合格项 合格证 不合格总数 不合格总项次"),
  ]

  /// By first scalar, longest first.
  static let byFirst: [Unicode.Scalar: [(word: [Unicode.Scalar], kind: WordKind)]] = {
    var result: [Unicode.Scalar: [(word: [Unicode.Scalar], kind: WordKind)]] = [:]
    for entry in table {
      for word in entry.words.split(separator: " ") {
        let scalars = Array(word.unicodeScalars)
        guard let first = scalars.first else { continue }
        result[first, default: []].append((scalars, entry.kind))
      }
    }
    return result.mapValues { $0.sorted { $0.word.count > $1.word.count } }
  }()

  /// The longest word that begins at an index.
  static func match(_ scalars: ArraySlice<Unicode.Scalar>, at index: Int) -> (kind: WordKind, length: Int)? {
    guard let candidates = byFirst[scalars[index]] else { return nil }
    for candidate in candidates where scalars[index...].starts(with: candidate.word) {
      return (candidate.kind, candidate.word.count)
    }
    return nil
  }
}
