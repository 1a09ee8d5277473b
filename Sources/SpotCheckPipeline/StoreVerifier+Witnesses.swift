import SpotCheckCatalogue
import SpotCheckDigest
import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem

/// What stands outside the catalogue and was written only after the catalogue had recorded it: kept files, and receipts
/// with the journal's head in them. A catalogue that knows nothing of one of them has lost what it knew: it was put back
/// from a copy, or its write-ahead log was cut, and its answers are those of an earlier day.
extension StoreVerifier {
  /// - Precondition: the witnesses were listed before the catalogue is asked, so that a run that is at work cannot make one
  ///   that the catalogue did not know yet.
  mutating func hear(_ witnesses: Witnesses) throws {
    let records = try catalogue.batches().map(\.record)
    let places = Set(records.map(\.place))
    let digests = Set(records.map(\.fileDigest))
    for place in witnesses.keptFiles where !places.contains(place) {
      let digest = try? FileDigest(of: layout.path(of: place)).digest.hex
      if let digest, digests.contains(digest) {
        note("\(place): kept once more, under a name that no batch has")
      } else {
        expect(false, "\(place): it is kept, and no batch mentions it. \(StoreVerifier.adviceForLoss)")
      }
    }
    let heads = try catalogue.journalHashes()
    for receipt in witnesses.receipts where heads[receipt.head] == nil {
      expect(
        false,
        "\(receipt.place): it was written after the journal's entry \(receipt.head), which is not there. "
          + StoreVerifier.adviceForLoss)
    }
    guard sealKey != nil else { return }
    // From the first sealed receipt on, all are: a seal cannot be made to go by taking it off.
    let firstSealed = witnesses.receipts.filter { $0.seal == .genuine }.compactMap { heads[$0.head] }.min() ?? .max
    for receipt in witnesses.receipts {
      switch receipt.seal {
      case .genuine: outcome.sealedReceipts += 1
      case .forged:
        expect(false, "\(receipt.place): its seal is not genuine: it was changed, or sealed with another key")
      case .absent:
        expect(
          (heads[receipt.head] ?? 0) < firstSealed, "\(receipt.place): it has no seal, and earlier receipts have one")
      }
    }
  }

  static let adviceForLoss =
    "The catalogue is older than the store: restore a backup, or run 'spotcheck store rebuild --from-archive'"

  struct Witnesses {
    /// Relative to the store, in order.
    var keptFiles: [String] = []
    var receipts: [Receipt] = []

    struct Receipt {
      /// Relative to the store.
      var place: String
      /// The journal's head when it was written.
      var head: String
      var seal: ReceiptSeal.Finding
    }

    /// A receipt is far smaller.
    private static let receiptLimit = 4 << 20

    private let key: SealKey?

    init(_ layout: StoreLayout, _ key: SealKey?) throws {
      self.key = key
      try list("archive", depth: 3, layout)
      try list("quarantine", depth: 2, layout)
      guard try FileSystem.exists(layout.receipts) else { return }
      for folder in try FileSystem.list(layout.receipts) where folder.status.kind == .folder {
        try listReceipts(PathText.join("receipts", folder.name), layout)
      }
    }

    private mutating func list(_ folder: String, depth: Int, _ layout: StoreLayout) throws {
      guard try FileSystem.exists(layout.path(of: folder)) else { return }
      for entry in try FileSystem.list(layout.path(of: folder)) where !DurableWriter.isTemporary(entry.name) {
        let place = PathText.join(folder, entry.name)
        if entry.status.kind == .folder, depth > 0 {
          try list(place, depth: depth - 1, layout)
        } else if entry.status.kind == .regular, depth == 0, !Witnesses.isBeside(entry.name) {
          keptFiles.append(place)
        }
      }
    }

    /// Done files, reasons and manifests are kept beside deliveries, and no batch is made of them. A delivery that is
    /// called like one is not a witness.
    private static func isBeside(_ name: String) -> Bool {
      name.hasSuffix(StoreLayout.reasonSuffix) || name.hasSuffix(StoreLayout.doneSuffix)
        || name.hasSuffix("-" + StoreLayout.manifestName)
    }

    private mutating func listReceipts(_ folder: String, _ layout: StoreLayout) throws {
      let suffix = StoreLayout.ReceiptFile.json.rawValue
      for name in try FileSystem.names(in: layout.path(of: folder)).sorted()
      where name.hasSuffix(suffix) && !name.hasSuffix(StoreLayout.ReceiptFile.received.rawValue) {
        let place = PathText.join(folder, name)
        // What is no receipt, or not a whole one, says nothing.
        guard let bytes = try? InputFile.contents(of: layout.path(of: place), limit: Witnesses.receiptLimit),
          let receipt = try? JSONReader.read(String(decoding: bytes, as: UTF8.self)).first,
          let head = receipt["journal_head"]?.text
        else { continue }
        receipts.append(
          Receipt(place: place, head: head, seal: key.map { ReceiptSeal.check(bytes, $0) } ?? .absent))
      }
    }
  }
}
