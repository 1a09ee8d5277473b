import Foundation
import SpotCheckModel
import SpotCheckStatistics
import Testing

@testable import SpotCheckQuery

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Pictures for documents.
@Suite struct ChartSVGTests {
  /// What is in an SVG, read back by a parser.
  private final class Reading: NSObject, XMLParserDelegate {
    var elements: [(name: String, attributes: [String: String])] = []
    var texts: [String] = []
    private var open: [String] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      elements.append((name, attributes))
      open.append(name)
      if name == "text" || name == "title" || name == "desc" { texts.append("") }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
      if let name = open.last, ["text", "title", "desc"].contains(name) { texts[texts.count - 1] += string }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
      open.removeLast()
    }
  }

  private func read(_ text: String) throws -> Reading {
    let parser = XMLParser(data: Data(text.utf8))
    let reading = Reading()
    parser.delegate = reading
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    return reading
  }

  /// Every row of the answer that a picture has a place for has the numbers of the CSV.
  @Test(arguments: ChartKind.allCases) func holdsTheNumbersOfTheCSV(kind: ChartKind) throws {
    let report = ChartReports.suiting(kind)
    let csv = SeparatedReader.csv(try CSVEmitter().text(report))
    let places = try ["inspected", "rate", "wilson_low", "wilson_high"].map { try #require(csv[0].firstIndex(of: $0)) }
    var expected = csv.dropFirst().map { line in places.map { line[$0] } }
    // A row without a period and one without a rate have no place in a trend and a funnel.
    if kind == .trend { expected.removeLast() }
    if kind == .funnel { expected.removeAll { $0[1].isEmpty } }
    let drawn = try read(try SVGEmitter(kind).text(report)).elements.filter { $0.name == "g" }.map { element in
      ["inspected", "rate", "low", "high"].map { element.attributes["data-" + $0] ?? "" }
    }
    #expect(drawn.sorted { $0.description < $1.description } == expected.sorted { $0.description < $1.description })
  }

  @Test(arguments: ChartKind.allCases) func isAPictureThatSpeaks(kind: ChartKind) throws {
    let report = ChartReports.suiting(kind)
    let text = try SVGEmitter(kind).text(report)
    #expect(text == (try SVGEmitter(kind).text(report)))
    let reading = try read(text)
    let root = try #require(reading.elements.first)
    #expect(root.name == "svg" && root.attributes["role"] == "img" && root.attributes["viewBox"] != nil)
    #expect(reading.elements[1].name == "title" && reading.elements[2].name == "desc")
    let description = reading.texts[1]
    for row in try ChartSource(report).rows { #expect(description.contains(row.label)) }
    #expect(reading.texts.contains { $0.contains("任务类别合并计算") } && reading.texts.contains { $0.contains("快照 v3") })
    // Nothing is loaded, nothing runs, nothing is no number.
    for word in ["href", "script", "url(", "style=", "nan", "inf\"", " id="] { #expect(!text.contains(word)) }
    #expect(text.components(separatedBy: "http").count == 2)
  }

  /// Every coordinate is inside the picture.
  @Test(arguments: ChartKind.allCases, [ChartAxis.zero, .auto]) func staysInItsFrame(kind: ChartKind, axis: ChartAxis)
    throws
  {
    let reading = try read(try SVGEmitter(kind, axis: axis).text(ChartReports.suiting(kind)))
    let root = try #require(reading.elements.first).attributes
    let width = try #require(Double(root["width"] ?? ""))
    let height = try #require(Double(root["height"] ?? ""))
    for element in reading.elements.dropFirst() {
      for (name, most) in [
        ("x", width), ("x1", width), ("x2", width), ("cx", width), ("y", height), ("y1", height), ("cy", height),
      ] {
        guard let text = element.attributes[name] else { continue }
        let value = try #require(Double(text))
        #expect(value >= 0 && value <= most)
      }
    }
  }

  @Test func hostileNamesAreTextAndNothingElse() throws {
    let names = [
      "<script>alert(1)</script>\"'&", "\u{202E}\u{0}\u{B}\u{FFFF}\u{1B}[31m", String(repeating: "长", count: 2000), "",
    ]
    let report = ChartReports.report(
      [("lab", "检验机构"), ("year", "年份")],
      names.flatMap { name in ["2023", "2024"].map { ChartReports.Line([name, $0], 95, 100) } })
    for kind in ChartKind.allCases {
      let text = try SVGEmitter(kind).text(report)
      let reading = try read(text)
      #expect(!text.contains("<script") && !reading.elements.contains { $0.name == "script" })
      #expect(reading.texts.contains { $0.contains("<script>alert(1)</script>\"'&") })
      // The whole name is in the title of what is drawn, however long.
      #expect(reading.texts.contains { $0.contains(names[2]) })
      #expect(!text.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{1B}" || $0 == "\u{FFFF}" })
    }
  }
}
