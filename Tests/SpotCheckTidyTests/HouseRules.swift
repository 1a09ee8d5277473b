import Foundation

/// What must hold in the tree, beside what the compiler checks.
enum HouseRules {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The files that may hold unsafe constructs, by room. Adding one is a decision: say in the file why it must be.
  static let unsafeFiles: [String: Set<String>] = [
    "SpotCheckSystem": [
      "ChildConversation", "ChildProcess", "DurableWriter", "FileSystem", "FolderWatch", "InputFile", "Machine",
      "MappedFile", "OpenFolder+Move", "PagerProcess", "ServiceNotifier", "SystemCalls", "Terminal", "Waiting",
    ],
    "SpotCheckDigest": [
      "ContentHasher"
    ],
    "SpotCheckReading": [
      "ByteSource", "CSVDialectDetector", "CSVReader", "EncodingDetector", "FileSource", "GB18030", "GzipHeader",
      "GzipInflater", "Kernels", "PayloadStream", "TextBlock", "TextDecoder", "TextEncoding", "TextStream",
      "XMLByteScan", "XMLCallbacks", "XMLDeclaration", "XMLGuard", "XMLMarks", "XMLPathTable", "XMLPlainNames",
      "XMLPlainReader", "XMLPlainReader+Tags", "XMLPlainReference", "XMLPushParser", "XMLPushParser+Plain",
      "XMLRecordBuilder+Events", "XMLRecordBuilder+Leaf", "XMLRecordBuilder+Rows", "XMLRecordBuilder",
    ],
    "SpotCheckStore": [
      "CodeCounting", "FileSink", "XXH64",
    ],
    "SpotCheckWorkbook": [
      "WorkbookFile"
    ],
    "SpotCheckGenerator": [
      "DeliveryWriter"
    ],
  ]

  /// Constructs that make a file unsafe.
  static let unsafeMarks = [
    "UnsafePointer", "UnsafeMutablePointer", "UnsafeRawPointer", "UnsafeMutableRawPointer", "UnsafeBufferPointer",
    "UnsafeMutableBufferPointer", "UnsafeRawBufferPointer", "UnsafeMutableRawBufferPointer", "withUnsafe",
    "unsafeBitCast", "Unmanaged<", "unsafeUninitializedCapacity", "_unsafeStart", "OpaquePointer",
  ]

  static func swiftFiles(in folder: String) -> [URL] {
    let base = root.appendingPathComponent(folder)
    let names = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)?.allObjects ?? []
    return names.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.sorted { $0.path < $1.path }
  }

  static func text(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }

  /// The file without comments and string literals, roughly: enough to look for words of code.
  static func code(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> Substring in
      guard let comment = line.range(of: "//") else { return line }
      return line[..<comment.lowerBound]
    }.joined(separator: "\n")
  }

  /// Which sibling rooms Package.swift lets a room import.
  static func allowedImports() throws -> [String: Set<String>] {
    let manifest = try text(root.appendingPathComponent("Package.swift"))
    var result: [String: Set<String>] = [:]
    let pattern = /target\(\s*name: "(\w+)"(?:,\s*dependencies: \[([^\]]*)\])?/
    for match in manifest.matches(of: pattern) {
      let names = (match.output.2 ?? "").matches(of: /"(\w+)"/).map { String($0.output.1) }
      result[String(match.output.1)] = Set(names)
    }
    return result
  }
}
