import Foundation
import SpotCheck
import Testing

/// House rules as tests: a rule that nobody runs is a wish.
@Suite struct TidyTests {
  @Test func roomsImportOnlyWhatTheManifestAllows() throws {
    let allowed = try HouseRules.allowedImports()
    #expect(allowed.count > 12)
    for (room, imports) in allowed where room.hasPrefix("SpotCheck") && !room.hasSuffix("Tests") {
      for file in HouseRules.swiftFiles(in: "Sources/\(room)") {
        for match in try HouseRules.text(file).matches(
          of: /(?m)^\s*(?:@\w+ )?(?:public |internal |private )?import (\w+)/)
        {
          let name = String(match.output.1)
          guard name.hasPrefix("SpotCheck") || name.hasPrefix("C") && name != "Crypto" else { continue }
          #expect(imports.contains(name), "\(room)/\(file.lastPathComponent) imports \(name)")
        }
      }
    }
  }

  @Test func unsafeCodeStandsOnlyInTheFilesNamed() throws {
    for room in try HouseRules.allowedImports().keys.sorted()
    where room.hasPrefix("SpotCheck") && !room.hasSuffix("Tests") {
      var found: Set<String> = []
      for file in HouseRules.swiftFiles(in: "Sources/\(room)") {
        let text = try HouseRules.text(file)
        let code = HouseRules.code(text)
        guard HouseRules.unsafeMarks.contains(where: code.contains) else { continue }
        found.insert(file.deletingPathExtension().lastPathComponent)
        let head = text.prefix(600).lowercased()
        #expect(head.contains("unsafe"), "\(room)/\(file.lastPathComponent) does not say on top that it is unsafe")
      }
      #expect(found == HouseRules.unsafeFiles[room] ?? [], "\(room)")
    }
  }

  @Test func everyDiagnosticCodeHasTextsInBothLanguages() {
    for code in DiagnosticCode.allCases {
      let text = code.text
      #expect(!text.title.isEmpty && !text.remedy.isEmpty && !text.titleZh.isEmpty && !text.remedyZh.isEmpty)
      #expect(text.titleZh.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "\(code.rawValue)")
    }
  }

  /// A name that is made from the type's costs every start of the program a tenth of a millisecond a command.
  @Test func everyCommandSaysItsName() throws {
    for file in HouseRules.swiftFiles(in: "Sources/SpotCheckCLI") {
      let text = try HouseRules.text(file)
      for configuration in text.matches(of: /CommandConfiguration\(\s*(\w+)/) {
        #expect(configuration.output.1 == "commandName", "\(file.lastPathComponent)")
      }
    }
  }

  @Test func theDiagnosticsPageIsWhatTheCodesSay() throws {
    let page = HouseRules.root.appendingPathComponent("Sources/SpotCheck/Documentation.docc/Diagnostics.md")
    #expect(try HouseRules.text(page) == DiagnosticReference.markdown, "run make regenerate")
  }

  @Test func everyDocumentationLinkResolves() throws {
    let folder = HouseRules.root.appendingPathComponent("Sources/SpotCheck/Documentation.docc")
    let pages = (FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? [])
      .compactMap { $0 as? URL }.filter { $0.pathExtension == "md" }
    let names = Set(pages.map { $0.deletingPathExtension().lastPathComponent })
    #expect(names.contains("Architecture"))
    for page in pages {
      for match in try HouseRules.text(page).matches(of: /<doc:([^>]+)>/) {
        #expect(names.contains(String(match.output.1)), "\(page.lastPathComponent) links to \(match.output.1)")
      }
    }
  }

  @Test func sourcesStaySmallAndClean() throws {
    for file in HouseRules.swiftFiles(in: "Sources") {
      let text = try HouseRules.text(file)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
      // The table of texts is one concept, however long.
      guard file.lastPathComponent != "DiagnosticText.swift" else { continue }
      #expect(lines <= 520, "\(file.lastPathComponent) has \(lines) lines: did a second concept move in?")
      let code = HouseRules.code(text)
      for word in ["TODO", "FIXME", "try!", " as! ", "fatalError(", "print("] {
        #expect(
          !code.contains(word) || (word == "print(" && code.contains("self.print")),
          "\(file.lastPathComponent): \(word)")
      }
    }
  }
}
