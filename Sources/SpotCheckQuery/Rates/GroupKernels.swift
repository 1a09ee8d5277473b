import SpotCheckModel

// The inner loops of a group-by. Safe: spans, whose bounds checks the optimiser mostly removes; no calls, no allocation.

enum GroupKernels {
  /// Places of a table that is looked up by bytes.
  static let byteTable = 256

  /// `target[i] += table[days[i] - first]`; a day outside of the table is missing and adds nothing.
  static func add(_ days: [Int32], first: Int32, _ table: [UInt32], to target: inout [UInt32], count: Int) {
    let source = days.span.extracting(0..<count)
    let entries = table.span
    var sums = target.mutableSpan
    precondition(sums.count >= count, "the buffer is too short")
    for index in 0..<count {
      let place = Int(source[index]) &- Int(first)
      if place >= 0 && place < entries.count { sums[index] &+= entries[place] }
    }
  }

  /// `mask[i] &= table[codes[i]]` for codes in bytes; the table has ``byteTable`` places.
  static func narrow(_ mask: inout [UInt8], _ codes: [UInt8], _ table: [UInt8], count: Int) {
    let source = codes.span.extracting(0..<count)
    let entries = table.span.extracting(0..<byteTable)
    var target = mask.mutableSpan
    precondition(target.count >= count, "the mask is too short")
    for index in 0..<count { target[index] &= entries[Int(source[index])] }
  }

  /// `mask[i] &= 1` for days inside of a range, `&= 0` for others.
  static func narrow(_ mask: inout [UInt8], _ days: [Int32], _ range: ClosedRange<Int32>, count: Int) {
    let source = days.span.extracting(0..<count)
    let width = UInt32(bitPattern: range.upperBound &- range.lowerBound)
    var target = mask.mutableSpan
    precondition(target.count >= count, "the mask is too short")
    for index in 0..<count {
      target[index] &= UInt32(bitPattern: source[index] &- range.lowerBound) <= width ? 1 : 0
    }
  }

  /// The sum of all classes by group.
  static func samples(_ cells: [UInt64], groups: Int) -> [UInt64] {
    var sums = [UInt64](repeating: 0, count: groups)
    var target = sums.mutableSpan
    for place in 0..<CountPlace.firstMark {
      let source = cells.span.extracting(place * groups..<(place + 1) * groups)
      for group in 0..<groups { target[group] &+= source[group] }
    }
    return sums
  }

  /// `keys[i] = keys[i] * cardinality + map[codes[i]]`.
  static func append(
    _ codes: [UInt32], _ map: [UInt32], cardinality: Int, to keys: inout [Int], count: Int
  ) {
    let source = codes.span.extracting(0..<count)
    let numbers = map.span
    var target = keys.mutableSpan
    precondition(target.count >= count, "the key buffer is too short")
    for index in 0..<count {
      let code = Int(source[index])
      let number = code < numbers.count ? Int(numbers[code]) : 0
      target[index] = target[index] &* cardinality &+ number
    }
  }

  /// The same with a second column that takes precedence where its number is not 0.
  static func append(
    _ codes: [UInt32], _ map: [UInt32], parks: [UInt32], _ parkMap: [UInt32], cardinality: Int, to keys: inout [Int],
    count: Int
  ) {
    for index in 0..<count {
      let (code, park) = (Int(codes[index]), Int(parks[index]))
      let district = code < map.count ? Int(map[code]) : 0
      let inside = park < parkMap.count ? Int(parkMap[park]) : 0
      keys[index] = keys[index] &* cardinality &+ (inside != 0 ? inside : district)
    }
  }

  /// The same for days; days outside the map are missing.
  static func append(
    _ days: [Int32], first: Int32, _ map: [UInt32], cardinality: Int, to keys: inout [Int], count: Int
  ) {
    let source = days.span.extracting(0..<count)
    let numbers = map.span
    var target = keys.mutableSpan
    precondition(target.count >= count, "the key buffer is too short")
    for index in 0..<count {
      let place = Int(source[index]) &- Int(first)
      let number = place >= 0 && place < numbers.count ? Int(numbers[place]) : 0
      target[index] = target[index] &* cardinality &+ number
    }
  }

  /// `classes[i] = table[codes[i]]`, `fallback` for codes outside the table.
  static func classify(
    _ codes: [UInt32], _ table: [UInt8], fallback: UInt8, into classes: inout [UInt8], count: Int
  ) {
    let source = codes.span.extracting(0..<count)
    let entries = table.span
    var target = classes.mutableSpan
    precondition(target.count >= count, "the class buffer is too short")
    for index in 0..<count {
      let code = Int(source[index])
      target[index] = code < entries.count ? entries[code] : fallback
    }
  }

  /// Rows whose mask is 0 are ignored.
  static func ignore(_ mask: [UInt8], in classes: inout [UInt8], count: Int) {
    let source = mask.span.extracting(0..<count)
    var target = classes.mutableSpan
    precondition(target.count >= count, "the class buffer is too short")
    for index in 0..<count where source[index] == 0 { target[index] = CountPlace.ignored }
  }

  /// `cells[classes[i] * groups + keys[i]] += 1`.
  static func count(_ keys: [Int], _ classes: [UInt8], groups: Int, into cells: inout [UInt64], count: Int) {
    let source = keys.span.extracting(0..<count)
    let places = classes.span.extracting(0..<count)
    var target = cells.mutableSpan
    for index in 0..<count { target[Int(places[index]) &* groups &+ source[index]] &+= 1 }
  }

  /// Adds the marks of rows that are not ignored: bit b of `marks[i]` counts in place ``CountPlace/firstMark`` + b.
  static func countMarks(
    _ keys: [Int], _ classes: [UInt8], _ marks: [UInt8], groups: Int, into cells: inout [UInt64], count: Int
  ) {
    for index in 0..<count where marks[index] != 0 && classes[index] != CountPlace.ignored {
      for bit in 0..<CountPlace.marks where marks[index] & (1 << bit) != 0 {
        cells[(CountPlace.firstMark + bit) * groups + keys[index]] &+= 1
      }
    }
  }
}
