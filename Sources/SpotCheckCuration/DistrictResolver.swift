import SpotCheckModel

/// Finds the district of a delivered text: a code, a name, an alias, a park, or a free address.
///
/// In an address the longest district name wins; a name that stands behind another city's name is not ours; what
/// stays open is `unknown` rather than guessed.
struct DistrictResolver: Sendable {
  private enum Rank: Int, Sendable, Comparable {
    case upper, county, town, park
    static func < (left: Rank, right: Rank) -> Bool { left.rawValue < right.rawValue }
  }

  private struct Pattern: Sendable {
    var scalars: [Unicode.Scalar]
    var text: String
    var rank: Rank
    var code: String
    /// Ends in 区, 县, 市 …; without it the name also begins streets (大通路) and shops.
    var isFull: Bool
  }

  private struct Match {
    var pattern: Pattern
    var start: Int
  }

  private let districts: CodeMapper
  private let parks: CodeMapper?
  private var patterns: [Unicode.Scalar: [Pattern]] = [:]
  /// Normalised names by code, and by pattern's code the names of all that lies above it, longest first: an address is
  /// read for every distinct text, so nothing is looked for in the tables there.
  private var namesByCode: [String: [String]] = [:]
  private var namesAbove: [String: [[Unicode.Scalar]]] = [:]
  private var hasAbove: Set<String> = []

  init(districts: CodeTable, parks: CodeTable?) {
    self.districts = CodeMapper(table: districts)
    self.parks = parks.map { CodeMapper(table: $0) }
    for entry in districts.entries { add(entry, rank: DistrictResolver.rank(entry.code)) }
    for entry in parks?.entries ?? [] { add(entry, rank: .park) }
    for entry in districts.entries {
      namesByCode[entry.code, default: []] += ([entry.name] + entry.aliases).map { CodeTable.normalise($0) }
        .filter { $0.unicodeScalars.count >= 2 }
    }
    for entry in districts.entries { learnAbove(entry.code, self.districts.ancestors(of: entry.code)) }
    for entry in parks?.entries ?? [] {
      learnAbove(entry.code, [entry.parent] + self.districts.ancestors(of: entry.parent))
    }
  }

  private mutating func learnAbove(_ code: String, _ above: [String]) {
    namesAbove[code] = above.flatMap(names(of:)).sorted { $0.count > $1.count }.map { Array($0.unicodeScalars) }
    if !above.isEmpty { hasAbove.insert(code) }
  }

  /// GB/T 2260: six digits are a county unless they end in 00; nine are a township.
  private static func rank(_ code: String) -> Rank {
    let digits = Array(code.utf8)
    guard digits.count >= 6, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return .county }
    if digits.count > 6 { return .town }
    return digits[4] == 0x30 && digits[5] == 0x30 ? .upper : .county
  }

  private mutating func add(_ entry: CodeEntry, rank: Rank) {
    for name in [entry.name] + entry.aliases {
      let text = CodeTable.normalise(name)
      let scalars = Array(text.unicodeScalars)
      guard scalars.count >= 2, let first = scalars.first, let last = scalars.last,
        !scalars.allSatisfy({ ScalarCursor.digit($0) != nil })
      else { continue }
      let isFull = rank == .park || "区县市镇乡州省旗盟道".unicodeScalars.contains(last)
      patterns[first, default: []].append(
        Pattern(scalars: scalars, text: text, rank: rank, code: entry.code, isFull: isFull))
    }
  }

  /// What a text means on a day.
  func resolve(_ text: String, on day: CalendarDay?) -> CodeOutcome {
    let exact = districts.map(text, on: day)
    if !exact.isUnknown { return exact }
    if let park = self.park(text, on: day) { return park }
    let found = search(text, on: day)
    return found.isUnknown && exact.isAmbiguous ? exact : found
  }

  /// A text of the park column: the park and its host district, or nil.
  func park(_ text: String, on day: CalendarDay?) -> CodeOutcome? {
    guard let parks else { return nil }
    let outcome = parks.map(text, on: day)
    return outcome.isUnknown ? nil : hosted(outcome.code, on: day)
  }

  private func hosted(_ park: String, on day: CalendarDay?) -> CodeOutcome {
    let parent = parks?.table.entry(park)?.parent ?? ""
    guard !parent.isEmpty else { return CodeOutcome(code: CodeTable.unmappedCode, park: park, isUnknown: true) }
    var outcome = districts.map(parent, on: day)
    // The host's code of today may be younger than the sample; that is no fault of the delivery.
    if outcome.isUnknown { outcome = CodeOutcome(code: parent) }
    outcome.isRetired = false
    outcome.park = park
    return outcome
  }

  // MARK: Addresses

  private func search(_ text: String, on day: CalendarDay?) -> CodeOutcome {
    let scalars = Array(CodeTable.normalise(text).unicodeScalars.prefix(400))
    var matches: [Match] = []
    for start in scalars.indices {
      guard let candidates = patterns[scalars[start]] else { continue }
      for pattern in candidates where scalars[start...].starts(with: pattern.scalars) {
        if isOurs(pattern, at: start, in: scalars) { matches.append(Match(pattern: pattern, start: start)) }
      }
    }
    let inside = parkAndCounty(matches, scalars, on: day)
    if let inside { return inside }
    let towns = longest(matches, .town)
    if !towns.isEmpty {
      let counties = Set(towns.map { districts.ancestors(of: $0.pattern.code).first ?? "" }).subtracting([""])
      if counties.count == 1, let county = counties.first { return districts.map(county, on: day) }
      return .ambiguous
    }
    return agreed(longest(matches, .upper), scalars, on: day) ?? .unknown
  }

  private func parkAndCounty(_ matches: [Match], _ scalars: [Unicode.Scalar], on day: CalendarDay?) -> CodeOutcome? {
    let parkCodes = Set(longest(matches, .park).map(\.pattern.code))
    let park = parkCodes.count == 1 ? parkCodes.first.map { hosted($0, on: day) } : nil
    if var county = agreed(longest(matches, .county), scalars, on: day) {
      if let park, park.code == county.code { county.park = park.park }
      return county
    }
    return park
  }

  private func longest(_ matches: [Match], _ rank: Rank) -> [Match] {
    let ranked = matches.filter { $0.pattern.rank == rank }
    let length = ranked.map(\.pattern.scalars.count).max() ?? 0
    return ranked.filter { $0.pattern.scalars.count == length }
  }

  /// The one district that all of these mean; nil if there are none; ambiguous if they differ.
  private func agreed(_ matches: [Match], _ scalars: [Unicode.Scalar], on day: CalendarDay?) -> CodeOutcome? {
    guard !matches.isEmpty else { return nil }
    var found: CodeOutcome?
    for text in Set(matches.map(\.pattern.text)).sorted() {
      var outcome = districts.map(text, on: day)
      if outcome.isAmbiguous { outcome = byContext(text, scalars, on: day) }
      if let found, found.code != outcome.code { return .ambiguous }
      found = outcome
    }
    return found
  }

  /// Of several districts of one name, the one whose city or province the text names.
  private func byContext(_ text: String, _ scalars: [Unicode.Scalar], on day: CalendarDay?) -> CodeOutcome {
    guard case .ambiguous(let codes) = districts.table.resolve(text, on: day) else { return .ambiguous }
    let whole = string(scalars)
    let fitting = codes.filter { code in
      districts.ancestors(of: code).contains { names(of: $0).contains { whole.contains($0) } }
    }
    return fitting.count == 1 ? CodeOutcome(code: fitting[0]) : .ambiguous
  }

  /// False if the name stands behind another city's or province's name, or is only the beginning of a street's.
  private func isOurs(_ pattern: Pattern, at start: Int, in scalars: [Unicode.Scalar]) -> Bool {
    var prefix = Array(scalars[..<start])
    for name in namesAbove[pattern.code] ?? [] { DistrictResolver.remove(name, from: &prefix) }
    for word in DistrictResolver.harmless { DistrictResolver.remove(word, from: &prefix) }
    if pattern.rank != .park || hasAbove.contains(pattern.code) {
      for mark in DistrictResolver.marks where DistrictResolver.place(of: mark, in: prefix, from: 0) != nil {
        return false
      }
    }
    if pattern.isFull { return true }
    let next = start + pattern.scalars.count < scalars.count ? scalars[start + pattern.scalars.count] : nil
    let after = start + pattern.scalars.count + 1 < scalars.count ? scalars[start + pattern.scalars.count + 1] : nil
    let isAvenue = next == "大" && (after == "道" || after == "街")
    let isStreet = isAvenue || next.map { "路街巷道里弄".unicodeScalars.contains($0) } ?? false
    return prefix.isEmpty && !isStreet
  }

  /// Words in which 市 names no city.
  private static let harmless = ["市辖区", "市本级", "超市", "市场", "市政", "城市"].map { Array($0.unicodeScalars) }
  private static let marks = ["自治区", "自治州", "地区", "省", "市", "盟"].map { Array($0.unicodeScalars) }

  private static func place(of word: [Unicode.Scalar], in text: [Unicode.Scalar], from: Int) -> Int? {
    guard let first = word.first, text.count >= word.count else { return nil }
    var start = from
    while start + word.count <= text.count {
      if text[start] == first {
        var length = 1
        while length < word.count, text[start + length] == word[length] { length += 1 }
        if length == word.count { return start }
      }
      start += 1
    }
    return nil
  }

  /// Takes every occurrence of a word out of a text, from left to right.
  private static func remove(_ word: [Unicode.Scalar], from text: inout [Unicode.Scalar]) {
    guard var found = place(of: word, in: text, from: 0) else { return }
    var rest = Array(text[..<found])
    var start = found + word.count
    while let next = place(of: word, in: text, from: start) {
      found = next
      rest.append(contentsOf: text[start..<found])
      start = found + word.count
    }
    rest.append(contentsOf: text[start...])
    text = rest
  }

  private func names(of code: String) -> [String] { namesByCode[code] ?? [] }

  private func string(_ scalars: [Unicode.Scalar]) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
