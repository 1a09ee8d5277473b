// UNSAFE FILE: lends the kernel one small structure.

import Glibc

extension StandardStreams {
  /// Columns of the terminal on standard output; nil if it is none or does not say.
  public static var terminalWidth: Int? {
    var size = winsize()
    // SAFETY: TIOCGWINSZ writes one winsize, and `size` outlives the call.
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
