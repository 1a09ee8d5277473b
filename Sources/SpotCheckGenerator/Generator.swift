import SpotCheckModel
import SpotCheckSystem

/// What is to be made.
public struct GeneratorOptions: Sendable {
  /// About how many item rows in all; 0: as `samples`.
  public var rows = 0
  /// How many samples a bureau and quarter when `rows` is 0.
  public var samplesPerFile: [GeneratedBureau: Int] = [.market: 150, .agriculture: 240, .forestry: 110]
  public var seed: UInt64 = 2015
  public var bureaus = GeneratedBureau.allCases
  public var firstYear = 2023
  public var quarters = 8
  /// Odd spellings, renamed districts, corrections, retests, duplicates.
  public var hasQuirks = true
  /// Market supervision's files are compressed except in the first quarters.
  public var plainXMLQuarters = 1
  public init() {}
}

/// One file that was made.
public struct GeneratedFile: Sendable {
  public var path: String
  public var bureau: GeneratedBureau
  public var rows: Int
}

/// Makes realistic deliveries of the three bureaus and, beside them, `TRUTH.json`: what they say.
///
/// The same options give the same bytes. A file repeats some samples of the quarter before: as exact duplicates, as
/// retests with another conclusion, as corrections.
public enum Generator {
  public static func run(_ options: GeneratorOptions, into folder: String) throws -> [GeneratedFile] {
    try FileSystem.createFolder(folder)
    var files: [GeneratedFile] = []
    var truth = Truth()
    for bureau in options.bureaus {
      let perFile = samplesPerFile(bureau, options)
      for quarter in 0..<options.quarters {
        let file = try make(bureau, quarter: quarter, samples: perFile, options, into: folder, truth: &truth)
        files.append(file)
      }
    }
    if options.hasQuirks, options.rows == 0 { files += try extras(options, into: folder, truth: &truth) }
    truth.rows = files.reduce(0) { $0 + $1.rows }
    var out = try DurableWriter(folder + "/TRUTH.json")
    try out.write(truth.json)
    try out.publish()
    return files
  }

  /// The tables that come beside the quarterly ones.
  private static func extras(
    _ options: GeneratorOptions, into folder: String, truth: inout Truth
  ) throws -> [GeneratedFile] {
    guard let first = CalendarDay(year: options.firstYear, month: 1, day: 1) else {
      preconditionFailure("years start on real days")
    }
    func samples(_ bureau: GeneratedBureau, _ count: Int, from number: Int) -> [GeneratedSample] {
      (0..<count).map {
        GeneratedSample(bureau: bureau, number: number + $0, seed: options.seed, from: first, days: 365)
      }
    }
    func write(
      _ name: String, _ bureau: GeneratedBureau, _ encoding: DeliveryEncoding,
      _ body: (DeliveryWriter, inout Int, (GeneratedSample, Truth.Delivered) -> Void) throws -> Void
    ) throws -> GeneratedFile {
      let path = "\(folder)/\(bureau.code)-\(options.firstYear)-\(name).csv.gz"
      let out = try DeliveryWriter(path: path, encoding: encoding, isCompressed: true)
      var rows = 0
      var settled: [(GeneratedSample, Truth.Delivered)] = []
      try body(out, &rows) { settled.append(($0, $1)) }
      try out.close()
      for (sample, delivered) in settled { truth.settle(sample, bureau: bureau, as: delivered) }
      return GeneratedFile(path: path, bureau: bureau, rows: rows)
    }
    var files: [GeneratedFile] = []
    if options.bureaus.contains(.agriculture) {
      files.append(
        try write("wide", .agriculture, .gb18030) { out, rows, settle in
          try AgricultureExtras.writeWide(
            samples: samples(.agriculture, 120, from: 8_000_001), period: "\(options.firstYear)年", to: out, rows: &rows,
            settle: settle)
        })
      files.append(
        try write("screening", .agriculture, .utf8) { out, rows, settle in
          try AgricultureExtras.writeScreening(
            samples: samples(.agriculture, 200, from: 8_100_001), to: out, rows: &rows, settle: settle)
        })
    }
    if options.bureaus.contains(.market) {
      files.append(
        try write("failed", .market, .gb18030) { out, rows, settle in
          try PublishedList.write(samples: samples(.market, 40, from: 8_200_001), to: out, rows: &rows, settle: settle)
        })
    }
    return files
  }

  private static func samplesPerFile(_ bureau: GeneratedBureau, _ options: GeneratorOptions) -> Int {
    guard options.rows > 0 else { return options.samplesPerFile[bureau] ?? 100 }
    // A market sample is a record row and about four item rows, an agriculture sample five item rows.
    let rowsPerSample = bureau == .forestry ? 1 : 5
    let files = max(1, options.bureaus.count * options.quarters)
    return max(1, options.rows / files / rowsPerSample)
  }

  private static func make(
    _ bureau: GeneratedBureau, quarter: Int, samples: Int, _ options: GeneratorOptions, into folder: String,
    truth: inout Truth
  ) throws -> GeneratedFile {
    let year = options.firstYear + quarter / 4
    let period = "\(year)年第\(quarter % 4 + 1)季度"
    guard let first = CalendarDay(year: year, month: quarter % 4 * 3 + 1, day: 1) else {
      preconditionFailure("quarters start on real days")
    }
    func sample(_ index: Int, of quarter: Int) -> GeneratedSample {
      let year = options.firstYear + quarter / 4
      let start = CalendarDay(year: year, month: quarter % 4 * 3 + 1, day: 1) ?? first
      return GeneratedSample(
        bureau: bureau, number: quarter * samples + index + 1, seed: options.seed, from: start, days: 88)
    }
    var path = "\(folder)/\(bureau.code)-\(year)Q\(quarter % 4 + 1)"
    var rows = 0
    switch bureau {
    case .market:
      let isPlain = quarter < options.plainXMLQuarters
      path += isPlain ? ".xml" : ".xml.gz"
      let isOld = options.hasQuirks && quarter % 2 == 1
      let out = try DeliveryWriter(path: path, encoding: isOld ? .gb18030 : .utf8, isCompressed: !isPlain)
      let layout = MarketXML(hasQuirks: options.hasQuirks)
      try layout.open(out, encodingName: isOld ? "GB2312" : "UTF-8", period: period)
      for index in 0..<samples {
        let one = sample(index, of: quarter)
        truth.settle(one, bureau: bureau, as: try layout.write(one, to: out, rows: &rows))
      }
      if options.hasQuirks, quarter > 0 {
        // Some of last quarter's failures pass their retest; a few reports are withdrawn.
        for index in 0..<samples {
          let earlier = sample(index, of: quarter - 1)
          if earlier.verdict == .fail, earlier.variant % 3 == 0 {
            truth.settle(earlier, bureau: bureau, as: try layout.write(earlier, as: .retest, to: out, rows: &rows))
          } else if earlier.variant % 211 == 3 {
            _ = try layout.write(earlier, as: .withdrawal, to: out, rows: &rows)
            truth.withdraw(earlier)
          }
        }
      }
      try layout.close(out)
      try out.close()
    case .agriculture:
      path += ".csv.gz"
      let isOld = options.hasQuirks && quarter < options.quarters / 2
      let out = try DeliveryWriter(path: path, encoding: isOld ? .gb18030 : .utf8WithBOM, isCompressed: true)
      let layout = AgricultureCSV(hasQuirks: options.hasQuirks, leavesBlank: options.hasQuirks && quarter % 3 == 1)
      try layout.open(out, period: period)
      for index in 0..<samples {
        let one = sample(index, of: quarter)
        truth.settle(one, bureau: bureau, as: try layout.write(one, to: out, rows: &rows))
        // A corrected report of last quarter: reported later, the enterprise's name mended.
        if options.hasQuirks, quarter > 0, one.variant % 89 == 7 {
          var earlier = sample(index, of: quarter - 1)
          earlier.reported = CalendarDay(daysSinceEpoch: earlier.reported.daysSinceEpoch + 45)
          earlier.producer += "（更正）"
          truth.settle(earlier, bureau: bureau, as: try layout.write(earlier, to: out, rows: &rows))
        }
        // The same rows again further down, as happens when sheets are pasted together.
        if options.hasQuirks, one.variant % 97 == 5, !layout.leavesBlank {
          _ = try layout.write(one, to: out, rows: &rows)
        }
      }
      try layout.close(out)
      try out.close()
    case .forestry:
      path += ".csv.gz"
      let out = try DeliveryWriter(path: path, encoding: options.hasQuirks ? .gb18030 : .utf8, isCompressed: true)
      let layout = ForestryCSV(hasQuirks: options.hasQuirks)
      try layout.open(out, period: period)
      let all = (0..<samples).map { sample($0, of: quarter) }
      var serial = 1
      for district in World.districts {
        try layout.section(district, to: out)
        for one in all where one.district.code == district.code {
          truth.settle(one, bureau: bureau, as: try layout.write(one, serial: serial, to: out, rows: &rows))
          serial += 1
        }
      }
      try layout.close(out)
      try out.close()
    }
    return GeneratedFile(path: path, bureau: bureau, rows: rows)
  }
}
