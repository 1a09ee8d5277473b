import SpotCheckModel

/// What a manifest or a done file says about a delivery; nil where it says nothing.
public struct DeclaredContent: Sendable, Hashable {
  public var bytes: Int?
  /// SHA-256 in hex, of either case.
  public var digest: String?
  /// Rows that carry a record.
  public var rows: Int?

  public init(bytes: Int? = nil, digest: String? = nil, rows: Int? = nil) {
    self.bytes = bytes
    self.digest = digest
    self.rows = rows
  }

  /// The bytes against what was said about them; nil if they agree.
  func mismatch(bytes found: Int, digest hash: String) -> Diagnostic? {
    if let bytes, bytes != found {
      return Diagnostic(
        .manifestMismatch, at: .file, "\(found) bytes; the manifest says \(bytes)",
        zh: "文件 \(found) 字节，清单所列为 \(bytes) 字节")
    }
    if let digest, digest.lowercased() != hash {
      return Diagnostic(
        .manifestMismatch, at: .file, "SHA-256 \(hash); the manifest says \(digest.lowercased())",
        zh: "文件 SHA-256 为 \(hash)，清单所列为 \(digest.lowercased())")
    }
    return nil
  }

  /// The rows against what was said about them; nil if they agree.
  func mismatch(rows accounts: RowAccounts) -> Diagnostic? {
    let found = accounts.read - accounts.blank
    guard let rows, rows != found else { return nil }
    return Diagnostic(
      .manifestRowCount, at: .file, "\(found) rows; the manifest says \(rows)",
      zh: "文件有 \(found) 行数据，清单所列为 \(rows) 行")
  }
}
