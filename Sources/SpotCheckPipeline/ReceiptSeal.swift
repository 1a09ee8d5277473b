public import SpotCheckDigest
import SpotCheckModel
import SpotCheckSystem

/// The seal of a receipt: the HMAC-SHA256 of its JSON with `null` in the seal's place. It vouches for every byte, and so
/// for the journal's head: who can write to the store, but has no key, cannot tell another story than the one sent out.
public enum ReceiptSeal {
  /// What a receipt says of itself.
  public enum Finding: Sendable, Hashable {
    case genuine, forged, absent
  }

  private static let before = Array("\"seal\": ".utf8)
  private static let after = Array("\n}\n".utf8)
  private static let unsealed = Array("null".utf8)

  /// The seal of a receipt that has none yet.
  public static func seal(_ json: [UInt8], _ key: SealKey) -> String { key.seal(json).hex }

  /// Checks a receipt as it lies in its file.
  public static func check(_ json: [UInt8], _ key: SealKey) -> Finding {
    let length = ContentDigest.byteCount * 2 + 2
    let start = json.count - after.count - length
    guard start >= before.count, json.suffix(after.count).elementsEqual(after),
      json[..<start].suffix(before.count).elementsEqual(before), json[start] == UInt8(ascii: "\""),
      json[start + length - 1] == UInt8(ascii: "\""),
      let seal = ContentDigest(
        hex: String(decoding: json[(start + 1)..<(start + length - 1)], as: UTF8.self))
    else { return .absent }
    return key.isSeal(seal, of: json[..<start] + unsealed + after) ? .genuine : .forged
  }
}

/// The file that a key lies in.
public enum SealKeyFile {
  /// Larger files are no keys.
  static let byteLimit = 4096

  /// Reads a key: the file's bytes, without line ends behind them. A file that others may read or write is refused.
  ///
  /// - Throws: ``SystemError``; ``SealKeyError`` if it is no key that can be trusted.
  public static func load(_ path: String) throws -> SealKey {
    let status = try FileSystem.status(path)
    guard status.kind == .regular else { throw SealKeyError(path, "it is no file") }
    guard status.mode & 0o007 == 0 else {
      throw SealKeyError(path, "everybody may read it, and who can read it can make seals; chmod o= it")
    }
    if try FileSystem.writeRisk(of: path) != nil { throw SealKeyError(path, "others may write to it or its folder") }
    var bytes = try InputFile.contents(of: path, limit: byteLimit)
    while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
    guard let key = SealKey(bytes) else {
      throw SealKeyError(
        path,
        "it holds \(bytes.count) bytes, and a key has at least \(SealKey.leastBytes); "
          + "make one with 'head -c 32 /dev/urandom | base64'")
    }
    return key
  }
}

/// A key that is not used, and why.
public struct SealKeyError: Error, Sendable, CustomStringConvertible {
  public let description: String
  init(_ path: String, _ why: String) { description = "the seal's key \(PathText.printable(path)) is not used: \(why)" }
}
