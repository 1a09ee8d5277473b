public import SpotCheckCatalogue
import SpotCheckCuration
public import SpotCheckModel
import SpotCheckReading
public import SpotCheckStore
import SpotCheckSystem

/// What an import of a file would do, and what the file looks like.
public struct FileDiagnosis: Sendable {
  public var path: String
  public var fileBytes = 0
  public var fileDigest = ""
  public var payloadBytes = 0
  public var format = ""
  public var isCompressed = false
  public var encoding = ""
  /// Column separator; empty for XML.
  public var dialect = ""
  /// `pipeline/layout`; empty: none fits.
  public var layout = ""
  public var headerLine = 0
  public var columns: [ColumnProfile] = []
  /// What would become of it.
  public var state = BatchState.refused
  public var refusal: Diagnostic?
  /// The batch that it repeats.
  public var duplicateOf: StoredBatch?
  public var accounts = RowAccounts()
  public var samples = 0
  public var items = 0
  /// Samples of the store that it would take the place of.
  public var superseded = 0
  public var counts: [DiagnosticCode: Int] = [:]
  /// In order of the file.
  public var diagnostics: [Diagnostic] = []
  public var unmapped: [UnmappedRecord] = []

  /// Nothing is refused.
  public var isClean: Bool { state != .refused && accounts.rejected == 0 }
}

/// Examines a file as an import would, in a scratch folder: no store is changed.
public struct FileDoctor {
  private let library: PipelineLibrary
  private let options: ImportOptions
  private let scratch: String

  /// - Parameter scratch: an empty folder of the caller's, who removes it.
  public init(library: PipelineLibrary, options: ImportOptions = ImportOptions(), scratch: String) {
    self.library = library
    self.options = options
    self.scratch = scratch
  }

  /// - Parameters:
  ///   - store: which files it would repeat, and which samples supersede; nil: an empty one.
  /// - Throws: ``ImportError`` (`pipeline`), ``CatalogueError``, ``StoreError``, ``SystemError``.
  public func examine(_ path: String, store: (layout: StoreLayout, catalogue: Catalogue)? = nil) throws
    -> FileDiagnosis
  {
    let layout = StoreLayout(root: PathText.join(scratch, "store"))
    try layout.createFolders()
    let catalogue = try store?.catalogue ?? Catalogue.create(path: layout.catalogue)
    let memory = try StoreMemory(catalogue, layout: store?.layout ?? layout)
    let chosen = try options.pipeline.map { try ImportRun.find($0, in: library) }
    let preparer = FilePreparer(library: library, chosen: chosen, options: options, layout: layout, runID: nil)
    var file = try preparer.prepare(Delivery(path: path, name: PathText.name(of: path)))
    var diagnosis = FileDiagnosis(path: path)
    try decide(&file, &diagnosis, catalogue, memory, layout)
    diagnosis.fileBytes = file.batch.fileBytes
    diagnosis.fileDigest = file.batch.fileDigest
    diagnosis.payloadBytes = file.batch.payloadBytes
    diagnosis.layout = file.layoutName
    diagnosis.counts = file.report.counts
    diagnosis.diagnostics = file.report.diagnostics + file.rejects.flatMap(\.diagnostics)
    diagnosis.diagnostics.sort { $0.position.byteOffset < $1.position.byteOffset }
    diagnosis.unmapped = file.unmapped
    diagnosis.accounts = file.report.accounts
    try profile(path, file.layoutName, &diagnosis)
    return diagnosis
  }

  /// The same questions in the same order as an import.
  private func decide(
    _ file: inout PreparedFile, _ diagnosis: inout FileDiagnosis, _ catalogue: Catalogue, _ memory: StoreMemory,
    _ layout: StoreLayout
  ) throws {
    func repeats(_ earlier: StoredBatch, _ code: DiagnosticCode) {
      file.report = CurationReport()
      file.report.add(Diagnostic(code, at: .file, "imported before as \(earlier.record.name) (batch \(earlier.id))"))
      file.rejects = []
      diagnosis.state = .duplicate
      diagnosis.duplicateOf = earlier
    }
    func refuse(_ reason: Diagnostic) {
      file.report.refuse(reason)
      diagnosis.state = .refused
      diagnosis.refusal = reason
    }
    if !file.batch.fileDigest.isEmpty, let earlier = try catalogue.acceptedBatch(fileDigest: file.batch.fileDigest) {
      return repeats(earlier, .fileDuplicate)
    }
    switch file.finding {
    case .refused(let reason): return refuse(reason)
    case .known, .unread: return
    case .acceptable(let plan):
      if let earlier = try catalogue.acceptedBatch(payloadDigest: file.batch.payloadDigest) {
        return repeats(earlier, .fileDuplicatePayload)
      }
      let resolver = VersionResolver(memory: memory, layout: layout, mergesRows: plan.curation.shape == .items)
      let resolution = try resolver.resolve(file.segments)
      if let split = resolution.split { return refuse(split) }
      for conflict in resolution.conflicts { file.report.add(conflict) }
      file.report.accounts.accepted -= resolution.duplicateRows
      file.report.accounts.duplicate += resolution.duplicateRows
      diagnosis.state = .accepted
      diagnosis.samples = file.samples
      diagnosis.items = file.items
      diagnosis.superseded = resolution.supersededEarlier
    }
  }

  private func profile(_ path: String, _ layoutName: String, _ diagnosis: inout FileDiagnosis) throws {
    let plan = library.plans.flatMap(\.layouts).first { $0.fullName == layoutName }
    // A file that cannot be opened has no columns.
    guard let source = try? FileSource(path) else { return }
    var head = TextStream(
      PayloadStream(source, name: path, limits: options.limits), label: "auto", limits: options.limits)
    let format = FormatSniffer.format(of: try head.head())
    diagnosis.format = format.rawValue
    let profile = try FileProfile(path, name: path, format: format, layout: plan, limits: options.limits)
    diagnosis.isCompressed = profile.isCompressed
    diagnosis.encoding = profile.encoding
    diagnosis.dialect = profile.dialect
    diagnosis.headerLine = profile.headerLine
    diagnosis.columns = profile.columns
  }
}
