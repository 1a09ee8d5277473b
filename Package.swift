// swift-tools-version: 6.2
// The manifest is the map of the house (design: Documentation.docc/Architecture.md).
// Reading it from top to bottom is following a delivered file from bytes to printed rates.
// What a room may import is what it lists here; `make check` builds with
// `--explicit-target-dependency-import-check error`, so the list cannot be wrong.

import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A room that never touches raw memory: every unsafe construct is a compile error.
let safe: [SwiftSetting] = strict + [.strictMemorySafety()]

/// A room with fenced unsafe files (named in Tests/SpotCheckTidyTests/HouseRules.swift).
let fenced: [SwiftSetting] = strict

/// The rooms behind the facade, for targets that import only the facade. A target is compiled anew when a module that it
/// lists has changed, and a facade that only re-exports never does: without these a changed struct met code that was
/// compiled against its old layout.
let behindTheFacade: [Target.Dependency] = [
  "SpotCheckModel", "SpotCheckStatistics", "SpotCheckAudit", "SpotCheckSystem", "SpotCheckDigest", "SpotCheckReading",
  "SpotCheckCuration", "SpotCheckStore", "SpotCheckCatalogue", "SpotCheckQuery", "SpotCheckReceipts",
  "SpotCheckPipeline", "SpotCheckOperations", "SpotCheckGenerator", "SpotCheckWorkbook", "SpotCheckShell",
]

let package = Package(
  name: "SpotCheck",
  platforms: [.macOS("26.0")],
  products: [
    .executable(name: "spotcheck", targets: ["SpotCheckCLI"]),
    .library(name: "SpotCheck", targets: ["SpotCheck"]),
    // For `make bench` only.
    .executable(name: "spotcheck-bench", targets: ["SpotCheckBench"]),
  ],
  traits: [
    .trait(name: "XLSX", description: "Write Excel workbooks; needs libxlsxwriter-dev (Decisions/0020).")
  ],
  dependencies: [
    // SQLite for the catalogue: the transactions, WAL readers and migrations that we must not write ourselves.
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    // YAML with line and column on every node, which the pipeline diagnostics point at.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    // Command line: help, completions and man pages from one definition.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // SHA-256 with the processor's own instructions: identity of files, payloads and segments.
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    // Words: the vocabulary of the domain, the chunks that cross doors, the diagnostics.
    .target(name: "SpotCheckModel", swiftSettings: safe),
    // Numbers in, numbers out: intervals, exact tests, multiplicity, control charts.
    .target(name: "SpotCheckStatistics", swiftSettings: safe),
    // Published numbers, attacked: sums, rates, shares, changes. Bytes in, findings out; no file is opened.
    .target(
      name: "SpotCheckAudit",
      dependencies: ["SpotCheckModel", "SpotCheckStatistics", .product(name: "Yams", package: "Yams")],
      swiftSettings: safe),

    // System calls: files, mapping, durable writes, locks; errno in words.
    .target(name: "CSystem"),
    .target(name: "SpotCheckSystem", dependencies: ["SpotCheckModel", "CSystem"], swiftSettings: fenced),
    // Content identity: SHA-256. Alone, because its library takes minutes to build and few rooms need it.
    .target(
      name: "SpotCheckDigest",
      dependencies: ["SpotCheckModel", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: fenced),

    // Bytes become raw records with positions.
    .target(name: "CKernels"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .target(
      name: "SpotCheckReading",
      dependencies: ["SpotCheckModel", "SpotCheckSystem", "CKernels", "CZlib", "CLibXML2"],
      swiftSettings: fenced),

    // Raw records become samples and items, or rejects with a reason.
    .target(name: "SpotCheckCuration", dependencies: ["SpotCheckModel"], swiftSettings: safe),

    // Columns become immutable, checksummed Arrow files, and back.
    .target(
      name: "SpotCheckStore",
      dependencies: ["SpotCheckModel", "SpotCheckSystem", "SpotCheckDigest", "CKernels"],
      swiftSettings: fenced),
    // The transactional memory: batches, runs, segments, rejects, versions, snapshots.
    .target(
      name: "SpotCheckCatalogue",
      dependencies: ["SpotCheckModel", "SpotCheckDigest", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: safe),

    // Cells become workbooks, with libxlsxwriter; without the trait it can only say what is missing.
    .systemLibrary(name: "CXLSXWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
    .target(
      name: "SpotCheckWorkbook",
      dependencies: ["SpotCheckSystem", .target(name: "CXLSXWriter", condition: .when(traits: ["XLSX"]))],
      swiftSettings: fenced),

    // Segments become groups, counts, rates and text.
    .target(
      name: "SpotCheckQuery",
      dependencies: [
        "SpotCheckModel", "SpotCheckStatistics", "SpotCheckAudit", "SpotCheckStore", "SpotCheckCatalogue",
        "SpotCheckWorkbook",
      ],
      swiftSettings: safe),

    // pipelines/*.yaml become plans; the import run joins the rooms above.
    .target(
      name: "SpotCheckPipeline",
      dependencies: [
        "SpotCheckModel", "SpotCheckSystem", "SpotCheckDigest", "SpotCheckReading", "SpotCheckCuration",
        "SpotCheckStore", "SpotCheckCatalogue", "SpotCheckReceipts", .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: safe),

    // What goes back to the bureaus and to the people on watch: receipts, run records, metrics, log lines. Values in,
    // bytes out.
    .target(name: "SpotCheckReceipts", dependencies: ["SpotCheckModel"], swiftSettings: safe),

    // Unattended: the inbox, runs by night and by watch, repair.
    .target(
      name: "SpotCheckOperations",
      dependencies: [
        "SpotCheckModel", "SpotCheckStatistics", "SpotCheckSystem", "SpotCheckDigest", "SpotCheckReading",
        "SpotCheckCuration", "SpotCheckStore", "SpotCheckCatalogue", "SpotCheckQuery", "SpotCheckPipeline",
        "SpotCheckReceipts", .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: safe),

    // A session: keys become lines, lines words, words what may run. It knows no terminal, no file and no store.
    .target(name: "SpotCheckShell", dependencies: ["SpotCheckModel"], swiftSettings: safe),

    // Seeded, realistic files of the three bureaus.
    .target(
      name: "SpotCheckGenerator",
      dependencies: ["SpotCheckModel", "SpotCheckSystem", "CZlib"],
      swiftSettings: fenced),

    // One import for users; no code.
    .target(
      name: "SpotCheck",
      dependencies: [
        "SpotCheckModel", "SpotCheckStatistics", "SpotCheckSystem", "SpotCheckDigest", "SpotCheckReading",
        "SpotCheckCuration", "SpotCheckStore", "SpotCheckCatalogue", "SpotCheckQuery", "SpotCheckPipeline",
        "SpotCheckOperations", "SpotCheckGenerator", "SpotCheckAudit", "SpotCheckReceipts", "SpotCheckShell",
      ],
      swiftSettings: strict),
    // Arguments, printing, exit status; no logic.
    .executableTarget(
      name: "SpotCheckCLI",
      dependencies: [
        "SpotCheck", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ] + behindTheFacade,
      swiftSettings: safe),
    // Times the counting of rows from inside; `make bench` builds it, nothing else does.
    .executableTarget(
      name: "SpotCheckBench", dependencies: ["SpotCheck"] + behindTheFacade, swiftSettings: safe),
    // What tests share: seeded numbers, scratch folders, a store made from samples.
    .target(
      name: "SpotCheckTestSupport", dependencies: ["SpotCheck"] + behindTheFacade, path: "Tests/SpotCheckTestSupport",
      swiftSettings: strict),
    .testTarget(name: "SpotCheckModelTests", dependencies: ["SpotCheckModel"], swiftSettings: strict),
    .testTarget(
      name: "SpotCheckStatisticsTests", dependencies: ["SpotCheckStatistics"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(name: "SpotCheckAuditTests", dependencies: ["SpotCheckAudit"], swiftSettings: strict),
    .testTarget(
      name: "SpotCheckSystemTests", dependencies: ["SpotCheckSystem", "SpotCheckModel"], swiftSettings: strict),
    .testTarget(
      name: "SpotCheckReadingTests",
      dependencies: ["SpotCheckReading", "SpotCheckModel", "SpotCheckSystem", "CKernels", "CZlib", "CLibXML2"],
      swiftSettings: strict),
    .testTarget(
      name: "SpotCheckCurationTests", dependencies: ["SpotCheckCuration", "SpotCheckModel"], swiftSettings: strict),
    .testTarget(
      name: "SpotCheckStoreTests",
      dependencies: ["SpotCheckStore", "SpotCheckModel", "SpotCheckSystem", "SpotCheckDigest"],
      exclude: ["arrow_check.py", "smallest-segment.hex"], swiftSettings: strict),
    .testTarget(
      name: "SpotCheckCatalogueTests",
      dependencies: ["SpotCheckCatalogue", "SpotCheckModel", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: strict),
    .testTarget(
      name: "SpotCheckReceiptsTests", dependencies: ["SpotCheckReceipts", "SpotCheckModel"], swiftSettings: strict),
    .testTarget(
      name: "SpotCheckShellTests", dependencies: ["SpotCheckShell", "SpotCheckModel", "SpotCheckTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "SpotCheckQueryTests", dependencies: ["SpotCheck", "SpotCheckTestSupport"] + behindTheFacade,
      exclude: ["read_back.py"], swiftSettings: strict),
    .testTarget(
      name: "SpotCheckPipelineTests", dependencies: ["SpotCheck"] + behindTheFacade, swiftSettings: strict),
    .testTarget(
      name: "SpotCheckOperationsTests",
      dependencies: ["SpotCheck", "SpotCheckTestSupport"] + behindTheFacade,
      swiftSettings: strict),
    .testTarget(name: "SpotCheckTidyTests", dependencies: ["SpotCheck"], swiftSettings: strict),
    .testTarget(
      name: "SpotCheckEndToEndTests", dependencies: ["SpotCheck", "SpotCheckTestSupport"] + behindTheFacade,
      exclude: ["duckdb_rejects.py"], swiftSettings: strict),
    // The fuzzed readers over their corpus; scripts/fuzz.sh builds the same targets with libFuzzer.
    .testTarget(
      name: "SpotCheckFuzzTests", dependencies: ["SpotCheck", "SpotCheckTestSupport"] + behindTheFacade,
      path: "Tests/Fuzz", exclude: ["LibFuzzer.swift", "corpus", "dictionaries"], swiftSettings: strict),
    // Kills, errors, power loss and damage from outside (scripts/torture), a little of each.
    .testTarget(
      name: "SpotCheckTortureTests", dependencies: ["SpotCheck", "SpotCheckTestSupport"] + behindTheFacade,
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
