import SpotCheckModel

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension SegmentDescription {
  /// More than any version of ours nests.
  private static let nestingLimit = 16

  /// The description as the catalogue keeps it: JSON with sorted keys, the same bytes for the same segment.
  public func json() -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { preconditionFailure("a description is plain text and numbers") }
    return String(decoding: data, as: UTF8.self)
  }

  /// Reads ``json()`` back; nil if the text is something else.
  public init?(json: String) {
    // Foundation traps on a text that ends right behind its 513th open bracket (Swift 6.3.1, found by `make fuzz`).
    guard JSONText.nesting(of: json.utf8.span) <= SegmentDescription.nestingLimit else { return nil }
    guard let value = try? JSONDecoder().decode(SegmentDescription.self, from: Data(json.utf8)) else { return nil }
    self = value
  }
}
