/// The pictures that an answer with rates can be drawn as.
public enum ChartKind: String, Sendable, CaseIterable {
  /// A row of the answer is a bar.
  case bar
  /// Two dimensions are the sides of a field of rates.
  case heat
  /// Periods in their order, gaps left open.
  case trend
  /// Rates over the number of samples, between the limits of chance.
  case funnel
}

/// Where an axis of rates begins and ends.
public enum ChartAxis: String, Sendable, CaseIterable {
  /// From 0 to 100 %.
  case zero
  /// Around what is drawn. Bars become dots then, because the length of a bar that does not start at 0 says nothing.
  case auto
}

/// When colours are written to a terminal.
public enum ColourChoice: String, Sendable, CaseIterable {
  case auto, always, never

  /// `always` and `never` are what they say. Otherwise NO_COLOR (set and not empty) forbids, CLICOLOR_FORCE (set, not empty,
  /// not 0) demands, and a terminal that is not dumb allows.
  /// - Parameter variable: the environment.
  public func allows(isTerminal: Bool, variable: (String) -> String?) -> Bool {
    switch self {
    case .always: return true
    case .never: return false
    case .auto:
      if let no = variable("NO_COLOR"), !no.isEmpty { return false }
      if let force = variable("CLICOLOR_FORCE"), !force.isEmpty, force != "0" { return true }
      return isTerminal && variable("TERM") != "dumb"
    }
  }
}
