// UNSAFE FILE: lends the kernel one small structure.

import Glibc

extension StandardStreams {
  /// Columns of the terminal on standard output; nil if it is none or does not say.
  public static var terminalWidth: Int? { terminalSize.flatMap { $0.ws_col > 0 ? Int($0.ws_col) : nil } }

  /// Rows of the terminal on standard output; nil if it is none or does not say.
  public static var terminalHeight: Int? { terminalSize.flatMap { $0.ws_row > 0 ? Int($0.ws_row) : nil } }

  private static var terminalSize: winsize? {
    var size = winsize()
    // SAFETY: TIOCGWINSZ writes one winsize, and `size` outlives the call.
    return ioctl(1, UInt(TIOCGWINSZ), &size) == 0 ? size : nil
  }
}
