import SpotCheckModel

/// Turns the document of a saved query, whose keys and types are checked, into the query. Collects every problem.
struct SavedQueryReader {
  private let document: PipelineDocument
  private(set) var problems: [PipelineProblem] = []

  init(_ document: PipelineDocument) { self.document = document }

  mutating func read(_ empty: SavedQuery) -> SavedQuery {
    let root = document.root
    var query = empty
    query.title = root["title"]?.text ?? ""
    query.about = root["about"]?.text ?? ""
    let parameters = (root["parameters"]?.entries ?? []).map { parameter($0) }
    query.take(root["command"]?.text ?? "", parameters)
    var used: Set<String> = []
    for node in root["arguments"]?.elements ?? [] {
      if let template = template(node, isExpression: false, parameters, &used) { query.add(argument: template) }
    }
    for entry in root["options"]?.entries ?? [] {
      if QueryWords.reservedOptions.contains(entry.key) || !QueryTemplate.isName(entry.key.replacing("-", with: "_")) {
        problems.append(document.problem(key: entry, "'\(entry.key)' is no option of a saved query"))
        continue
      }
      for node in entry.value.elements {
        if case .scalar(let text, true) = node.content, text == "true" || text == "false" {
          if text == "true" { query.add(option: entry.key, nil) }
          continue
        }
        let isExpression = QueryWords.expressions.contains(entry.key)
        if let template = template(node, isExpression: isExpression, parameters, &used) {
          query.add(option: entry.key, template)
        }
      }
    }
    for entry in root["parameters"]?.entries ?? [] where !used.contains(entry.key) {
      problems.append(document.problem(key: entry, "the parameter '\(entry.key)' is used nowhere"))
    }
    return query
  }

  private mutating func parameter(_ entry: PipelineDocument.Entry) -> SavedQuery.Parameter {
    let parameter = SavedQuery.Parameter(
      name: entry.key, about: entry.value["about"]?.text ?? "", isNumber: entry.value["kind"]?.text == "number",
      fallback: entry.value["default"]?.text)
    if !QueryTemplate.isName(entry.key) {
      problems.append(document.problem(key: entry, "a parameter is called by lower-case letters, digits and '_'"))
    }
    if let node = entry.value["default"], let problem = parameter.problem(node.text ?? "") {
      problems.append(document.problem(at: node, problem))
    }
    return parameter
  }

  private mutating func template(
    _ node: PipelineDocument.Node, isExpression: Bool, _ parameters: [SavedQuery.Parameter], _ used: inout Set<String>
  ) -> QueryTemplate? {
    do {
      let template = try QueryTemplate(node.text ?? "", isExpression: isExpression)
      let names = parameters.map(\.name)
      for name in template.names where !names.contains(name) {
        problems.append(
          document.problem(at: node, "there is no parameter '\(name)'\(NearestWord.hint(name, in: names))"))
      }
      used.formUnion(template.names)
      return template
    } catch {
      problems.append(document.problem(at: node, error.description))
      return nil
    }
  }
}
