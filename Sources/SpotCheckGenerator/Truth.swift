import SpotCheckModel

/// What the made-up files say, counted by the generator itself and not by the code that reads them.
struct Truth {
  struct Key: Hashable, Comparable {
    var bureau: String
    var category: String
    var district: String
    var purpose: String
    static func < (left: Key, right: Key) -> Bool {
      (left.bureau, left.category, left.district, left.purpose)
        < (right.bureau, right.category, right.district, right.purpose)
    }
  }

  private var verdicts: [String: (key: Key, verdict: Verdict)] = [:]
  /// Sampling numbers that only a list of outcomes names.
  private var listed: Set<String> = []
  var rows = 0

  /// The last word about a sampling number counts.
  mutating func settle(_ sample: GeneratedSample, bureau: GeneratedBureau, as delivered: Delivered) {
    let key = Key(
      bureau: bureau.code, category: delivered.category, district: delivered.district,
      purpose: (delivered.purpose ?? sample.purpose).rawValue)
    if delivered.isListed {
      // A list never takes the place of a report.
      guard verdicts[sample.samplingNumber] == nil else { return }
      listed.insert(sample.samplingNumber)
    } else {
      listed.remove(sample.samplingNumber)
    }
    verdicts[sample.samplingNumber] = (key, delivered.verdict)
  }

  mutating func withdraw(_ sample: GeneratedSample) { verdicts[sample.samplingNumber] = nil }

  /// What a layout made of a sample.
  struct Delivered {
    /// Category name of the lowest level, or `?`.
    var category: String
    /// District code, or `?`.
    var district: String
    var verdict: Verdict
    /// The purpose, where the table itself decides it.
    var purpose: Purpose?
    /// Named by its outcome: it is in no denominator.
    var isListed = false
  }

  /// JSON: totals and one line a cell, sorted.
  var json: String {
    var cells: [Key: [Verdict: Int]] = [:]
    var lists: [Key: Int] = [:]
    for (number, (key, verdict)) in verdicts {
      if listed.contains(number) {
        lists[key, default: 0] += 1
        cells[key, default: [:]][verdict, default: 0] += 0
      } else {
        cells[key, default: [:]][verdict, default: 0] += 1
      }
    }
    let lines = cells.sorted { $0.key < $1.key }.map { key, counts in
      let numbers = Verdict.allCases.map { "\"\(field($0))\": \(counts[$0] ?? 0)" }.joined(separator: ", ")
      return
        "  {\"bureau\": \"\(key.bureau)\", \"category_name\": \"\(key.category)\", \"district\": \"\(key.district)\", "
        + "\"purpose\": \"\(key.purpose)\", \"samples\": \(counts.values.reduce(0, +) + (lists[key] ?? 0)), \(numbers), "
        + "\"listed\": \(lists[key] ?? 0)}"
    }
    return "{\"rows\": \(rows), \"samples\": \(verdicts.count), \"cells\": [\n" + lines.joined(separator: ",\n")
      + "\n]}\n"
  }

  private func field(_ verdict: Verdict) -> String {
    switch verdict {
    case .pass: "passed"
    case .fail: "failed"
    case .undetermined: "undetermined"
    case .notTested: "not_tested"
    }
  }
}
