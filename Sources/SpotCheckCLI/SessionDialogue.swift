import SpotCheck

/// A session at a terminal: prompts, reads lines with the editor, carries them out.
struct SessionDialogue {
  private var session: Session
  private var history: HistoryFile
  private var decoder = KeyDecoder()
  /// Keys that were typed ahead.
  private var keys: [LineKey] = []
  /// The newest snapshot that was spoken of.
  private var announced: String

  init(_ session: Session, history: HistoryFile) {
    self.session = session
    self.session.isDialogue = true
    self.history = history
    announced = session.settings.snapshot
  }

  private enum Input {
    case line(String)
    case abandoned
    case ended
  }

  /// Until somebody leaves, or the terminal goes away.
  mutating func hold() throws {
    let settings = session.settings
    Console.note(
      "spotcheck \(SpotCheckVersion.current), \(DisplayWidth.harmless(settings.store)) at \(settings.snapshot); "
        + "'.help' lists commands, '.quit' leaves")
    announced = session.newestSnapshot() ?? announced
    var text = ""
    while true {
      if text.isEmpty { announceNewSnapshot() }
      let prompt = text.isEmpty ? SessionText.prompt(session.settings) : "... > "
      switch try read(prompt, before: text) {
      case .abandoned: text = ""
      case .ended: return
      case .line(let line):
        text += line
        do throws(ShellWords.Fault) {
          let line = try ShellWords.parse(text)
          history.add(text)
          text = ""
          switch session.carryOut(line) {
          case .done: break
          case .quit: return
          case .showHistory: Console.out(history.lines.map { DisplayWidth.harmless($0) + "\n" }.joined())
          }
        } catch {
          if error == .open {
            text += "\n"
          } else {
            history.add(text)
            text = ""
            _ = session.fail(.usage, SessionScript.message(error))
          }
        }
      }
    }
  }

  /// Once for each snapshot that comes while the session stays at its own.
  private mutating func announceNewSnapshot() {
    guard let newest = session.newestSnapshot(), newest != announced else { return }
    announced = newest
    if newest != session.settings.snapshot { Console.note("\(newest) has come; '.refresh' takes it") }
  }

  /// Reads one line with the editor.
  private mutating func read(_ prompt: String, before: String) throws -> Input {
    var editor = LineEditor(history: history.lines)
    var screen = LineScreen()
    return try Terminal.withKeys {
      while true {
        while let key = nextKey() {
          switch editor.handle(key) {
          case .editing: break
          case .line(let line):
            try draw(&screen, editor, prompt)
            try show(screen.leave())
            return .line(line)
          case .abandoned:
            try show("^C" + screen.leave())
            return .abandoned
          case .ended:
            try show(screen.leave())
            return .ended
          case .wantsWords: try offer(&screen, &editor, before)
          case .wantsClearScreen: try show(screen.clear())
          case .wantsSuspension:
            try show(screen.leave())
            try Terminal.suspend()
          }
        }
        // Once more for each new size: the line is broken where the terminal ends now.
        repeat { try draw(&screen, editor, prompt) } while try !Terminal.waitForKeys()
        let bytes = try StandardStreams.readSomeInput()
        guard !bytes.isEmpty else { return .ended }
        keys += decoder.keys(bytes)
      }
    }
  }

  private mutating func nextKey() -> LineKey? { keys.isEmpty ? nil : keys.removeFirst() }

  private func offer(_ screen: inout LineScreen, _ editor: inout LineEditor, _ before: String) throws {
    let words = SessionWords(settings: session.settings, pipelines: session.pipelines)
    let completer = SessionCompleter(session.rules, words)
    let offset = before.unicodeScalars.count
    let found = completer.complete(before + editor.buffer.textBeforeCursor)
    // A word that began on an earlier line stays as it is.
    guard found.start >= offset else { return }
    if let replacement = found.replacement {
      editor.replace(from: found.start - offset, with: replacement)
    } else if found.shown.isEmpty {
      try show("\u{7}")
    } else {
      try show(screen.leave() + SessionText.offers(found.shown, width: StandardStreams.terminalWidth ?? 80))
    }
  }

  private func draw(_ screen: inout LineScreen, _ editor: LineEditor, _ prompt: String) throws {
    try show(
      screen.draw(
        prompt: editor.searchPrompt.map(DisplayWidth.harmless) ?? prompt, line: editor.buffer.scalars,
        cursor: editor.buffer.cursor, columns: StandardStreams.terminalWidth ?? 80,
        rows: StandardStreams.terminalHeight ?? 24))
  }

  private func show(_ text: String) throws { try StandardStreams.writeAll(StandardStreams.output, text) }
}
