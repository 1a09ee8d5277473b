import Foundation
import SpotCheck
import SpotCheckTestSupport

/// Everything that a store holds after passes, without what depends on when and in how many runs it was done: names of
/// runs and deliveries, numbers of batches and snapshots, attempts.
struct FinalTree: Equatable {
  /// Path and content of every file that people look at.
  var files: [String: String] = [:]
  /// Every file that was recorded, and what its rows came to.
  var batches: [String] = []
  /// Numbers of the answer.
  var answer: [String] = []

  init(_ inbox: InboxStore) throws {
    for path in try inbox.files("inbox", "processing", "archive", "quarantine", "receipts", "segments") {
      let bytes = try inbox.contents(path)
      let isText = path.hasPrefix("receipts/") || path.hasSuffix(StoreLayout.reasonSuffix)
      files[FinalTree.neutral(path)] =
        isText ? FinalTree.neutral(String(decoding: bytes, as: UTF8.self)) : "\(bytes.count) \(bytes.hashValue)"
    }
    batches = try inbox.batches().map { batch in
      let record = batch.record
      let rows = record.accounts
      let blank = rows.blankByKind.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      return "\(record.name) \(record.folder) \(record.state) \(record.place) \(rows.read) \(rows.accepted) "
        + "\(rows.rejected) \(rows.duplicate) \(rows.blank) \(blank) "
        + "\(record.samples) \(record.items) \(record.refusalCode)"
    }.sorted()
    let result = try inbox.store.rate("bureau,category:1,district")
    answer = result.rows.map { "\($0.codes) \($0.counts)" }
  }

  private static func neutral(_ text: String) -> String {
    var text = text.replacing(/r\d+-\d+(-\d+)?-\d{6}/, with: "DELIVERY").replacing(/r\d{10,}-\d+(-\d+)?/, with: "RUN")
    text.replace(/"(batch|snapshot|attempt)": ?\d+/, with: "NUMBER")
    text.replace(/"journal_head": ?"[0-9a-f]*"/, with: "HEAD")
    text.replace(/批号\s*\d+(，快照 \d+)?/, with: "NUMBER")
    text.replace(/（第 \d+ 次处理）/, with: "")
    return text.replacing(/[0-9a-f]{64}/, with: "DIGEST")
  }

  /// What differs, for messages.
  func difference(_ other: FinalTree) -> String {
    var lines: [String] = []
    for path in Set(files.keys).union(other.files.keys).sorted() where files[path] != other.files[path] {
      lines.append("\(path): \(files[path] ?? "missing") | \(other.files[path] ?? "missing")")
    }
    if batches != other.batches { lines.append("\(batches) | \(other.batches)") }
    if answer != other.answer { lines.append("\(answer) | \(other.answer)") }
    return lines.joined(separator: "\n")
  }
}
