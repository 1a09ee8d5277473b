/// What the bureau has to do next: follows from the receipt alone.
public struct ReceiptAdvice: Sendable, Hashable {
  /// Stable word for programs: `none`, `wait`, `look`, `mend_rows`, `mend_file`.
  public var action: String
  public var text: String
  public var textZh: String
}

extension Receipt {
  public var advice: ReceiptAdvice {
    switch stage {
    case .received:
      ReceiptAdvice(
        action: "wait", text: "Nothing to do. A second receipt says what became of the file.",
        textZh: "暂无需处理，处理结果将另行回执。")
    case .returned:
      ReceiptAdvice(
        action: "wait", text: "Nothing to do. The file is tried again by itself.", textZh: "暂无需处理，系统将自动重试。")
    case .accepted, .duplicate:
      ReceiptAdvice(action: "none", text: "Nothing to do.", textZh: "无需处理。")
    case .acceptedWithWarnings:
      ReceiptAdvice(
        action: "look", text: "Everything counts. Look at the notes; deliver the samples again if something is wrong.",
        textZh: "数据已全部计入。请核对以下提示，如有错误请更正后重新报送有关样品。")
    case .partlyAccepted: mendRows
    case .rejected where refusedRowsFile != nil: mendRows
    case .rejected:
      ReceiptAdvice(
        action: "mend_file", text: "Nothing of the file counts. Mend it as said and deliver all of it again.",
        textZh: "本文件数据均未计入。请按下述原因更正后，将整个文件重新报送。")
    }
  }

  private var mendRows: ReceiptAdvice {
    guard let file = refusedRowsFile else {
      return ReceiptAdvice(
        action: "mend_file", text: "Mend the rows named below and deliver the file again.",
        textZh: "请更正下列各行后，将文件重新报送。")
    }
    return ReceiptAdvice(
      action: "mend_rows",
      text: "Open \(file), mend the refused rows, leave the other rows and columns as they are, and deliver that file.",
      textZh: "请用 Excel 打开“\(file)”，改正被拒收的行，其他行（随附）和其他列请勿删改，保存后放回报送目录即可，无需重报整个文件。")
  }
}
