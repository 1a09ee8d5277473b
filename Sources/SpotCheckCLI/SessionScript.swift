import SpotCheck

/// A session that nobody types: lines from a pipe or a file.
struct SessionScript {
  private var session: Session
  private let keepsGoing: Bool
  private var pending: [UInt8] = []
  private var isAtEnd = false
  private var number = 0

  /// More is no line that somebody wrote.
  private static let longestLine = 1 << 20

  init(_ session: Session, keepsGoing: Bool) {
    self.session = session
    self.keepsGoing = keepsGoing
  }

  /// Carries out line after line, each as soon as it is whole.
  /// - Returns: the exit status of the first that failed; 0 if none did.
  mutating func play() throws -> Int32 {
    var first: Int32 = 0
    var text = ""
    var start = 1
    while let line = try nextLine() {
      if text.isEmpty { start = number }
      text += line
      let status: Int32
      do throws(ShellWords.Fault) {
        switch session.carryOut(try ShellWords.parse(text)) {
        case .done(let ended): status = ended
        case .quit: return first
        case .showHistory: status = session.fail(.usage, "a script has no history")
        }
      } catch {
        if error == .open {
          text += "\n"
          continue
        }
        status = session.fail(.usage, SessionScript.message(error))
      }
      text = ""
      guard status != 0 else { continue }
      if first == 0 { first = status }
      if !keepsGoing || status == StopSignal.interrupt.exitStatus {
        Console.note("spotcheck: stopped at line \(start), with exit status \(status)")
        return first
      }
    }
    guard text.isEmpty else {
      let status = session.fail(.usage, "line \(start): \(SessionScript.message(.open))")
      return first == 0 ? status : first
    }
    return first
  }

  static func message(_ fault: ShellWords.Fault) -> String {
    switch fault {
    case .open: "a quote that does not end"
    case .operatorFound(let sign):
      "'\(sign)' is for shells; put it in quotes if it is part of a text, such as --where \"year > 2023\""
    case .target: "say one file behind '>'"
    }
  }

  /// The next line without its end; nil if there is none.
  private mutating func nextLine() throws -> String? {
    var searched = 0
    while true {
      if let end = pending[searched...].firstIndex(of: 0x0A) {
        let line = pending[..<end]
        pending.removeSubrange(...end)
        number += 1
        return PathText.decode(Array(line.last == 0x0D ? line.dropLast() : line))
      }
      searched = pending.count
      guard searched <= SessionScript.longestLine else {
        throw CommandFailure(.usage, "line \(number + 1) is longer than \(SessionScript.longestLine) bytes")
      }
      if isAtEnd {
        guard !pending.isEmpty else { return nil }
        defer { pending = [] }
        number += 1
        return PathText.decode(pending)
      }
      try readMore()
    }
  }

  private mutating func readMore() throws {
    guard !isAtEnd else { return }
    let bytes = try StandardStreams.readSomeInput()
    isAtEnd = bytes.isEmpty
    pending += bytes
  }
}
