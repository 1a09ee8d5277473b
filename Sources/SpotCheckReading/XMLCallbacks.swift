// UNSAFE FILE: the C side of the XML reader. Every callback gets the state pointer that XMLPushParser registered,
// valid as long as its context, and uses libxml2's arguments before it returns.

import CLibXML2
import SpotCheckModel

/// The SAX2 handler and the translation of libxml2's errors. Formed here, far from any `@main` type: a callback written
/// inside one would inherit its actor and die on another thread.
enum XMLCallbacks {
  private typealias StatePointer = UnsafeMutablePointer<XMLParserState>

  @inline(__always)
  private static func state(_ raw: UnsafeMutableRawPointer?) -> StatePointer? {
    // SAFETY: the only user data ever registered is an XMLParserState.
    raw?.assumingMemoryBound(to: XMLParserState.self)
  }

  static func handler() -> xmlSAXHandler {
    var handler = xmlSAXHandler()
    handler.initialized = UInt32(XML_SAX2_MAGIC)
    handler.startElementNs = { raw, name, _, uri, declaredCount, declared, attributeCount, _, attributes in
      guard let state = XMLCallbacks.state(raw), !state.pointee.isRepeating, let name,
        let input = state.pointee.context?.pointee.input, let base = input.pointee.base
      else { return }
      // SAFETY: the reading position is inside the tag, whose '<' is still in the buffer: libxml2 does not shrink its
      // buffer inside a start tag, because the attribute values point into it.
      let position = input.pointee.cur - base
      let back = position - XMLByteScan.last(0x3C, base, from: 0, to: position)
      let offset = state.pointee.offset
      state.pointee.builder.now = offset
      state.pointee.builder.startElement(
        name, uri: uri, start: offset &- back, declared: declared, declaredCount: Int(declaredCount),
        attributes: attributes, attributeCount: Int(attributeCount))
      if state.pointee.builder.hasFailed { state.pointee.stop() }
    }
    handler.endElementNs = { raw, _, _, _ in
      guard let state = XMLCallbacks.state(raw), !state.pointee.isRepeating else { return }
      state.pointee.builder.now = state.pointee.offset
      state.pointee.builder.endElement()
      if state.pointee.builder.hasFailed { state.pointee.stop() }
    }
    let text: charactersSAXFunc = { raw, bytes, count in
      guard let state = XMLCallbacks.state(raw), let bytes else { return }
      state.pointee.builder.characters(bytes, count: Int(count))
      if state.pointee.builder.hasFailed { state.pointee.stop() }
    }
    handler.characters = text
    // The same function, so that libxml2 does not ask whether white space is significant.
    handler.ignorableWhitespace = text
    handler.cdataBlock = text
    handler.processingInstruction = { raw, target, _ in
      guard let state = XMLCallbacks.state(raw), let target else { return }
      state.pointee.builder.processingInstruction(target, at: state.pointee.offset)
      if state.pointee.builder.hasFailed { state.pointee.stop() }
    }
    // The guard stops a DOCTYPE before libxml2 sees it; should one slip through, this is the second door.
    handler.internalSubset = { raw, _, _, _ in
      guard let state = XMLCallbacks.state(raw) else { return }
      let offset = state.pointee.offset
      state.pointee.builder.fail(
        .xmlDoctype, at: offset, "a document type declaration is not allowed", zh: "不允许 DOCTYPE 声明")
      xmlStopParser(state.pointee.context)
    }
    handler.serror = { raw, error in
      guard let state = XMLCallbacks.state(raw), let error else { return }
      state.pointee.take(error.pointee)
    }
    return handler
  }
}

extension XMLParserState {
  /// One message of libxml2: the first that matters ends the document.
  mutating func take(_ error: xmlError) {
    guard !builder.hasFailed, error.level.rawValue >= XML_ERR_ERROR.rawValue else { return }
    if isSettling, error.code == Int32(XML_ERR_DOCUMENT_END.rawValue) { return }
    let isNamespace = error.domain == Int32(XML_FROM_NAMESPACE.rawValue)
    // A namespace name with Chinese characters in it is "not a valid URI" to libxml2, and fine with us.
    if isNamespace, error.code == Int32(XML_WAR_NS_URI.rawValue) { return }
    let message = error.message.map { Self.oneLine(String(cString: $0)) } ?? ""
    let position = errorOffset(error.code)
    if isNamespace {
      builder.fail(.xmlNamespace, at: position, message, zh: "命名空间错误")
    } else {
      explain(error.code, message, position)
    }
    stop()
  }

  private mutating func explain(_ code: Int32, _ message: String, _ position: Int) {
    switch code {
    case Int32(XML_ERR_UNDECLARED_ENTITY.rawValue), Int32(XML_WAR_UNDECLARED_ENTITY.rawValue),
      Int32(XML_ERR_ENTITY_LOOP.rawValue), Int32(XML_ERR_UNPARSED_ENTITY.rawValue):
      builder.fail(.xmlEntity, at: position, message, zh: "未定义的实体引用")
    default:
      // libxml2 says "Extra content at the end" for a document that is cut inside an element.
      let total = builder.windowStart &+ builder.block.count
      // A reference that is whole is wrong, wherever it stands.
      let isEnd =
        (code == Int32(XML_ERR_DOCUMENT_END.rawValue) && builder.depth > 0)
        || (position >= total && builder.block.text.last != 0x3B)
      if isEnding, isEnd || !builder.hasRoot && code == Int32(XML_ERR_DOCUMENT_EMPTY.rawValue) {
        builder.failTruncated(at: total)
      } else {
        builder.fail(.xmlNotWellFormed, at: position, message, zh: "XML 格式错误（第 \(code) 号）")
      }
    }
  }

  /// Where the error is. libxml2 reads text in batches; the place must not depend on how they fall.
  private func errorOffset(_ code: Int32) -> Int {
    let offset = self.offset
    guard code == Int32(XML_ERR_MISPLACED_CDATA_END.rawValue), let input = context?.pointee.input,
      let cur = input.pointee.cur
    else { return offset }
    let count = input.pointee.end - cur
    var index = 0
    while index + 2 < count {
      // SAFETY: index + 2 < count, the bytes libxml2 has not read yet.
      if cur[index] == 0x5D, cur[index + 1] == 0x5D, cur[index + 2] == 0x3E { return offset + index }
      index += 1
    }
    return offset
  }

  /// The message without line ends and control characters, cut to a length people read.
  private static func oneLine(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(200) {
      result.unicodeScalars.append(scalar.value < 0x20 ? " " : scalar)
    }
    while result.hasSuffix(" ") { result.removeLast() }
    return result
  }
}
