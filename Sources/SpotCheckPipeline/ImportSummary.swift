public import SpotCheckCatalogue
public import SpotCheckModel

/// What became of one delivered file.
public struct FileOutcome: Sendable {
  public var path: String
  public var state: BatchState
  /// `pipeline/layout`, empty if none was found.
  public var layout = ""
  public var accounts = RowAccounts()
  public var samples = 0
  public var items = 0
  /// Where the samples that count went; empty unless the file was accepted.
  public var sampleAccounts = SampleAccounts()
  /// Sample rows of earlier batches that this file superseded.
  public var superseded = 0
  public var counts: [DiagnosticCode: Int] = [:]
  /// Why a refused file was refused.
  public var refusal: Diagnostic?
  /// Kept diagnostics, for printing; capped per code.
  public var diagnostics: [Diagnostic] = []
  public var snapshot: SnapshotNumber?
  public var payloadBytes = 0
  public var seconds = 0.0
  public var fileDigest = ""
  public var payloadDigest = ""
  public var fileBytes = 0
  public var bureau = ""
  /// The batch that the file was recorded as.
  public var batch: BatchID?
  /// The batch that it repeats.
  public var duplicateOf: StoredBatch?
  /// Where it is to be kept, relative to the store; empty if it is left where it lies.
  public var place = ""

  public init(path: String, state: BatchState) {
    self.path = path
    self.state = state
  }
}

/// What became of all files of a run.
public struct ImportSummary: Sendable {
  public var files: [FileOutcome] = []
  public var seconds = 0.0
  public init() {}

  public var accounts: RowAccounts {
    files.reduce(into: RowAccounts()) { $0.add($1.accounts) }
  }
  public func count(_ state: BatchState) -> Int { files.count { $0.state == state } }
  /// Rejected rows by the code that decided.
  public var counts: [DiagnosticCode: Int] {
    files.reduce(into: [:]) { $0.merge($1.counts, uniquingKeysWith: +) }
  }
  /// Everything that was delivered counts.
  public var isClean: Bool { count(.refused) == 0 && accounts.rejected == 0 }
}

/// How far an import is, for a progress line.
public struct ImportProgress: Sendable {
  public var fileIndex: Int
  public var fileCount: Int
  public var path: String
  public var rows: Int
  /// Bytes of the delivered file that have been read, and its size.
  public var bytesRead: Int
  public var bytesTotal: Int

  public init(fileIndex: Int, fileCount: Int, path: String, rows: Int, bytesRead: Int, bytesTotal: Int) {
    self.fileIndex = fileIndex
    self.fileCount = fileCount
    self.path = path
    self.rows = rows
    self.bytesRead = bytesRead
    self.bytesTotal = bytesTotal
  }

  /// Hooks that tell of one file of several.
  public static func hooks(
    file index: Int, of paths: [String], _ tell: ((ImportProgress) -> Void)?
  ) -> TakeHooks {
    TakeHooks(progress: { rows, read, total in
      tell?(
        ImportProgress(
          fileIndex: index, fileCount: paths.count, path: paths[index], rows: rows, bytesRead: read, bytesTotal: total))
    })
  }
}
