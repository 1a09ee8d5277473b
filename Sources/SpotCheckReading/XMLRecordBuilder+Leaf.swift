// UNSAFE FILE: gets text as a pointer with its count, readable during the call.

import CLibXML2
import SpotCheckModel

extension XMLRecordBuilder {
  /// Whether text may come without breaking a limit, so that nobody has to ask which limit breaks first.
  @inline(__always)
  func hasRoom(forText count: Int) -> Bool {
    let used = textCount &+ (isRecordOpen ? outBytes.count &- recordFirstByte : 0)
    return runBytes &+ count <= limits.textBytes && used &+ count <= limits.recordBytes
  }

  /// White space in front of a start tag, where a run of text begins: it is no value, and need not be kept to find that
  /// out. False, and nothing done, if it does not begin one.
  @inline(__always)
  mutating func blank(_ count: Int) -> Bool {
    guard frames[depth &- 1].runStart == textCount else { return false }
    runBytes &+= count
    return true
  }

  /// An element inside a record with nothing in it but text: does at once what ``startElement``, ``characters`` and
  /// ``endElement`` would do, without a frame. False, and nothing done, where there is more to consider.
  ///
  /// - Parameters:
  ///   - node: the path of the element, which is known already.
  ///   - start: offset of the start tag's `<` in the decoded text; lines are counted up to there.
  @inline(__always)
  mutating func leaf(
    _ name: Name, uri: Name?, node: Int32, start: Int, text bytes: UnsafePointer<UInt8>, count: Int
  ) -> Bool {
    let parent = frames + (depth &- 1)
    let zone = parent.pointee.zone
    // Repeats are counted by the elements' serial numbers, which this does not give.
    guard zone == .record || zone == .item, !indexRepeats, depth < depthLimit, count <= limits.textBytes,
      textCount &+ outBytes.count &- recordFirstByte &+ count <= limits.recordBytes
    else { return false }
    let matched = parent.pointee.itemSteps
    if matched >= 0, itemSteps[matched].matches(name, uri) { return false }
    endRun()
    runBytes = 0
    parent.pointee.hasChild = true
    addRecordCell(
      zone, paths.column(of: node), UnsafeBufferPointer(start: bytes, count: count), payloadOffset(of: start),
      lines &+ 1)
    return true
  }
}
