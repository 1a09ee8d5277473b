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
  /// What the bytes of a private copy are, if whoever made it has looked: they are not read for it again.
  public var identity: FileDigest?
  /// Where it is kept already, relative to the store; empty: that is to be decided.
  var keptPlace = ""

  public init(path: String, origin: String? = nil, name: String? = nil, id: String? = nil) {
    self.path = path
    self.origin = origin ?? path
    self.name = name ?? String(path.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
    self.id = id
  }
}
