import Foundation
import SpotCheck
import SpotCheckTestSupport
import Testing

/// What bash offers after the tab key, asked of bash itself with the script that `make install` installs.
@Suite(
  "Completions",
  .enabled(
    if: FileManager.default.fileExists(atPath: Program.path) && FileManager.default.fileExists(atPath: "/bin/bash")))
struct CompletionTests {
  /// The words offered for a command line.
  private func offered(_ line: String, store: String) throws -> [String] {
    let script = """
      source <("$PROGRAM" --generate-completion-script bash)
      q="'"; COMP_LINE="$1"; COMP_POINT=${#COMP_LINE}; COMP_WORDS=(${1%%"$q"*})
      if [[ "$1" == *"$q"* ]]; then COMP_WORDS+=("$q${1#*"$q"}")
      elif [[ "$1" == *" " ]]; then COMP_WORDS+=(""); fi
      COMP_CWORD=$((${#COMP_WORDS[@]}-1)); COMPREPLY=()
      word="${COMP_WORDS[COMP_CWORD]}"
      _spotcheck spotcheck "${word#"$q"}" "${COMP_WORDS[COMP_CWORD-1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/bash")
    shell.arguments = ["--norc", "-c", script, "bash", line]
    let folder = PathText.folder(of: Program.path)
    shell.environment = [
      "PROGRAM": Program.path, "PATH": folder + ":/usr/bin:/bin", "SPOTCHECK_STORE": store,
      "SPOTCHECK_PIPELINES": Program.pipelines,
    ]
    let pipe = Pipe()
    (shell.standardOutput, shell.standardError, shell.standardInput) = (
      pipe, FileHandle.nullDevice, FileHandle.nullDevice
    )
    try shell.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    shell.waitUntilExit()
    return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// zsh itself, at a terminal: what stands on its line after the tab key.
  @Test(
    .enabled(
      if: ["/usr/bin/zsh", PseudoTerminal.controller].allSatisfy { FileManager.default.fileExists(atPath: $0) }))
  func zshCompletesInsideOfAQuote() throws {
    let store = try ScratchStore()
    _ = try store.importFiles([Repository.path("samples/deliveries/lcj-2023Q1.csv.gz")])
    let script = try Program.run(["--generate-completion-script", "zsh"]).output
    _ = try store.file("_spotcheck", Array(script.utf8))
    let terminal = try PseudoTerminal(
      ["-f", "-i"],
      environment: [
        "PATH": PathText.folder(of: Program.path) + ":/usr/bin:/bin", "LC_ALL": "C.UTF-8",
        "SPOTCHECK_STORE": store.root,
        "HOME": store.folder,
      ], controlled: "/usr/bin/zsh")
    terminal.type(
      "fpath=('\(store.folder)' $fpath); autoload -U compinit; compinit -u -D; LISTMAX=999; PS1=''; "
        + "show() { print -r - \"<<$BUFFER>>\"; zle kill-buffer }; zle -N show; bindkey '^O' show; "
        + "print ready$((1+1))\n")
    #expect(terminal.wait(for: "ready2") != nil)
    func line(_ typed: String) throws -> Substring {
      terminal.type(typed + "\t")
      // The tab is at work; what is typed meanwhile waits.
      terminal.type("\u{0F}")
      let shown = try #require(terminal.wait(for: "<<") == nil ? nil : terminal.wait(for: ">>"))
      return shown.dropLast(2)
    }
    for (typed, completed) in [
      ("spotcheck rate --where 'district = 城东", "spotcheck rate --where 'district = 城东区' "),
      ("spotcheck rate --where 'district = 城", "spotcheck rate --where 'district = 城"),
      ("spotcheck rate --where \"verdict = 合", "spotcheck rate --where \"verdict = 合格\" "),
      // A filter that is none yet keeps its quote open.
      (
        "spotcheck list samples --where 'year = 2023 and purp",
        "spotcheck list samples --where 'year = 2023 and purpose "
      ),
      ("spotcheck rate --where 'category:1 = 农产", "spotcheck rate --where 'category:1 = 农产品' "),
      ("spotcheck rate --by category:1,dis", "spotcheck rate --by category:1,district "),
      ("spotcheck rate --as-of v", "spotcheck rate --as-of v1 "),
    ] { #expect(try line(typed) == completed) }
    terminal.type("exit\n")
    #expect(terminal.end() == 0)
  }

  @Test func namesComeFromTheStoreAndTheProgram() throws {
    let store = try ScratchStore()
    _ = try store.importFiles([Repository.path("samples/deliveries/lcj-2023Q1.csv.gz")])
    #expect(try Program.run(["store", "tag", "--store", store.root, "半年报"]).status == 0)
    func offers(_ line: String) throws -> [String] { try offered(line, store: store.root) }
    #expect(try offers("spotcheck rate --as-of ") == ["半年报", "v1"])
    #expect(try offers("spotcheck diff v") == ["v1"])
    #expect(try offers("spotcheck rate --by cat") == ["category"])
    #expect(try offers("spotcheck rate --by category,dis") == ["category,district"])
    #expect(try offers("spotcheck ask dis") == ["district-year"])
    #expect(try offers("spotcheck rate --chart f") == ["funnel"])
    #expect(try offers("spotcheck rate --format x") == ["xlsx"])
    // Inside of a filter, behind the quote that the shell keeps to itself.
    #expect(try offers("spotcheck rate --where dist") == ["district"])
    #expect(
      try offers("spotcheck rate --where 'district = 城") == [
        "district = 城东区", "district = 城中区", "district = 城西区", "district = 城北区",
      ])
    #expect(
      try offers("spotcheck list samples --where 'year = 2023 and verdict = 合") == ["year = 2023 and verdict = 合格"])
    #expect(try offered("spotcheck rate --where 'verdict = 合", store: "/nowhere") == ["verdict = 合格"])
    #expect(try offered("spotcheck rate --where 'district = 城", store: "/nowhere").isEmpty)
    // No store, no pipelines: nothing is offered, and nothing fails.
    #expect(try offered("spotcheck rate --as-of ", store: "/nowhere").isEmpty)
    #expect(try offers("spotcheck ask --pipelines /nowhere ").isEmpty)
  }
}
