/// One file to be imported: where its bytes stand now, and how it came.
public struct Delivery: Sendable, Hashable {
  /// Where the bytes are read.
  public var path: String
  /// The path that it came by, with its folders: what pipelines are matched against, and what people are told.
  public var origin: String
  /// The name as delivered, without folders.
  public var name: String
  /// `<run>-<number>`, kept over retries; nil for a file that is read where it lies and not kept.
  public var id: String?
  /// The folder of the inbox that it was dropped into; empty if it came another way.
  public var folder = ""
  /// Only pipelines of this bureau may read it; nil: all.
  public var bureau: String?
  /// The day in whose folder it will be kept, as `yyyy-MM-dd`; empty: it is not kept.
  public var day = ""
  /// What came with it says that it holds this; a file that holds something else is refused.
  public var declared: DeclaredContent?
  /// Nobody else can write to the bytes: a copy of our own, which is not hashed again after it was read.
  public var isPrivate = false

  public init(path: String, origin: String? = nil, name: String? = nil, id: String? = nil) {
    self.path = path
    self.origin = origin ?? path
    self.name = name ?? String(path.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
    self.id = id
  }
}

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
}
