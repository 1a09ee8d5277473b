import SpotCheck

/// Filter expressions and published bulletins.
enum QueryTargets {
  static func filter(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    let fault = Filter.fault(ofSampleFilter: text)
    do {
      let filter = try Filter(text)
      FuzzTarget.require(filter.text == text, "a filter is kept as written")
      FuzzTarget.require(try Filter(text) == filter, "reading is repeatable")
    } catch {
      FuzzTarget.require(error is QueryError, "a bad filter is a QueryError: \(error)")
      FuzzTarget.require(fault != nil, "who checks a filter finds what the reader finds")
      FuzzTarget.require(!"\(error)".isEmpty, "an error has words")
    }
    if let position = fault?.position { FuzzTarget.require(position >= 0, "a place is inside the text") }
  }

  static func bulletin(_ bytes: [UInt8]) {
    do throws(AuditRefusal) {
      let report = try Auditor().audit(bytes)
      FuzzTarget.require(report.claims > 0, "a report is about something")
      FuzzTarget.require(!AuditText(.zh).text(report, file: "f").isEmpty, "a report has words")
      FuzzTarget.require(!AuditRecords.json([("f", report)]).isEmpty, "a report has records")
    } catch {
      FuzzTarget.require(!error.problems.isEmpty, "a refusal has a reason")
    }
  }
}
