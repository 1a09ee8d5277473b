import SpotCheck

/// What people write and deliver: pipelines, code tables, targets, and files read by the shipped pipelines.
enum PipelineTargets {
  /// The shipped library; the process runs in the repository, or is told where that is.
  static let library: PipelineLibrary = {
    let root = Machine.environment("SPOTCHECK_REPOSITORY") ?? "."
    guard let library = try? PipelineLibrary.load(folder: root + "/pipelines"), !library.plans.isEmpty else {
      fatalError("no pipelines in \(root); set SPOTCHECK_REPOSITORY")
    }
    return library
  }()
  private static let layouts = library.plans.flatMap(\.layouts)

  /// Bytes through reading and curation by one of the shipped layouts.
  static func delivery(_ bytes: [UInt8], _ choice: UInt8) {
    let layout = layouts[Int(choice) % layouts.count]
    var limits = ReadingLimits()
    limits.gzipOutputBytes = 1 << 20
    var reader = DeliveryReader(MemorySource(bytes), name: "f", layout: layout, limits: limits)
    var tables = TablePair()
    var report = CurationReport()
    var delivered = 0
    func count() { delivered += tables.samples.deliveredRows.reduce(0) { $0 + Int($1) } }
    while (try? reader.step(into: &tables, report: &report)) == true {
      if choice >= 128, reader.canSeal {
        reader.prepareSeal(&tables, report: &report)
        count()
        tables = TablePair()
        reader.didSeal()
      }
    }
    count()
    guard report.fatal == nil else { return }
    FuzzTarget.require(report.accounts.isBalanced, "rows add up: \(report.accounts)")
    FuzzTarget.require(delivered == report.accounts.accepted, "samples are made of all accepted rows")
    FuzzTarget.require(report.rejects.count == report.accounts.rejected, "every rejected row has its reasons")
  }

  static func pipeline(_ bytes: [UInt8], _ choice: UInt8) {
    if choice & 1 != 0 {
      _ = PipelineTestFile(bytes, file: "fuzz.test.yaml", library: library)
      return
    }
    let compilation = PipelineCompiler.compile(bytes, file: "fuzz.yaml", tables: library.tables)
    FuzzTarget.require(compilation.plan != nil || compilation.hasErrors, "a pipeline is a plan, or has an error")
    guard let plan = compilation.plan, !compilation.hasErrors else { return }
    FuzzTarget.require(!PipelineExplainer.explain(plan).isEmpty, "a plan can be explained")
    // A plan that compiles must also run.
    let delivery = Array("抽样编号,样品名称,检验结果\r\nA-1,白菜,合格\r\nA-1,白菜,不合格\r\n".utf8)
    for layout in plan.layouts {
      var reader = DeliveryReader(MemorySource(delivery), name: "f", layout: layout)
      var tables = TablePair()
      var report = CurationReport()
      while (try? reader.step(into: &tables, report: &report)) == true {}
    }
  }

  static func codeTable(_ bytes: [UInt8], _ choice: UInt8) {
    let names = library.tables.names + ["units", "unknown"]
    let name = names[Int(choice) % names.count]
    let set = CodeTableSet(files: [(name + ".csv", bytes)], folder: "")
    guard let table = set.tables[name]?.table else { return }
    let encoded = CodeTableText.encode(table)
    let decoded = CodeTableText.decode(encoded, name: name).map(CodeTableText.encode)
    FuzzTarget.require(decoded == encoded, "a table survives the catalogue")
  }

  static func targets(_ bytes: [UInt8]) {
    let file = TargetRegisterFile(
      bytes, file: "targets.yaml", bureaus: library.tables.tables["bureaus"]?.table,
      filterCheck: { Filter.fault(ofSampleFilter: $0) })
    FuzzTarget.require(!file.hasErrors || file.register == .empty, "a register with errors is empty")
  }
}
