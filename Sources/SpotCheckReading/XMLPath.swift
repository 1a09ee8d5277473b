/// Where records or items lie in a document: `/报告/样品`, `/WQX/Organization/Activity`, `检验项目列表/检验项目`.
///
///     path = [ "/" ] step { "/" step }
///     step = [ "{" namespace URI "}" ] ( local name | "*" )
///
/// A record path starts at the root element, an item path at the record; a leading `/` is allowed in both and
/// changes nothing. Names are compared by local name; a step with `{uri}` also wants that namespace
/// (`{}` wants none), a step without takes any.
public struct XMLPath: Sendable, Equatable {
  /// One level of the path.
  public struct Step: Sendable, Equatable {
    /// Local name; nil matches any.
    public var name: String?
    /// Namespace URI; nil matches any, empty means "in no namespace".
    public var namespace: String?

    public init(name: String?, namespace: String? = nil) {
      self.name = name
      self.namespace = namespace
    }
  }

  /// At least one step.
  public let steps: [Step]

  /// Reads a path as written in a pipeline; throws what is wrong with it.
  public init(_ text: String) throws(XMLPathError) {
    var steps: [Step] = []
    var rest = text[...]
    if rest.first == "/" { rest.removeFirst() }
    while true {
      var namespace: String?
      if rest.first == "{" {
        guard let close = rest.firstIndex(of: "}") else {
          throw XMLPathError(path: text, message: "'{' without '}'")
        }
        namespace = String(rest[rest.index(after: rest.startIndex)..<close])
        rest = rest[rest.index(after: close)...]
      }
      let end = rest.firstIndex(of: "/") ?? rest.endIndex
      let name = rest[..<end]
      guard !name.isEmpty else { throw XMLPathError(path: text, message: "an empty step") }
      guard !name.contains(where: { "{}[]@:'\"<>&= \t\n".contains($0) }) else {
        throw XMLPathError(path: text, message: "'\(name)' is not a local name, '*' or '{namespace}name'")
      }
      steps.append(Step(name: name == "*" ? nil : String(name), namespace: namespace))
      if end == rest.endIndex { break }
      rest = rest[rest.index(after: end)...]
    }
    self.steps = steps
  }

  init(steps: [Step]) { self.steps = steps }
}

/// A path that cannot be read.
public struct XMLPathError: Error, Sendable, Equatable {
  public let path: String
  public let message: String
}
