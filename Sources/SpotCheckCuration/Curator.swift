public import SpotCheckModel
import Synchronization

/// Turns the raw records of one file into samples and items, or rejects with reasons. One per file.
///
///     chunk ─► framing (title, header, section, footer, record?) ─► fields (each distinct text read once)
///           ─► sample of the row (by number) ─► items, judged ─► tables
///
/// Every row of every chunk is counted exactly once in ``CurationReport/accounts``. A row is refused as a whole, with
/// all its problems; nothing that was delivered is changed silently.
///
/// To seal a segment between two chunks: ``prepareSeal(_:report:)``, write the tables, hand in an empty pair and call
/// ``didSeal()``. The last sample may still be open then (its next row may stand in the next chunk); it is held back
/// and put into the next tables.
/// Not copyable: a copy of its many tables for the sake of one field would cost more than reading a row.
public struct Curator: ~Copyable, Sendable {
  /// Stands in the column `batch` until the digest of the file is known.
  public static let batchPlaceholder = String(repeating: "0", count: 64)

  /// Keeps the curator where it is. A method that only reads gets a struct of plain fields as a copy on the stack, nearly
  /// three kilobytes of it, several times a row; a struct that holds an atomic is passed by its address.
  private let anchor = Atomic(false)

  /// Blank rows that are reported with their place; further ones are counted.
  static let placedBlankRows = 20

  public let plan: CurationPlan
  /// SHA-256 of the delivered file in hex. If it becomes known only at the end, see ``setBatch(_:in:)``.
  public var batch = Curator.batchPlaceholder {
    didSet { fixedWords[SampleText.batch.rawValue].number = -1 }
  }

  /// What the last record row belonged to.
  enum Current: Sendable, Equatable {
    case none
    case sample(Int)
    /// A record that was refused: its continuation rows are refused too.
    case lost
  }

  /// A word that most samples share, and its code.
  struct FixedWord: Sendable {
    /// Which of the column's words; -1: none yet.
    var number = -1
    var code: UInt32 = 0
  }

  var interpreter: Interpreter
  var framing = Framing()
  var scan = RowScan()
  var open = OpenSamples()
  var codes: CodeMapping
  var judging = Judging()
  var templates = ItemTemplates()
  var rows = SampleRows()
  /// By slot: the samples column that holds the field's text, or -1.
  let sampleColumns = FieldTarget.allCases.sorted { $0.slot < $1.slot }.map { $0.sampleColumn?.rawValue ?? -1 }
  var current = Current.none
  var held: HeldSample?
  /// Every sample already sealed: who it is, and what was delivered about it.
  var sealed = SealedSamples()
  /// The file is refused; what follows is only counted.
  var isRefused = false
  /// Set to an empty one to learn what each row was taken for.
  public var trace: RowTrace?

  /// Leaves the columns of item rows to whoever seals the tables: see ``swapItemRows(_:)``.
  public var leavesItemColumns = false

  var headerGroups: [[String]]
  var titleLines: [Int] = []
  var rowsAboveHeader = 0
  var closestMissing: [[String]]?
  var reportedUnknown: Set<String> = []
  var sampleSlots: [Int] = []
  var itemSlots: [Int] = []
  var requiredSample: [Int] = []
  var requiredItem: [Int] = []
  /// Slots that section rows fill, and what they hold now.
  var isSection: [Bool]
  var wideCodes: [ItemDraft] = []
  var wideLimitsAreOpen = true
  /// Constants of item fields, for items that come in cells or columns of their own.
  var constantItem = ItemDraft()
  /// Scratch of the row loop: the row's items, their hashes, and which of them are new.
  var drafts: [ItemDraft] = []
  var draftHashes: [ItemHashes] = []
  var fresh: [Int] = []
  /// Code of a fixed word in a samples column of the open tables, by column.
  var fixedWords: [FixedWord]
  /// Scratch: the items of a record.
  var nestedItems: [NestedItem] = []
  var problems: [Diagnostic] = []
  var bureauHash: UInt64

  public init(plan: CurationPlan) {
    self.plan = plan
    var names: Set<String> = []
    for field in plan.fields {
      for case .name(let name) in field.sources { names.insert(HeaderNames.normalise(name)) }
    }
    for group in plan.header.required { names.formUnion(group.map { HeaderNames.normalise($0) }) }
    interpreter = Interpreter(plan: plan, headerWords: names)
    codes = CodeMapping(plan: plan, fields: interpreter.fields)
    headerGroups = Framing.requiredGroups(plan, fields: interpreter.fields)
    isSection = Array(repeating: false, count: FieldTarget.slotCount)
    fixedWords = Array(repeating: FixedWord(), count: SampleText.allCases.count)
    let bureau = Array(plan.bureau.utf8)
    bureauHash = ByteDictionary.stableHash(bureau.span, seed: Interpreter.seedLow)
    for rule in plan.rowRules {
      if case .section(let target) = rule.meaning { isSection[target.slot] = true }
    }
    framing.bindRules(plan.rowRules, [], isPath: plan.header.mode == .paths)
    if plan.header.mode == .none { bind([]) }
  }

  /// Curates one chunk.
  /// - Parameters:
  ///   - columnNames: the reader's path table for XML (it may grow from chunk to chunk); ignored for CSV.
  ///   - tables: the open tables; rows are appended.
  public mutating func curate(
    _ chunk: RecordChunk, columnNames: [String], into tables: inout TablePair, report: inout CurationReport
  ) {
    restoreHeld(&tables)
    if plan.header.mode == .paths, columnNames.count != framing.names.count || !framing.isBound { bind(columnNames) }
    scan.startChunk(columnCount: framing.names.count)
    trace?.rows.removeAll(keepingCapacity: true)
    var index = 0
    while index < chunk.rows.count {
      let row = chunk.rows[index]
      if plan.shape == .nested, row.kind != .flat {
        var end = index + 1
        while end < chunk.rows.count, chunk.rows[end].kind == .item { end += 1 }
        nestedGroup(chunk, index..<end, &tables, &report)
        if trace?.rows.count == index { traceGroup(chunk.rows[index..<end], chunk) }
        index = end
      } else {
        flatRow(chunk, row, &tables, &report)
        if trace?.rows.count == index { traceRecord(chunk, row) }
        index += 1
      }
    }
    rows.write(into: &tables.samples)
    if !leavesItemColumns || templates.rows.single.count > ItemRows.mostSingle {
      templates.rows.write(into: &tables.items)
    }
  }

  /// To be called once, after the last chunk: closes every sample. All columns are whole then.
  public mutating func finish(into tables: inout TablePair, report: inout CurationReport) {
    restoreHeld(&tables)
    if plan.header.mode == .named, !framing.isBound, report.accounts.read > 0, !isRefused {
      refuseForHeader(&report)
    }
    close(&tables, &report, isLast: true)
    // Nobody asks for them any more.
    templates.rows.write(into: &tables.items)
    forget()
  }

  /// Whether the tables may be sealed between two chunks (after ``prepareSeal(_:report:)``).
  public var canSeal: Bool { !isRefused && (open.states.count > 1 || !(plan.shape == .items || plan.continuation)) }

  /// Closes the samples of the open tables so that they can be written; the last one is held back if rows of it may
  /// still come.
  public mutating func prepareSeal(_ tables: inout TablePair, report: inout CurationReport) {
    if plan.shape == .items || plan.continuation { holdBack(&tables) }
    close(&tables, &report, isLast: false)
  }

  /// Gives away the item rows that are not in the columns yet, to be written into tables that are closed, and takes empty
  /// ones, for the sake of their memory. To be called before ``didSeal()``.
  public mutating func swapItemRows(_ rows: inout ItemRows) { swap(&rows, &templates.rows) }

  /// The tables were written; the next call brings empty ones.
  public mutating func didSeal() { forget() }

  /// Puts the digest of the delivered file into finished tables.
  public static func setBatch(_ digest: String, in tables: inout TablePair) {
    var column = TextColumn()
    let code = column.dictionary.intern(digest)
    column.codes = Array(repeating: code, count: tables.samples.rowCount)
    tables.samples.text[SampleText.batch.rawValue] = column
  }

  // MARK: Binding

  mutating func bind(_ names: [String]) {
    framing = Framing.bind(names: names, plan: plan, fields: interpreter.fields, units: interpreter.units)
    scan.rowAbove = -1
    scan.mayRepeat = false
    templates.forgetCells()
    framing.findItemRuns(plan, fills: interpreter.fields, isSection: isSection)
    let number = FieldTarget.itemNumber.slot
    framing.findItemNumber(interpreter.fields[number], isSection: isSection[number])
    // A field without a column in this header must not keep the last row's value.
    for slot in scan.codes.indices { (scan.codes[slot], scan.cellOf[slot]) = (0, -1) }
    sampleSlots = []
    itemSlots = []
    requiredSample = []
    requiredItem = []
    for target in FieldTarget.allCases {
      let slot = target.slot
      let field = interpreter.fields[slot]
      let isFilled =
        framing.from[slot + 1] > framing.from[slot] || field.constant != nil || field.fallback != nil || isSection[slot]
      if isFilled { if target.isItemField { itemSlots.append(slot) } else { sampleSlots.append(slot) } }
      if field.required {
        if target.isItemField { requiredItem.append(slot) } else { requiredSample.append(slot) }
      }
    }
    if !requiredSample.contains(FieldTarget.samplingNumber.slot) {
      requiredSample.insert(FieldTarget.samplingNumber.slot, at: 0)
    }
    // The number is always looked at first.
    sampleSlots.removeAll { $0 == FieldTarget.samplingNumber.slot }
    internFixedTexts()
    if plan.header.mode == .paths { findLoneColumns() }
  }

  /// Constants, fallbacks and the analytes of wide columns as codes of the memos.
  mutating func internFixedTexts() {
    for (slot, field) in interpreter.fields.enumerated() {
      // One column alone is read as it stands: there is nothing to join it with.
      scan.isJoined[slot] = (field.isPath || field.join != nil) && !framing.isSingleColumn(slot)
      scan.onlyColumn[slot] =
        framing.isSingleColumn(slot) && plan.header.mode != .paths ? framing.columns[framing.from[slot]] : -1
      scan.fillsDown[slot] = field.fillDown
      scan.constant[slot] = field.constant.map { interpreter.code(slot, $0) } ?? 0
      scan.fallback[slot] = field.fallback.map { interpreter.code(slot, $0) } ?? 0
    }
    constantItem = ItemDraft()
    for field in interpreter.fields where field.target.isItemField {
      constantItem.set(field.target, scan.constant[field.target.slot])
    }
    wideCodes = framing.wide.map { column in
      var draft = ItemDraft()
      draft.analyte = interpreter.code(FieldTarget.analyte.slot, column.analyte)
      draft.valueUnit = interpreter.code(FieldTarget.valueUnit.slot, column.unit)
      draft.limit = interpreter.code(FieldTarget.limit.slot, column.limit)
      return draft
    }
    wideLimitsAreOpen = plan.wide?.limitRow != nil
  }

  /// Starts anew with empty tables: every memo holds codes of the tables that are gone.
  mutating func forget() {
    let filled = scan.filled.indices.map { interpreter.memos[$0].dictionary.string(scan.filled[$0]) }
    let sections = scan.sections.indices.map { interpreter.memos[$0].dictionary.string(scan.sections[$0]) }
    let limits = wideCodes.map { interpreter.memos[FieldTarget.limit.slot].dictionary.string($0.limit) }
    interpreter.forget()
    codes.forget()
    judging.removeAll()
    templates.forget()
    rows.removeAll()
    fixedWords = Array(repeating: FixedWord(), count: fixedWords.count)
    open.removeAll()
    current = .none
    scan.forget()
    let wereOpen = wideLimitsAreOpen
    internFixedTexts()
    wideLimitsAreOpen = wereOpen
    for slot in 0..<FieldTarget.slotCount {
      scan.filled[slot] = interpreter.code(slot, filled[slot])
      scan.sections[slot] = interpreter.code(slot, sections[slot])
    }
    for (index, limit) in limits.enumerated() {
      wideCodes[index].limit = interpreter.code(FieldTarget.limit.slot, limit)
    }
  }
}
