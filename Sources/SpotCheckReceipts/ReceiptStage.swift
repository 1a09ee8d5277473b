/// How far a delivered file has come, as its bureau is told. Two steps, like the acknowledgements of HL7: that it was
/// received (commit), and then what became of it (application).
///
/// The raw values are printed: never renamed.
public enum ReceiptStage: String, Sendable, CaseIterable {
  /// The file is here, whole, and is being worked on. Nothing of it counts yet.
  case received
  /// Everything in it counts.
  case accepted
  /// Everything in it counts, but something in it should be looked at.
  case acceptedWithWarnings = "accepted_with_warnings"
  /// Some rows were refused; the rest counts.
  case partlyAccepted = "partly_accepted"
  /// Nothing of it counts.
  case rejected
  /// The very same was accepted before; nothing has changed.
  case duplicate
  /// It could not be worked on now (it was still being written, say) and will be tried again.
  case returned

  /// The word for a clerk.
  public var nameZh: String {
    switch self {
    case .received: "已收到，正在处理"
    case .accepted: "已受理"
    case .acceptedWithWarnings: "已受理，有提示"
    case .partlyAccepted: "部分受理"
    case .rejected: "未受理"
    case .duplicate: "重复报送，未重复计入"
    case .returned: "暂未处理，将自动重试"
    }
  }

  /// Whether a later receipt about the same delivery will follow.
  public var isFinal: Bool { self != .received && self != .returned }
}
