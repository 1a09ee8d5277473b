import SpotCheckModel

/// JSON with this room's positions and problems.
enum SmallJSON {
  typealias Element = JSONReader.Element

  /// All values of a text: one for JSON, one a line for NDJSON.
  static func read(_ text: String) throws(AuditProblem) -> [Element] {
    do throws(JSONReader.Problem) {
      return try JSONReader.read(text)
    } catch {
      throw AuditProblem(AuditPosition(line: error.line, column: error.column), error.message)
    }
  }
}

extension JSONReader.Element {
  var position: AuditPosition { AuditPosition(line: line, column: column) }
}
