public import SpotCheckModel

/// What a bureau is told about one file that it delivered. A value: ``json`` and ``text`` are all that becomes of it.
///
/// Texts that quote delivered data (``ReceiptProblem``, ``refusal``) are masked (``PersonalData``) when they are put in.
public struct Receipt: Sendable {
  /// The layout of the JSON; raised when a key changes its meaning.
  public static let schemaVersion = 1

  public var stage: ReceiptStage
  /// `<run>-<six digits>`: given when the file was first claimed, and kept over retries.
  public var delivery: String
  public var bureau: ReceiptBureau
  public var file: ReceiptFile
  /// When the file was claimed, and when it was decided.
  public var received: TimeStamp?
  public var decided: TimeStamp?
  public var run: String
  /// 1 for the first attempt.
  public var attempt = 1
  /// The catalogue's number of the file, and the snapshot that made it visible.
  public var batch: Int64?
  public var snapshot: Int64?
  /// `pipeline/layout`, and the digest of pipeline and code tables; empty if none was found.
  public var layout = ""
  public var revision = ""
  /// Program and version that worked on it.
  public var program = ""

  public var rows = RowAccounts()
  public var samples = 0
  public var items = 0
  /// Samples of earlier deliveries that this one took the place of.
  public var superseded = 0
  /// Where the samples went; nil unless the file was accepted.
  public var sampleAccounts: SampleAccounts?
  /// What was found, by code: see ``ReceiptProblem/list(counts:diagnostics:examples:)``.
  public var problems: [ReceiptProblem] = []
  /// Why the whole file was refused, or has to wait.
  public var refusal: ReceiptRefusal?
  /// The delivery that said the same before.
  public var earlier: ReceiptEarlier?

  /// Name of the table of refused rows that lies beside the receipt.
  public var refusedRowsFile: String?
  /// Where the file as delivered is kept, relative to the store; nil: nowhere yet.
  public var place: String?
  /// Head of the store's journal when the file was decided: proof that what it says was not changed afterwards.
  public var journalHead: String?
  /// HMAC-SHA256 in hex of ``json`` as it is without a seal; nil where the store has no key. It stands at the end.
  public var seal: String?

  public init(
    stage: ReceiptStage, delivery: String, bureau: ReceiptBureau, file: ReceiptFile, run: String,
    received: TimeStamp? = nil
  ) {
    self.stage = stage
    self.delivery = delivery
    self.bureau = bureau
    self.file = file
    self.run = run
    self.received = received
  }

  /// The stage that follows from what was counted, for a file that was published.
  public static func stage(rows: RowAccounts, problems: [ReceiptProblem]) -> ReceiptStage {
    if rows.rejected > 0 { return .partlyAccepted }
    return problems.contains { $0.severity >= .warning } ? .acceptedWithWarnings : .accepted
  }
}

/// Who delivered.
public struct ReceiptBureau: Sendable, Hashable {
  public var code: String
  /// 西宁市农业农村局; empty if the code is in no table.
  public var name: String
  public init(code: String, name: String = "") {
    self.code = code
    self.name = name
  }
}

/// What was delivered.
public struct ReceiptFile: Sendable, Hashable {
  /// The name as delivered.
  public var name: String
  public var bytes: Int
  /// SHA-256 in hex of the bytes; of the payload (after decompression), empty as long as it is not known.
  public var digest: String
  public var payloadDigest: String
  public var payloadBytes: Int?

  public init(name: String, bytes: Int, digest: String, payloadDigest: String = "", payloadBytes: Int? = nil) {
    self.name = name
    self.bytes = bytes
    self.digest = digest
    self.payloadDigest = payloadDigest
    self.payloadBytes = payloadBytes
  }
}

/// The earlier delivery that a duplicate repeats.
public struct ReceiptEarlier: Sendable, Hashable {
  public var batch: Int64
  public var name: String
  public var imported: TimeStamp?
  public init(batch: Int64, name: String, imported: TimeStamp? = nil) {
    self.batch = batch
    self.name = name
    self.imported = imported
  }
}
