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

let package = Package(
  name: "SpotCheck",
  platforms: [.macOS("26.0")],
  products: [
  ],
  dependencies: [
  ],
  targets: [
    // Words: the vocabulary of the domain, the chunks that cross doors, the diagnostics.
    .target(name: "SpotCheckModel", swiftSettings: safe),
    // Numbers in, numbers out: intervals, exact tests, multiplicity, control charts.
    .target(name: "SpotCheckStatistics", swiftSettings: safe),
    .testTarget(name: "SpotCheckModelTests", dependencies: ["SpotCheckModel"], swiftSettings: strict),
    .testTarget(
      name: "SpotCheckStatisticsTests", dependencies: ["SpotCheckStatistics"], exclude: ["Fixtures"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
