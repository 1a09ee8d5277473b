import Foundation

/// Names in Unicode's composed form (NFC). One system delivers `é` as one character and another as two; kept under one form
/// they are one name, sort together, and are found by whoever types them. Bytes that are no text stay as they are: they
/// are escaped.
enum ComposedName {
  static func of(_ name: String) -> String {
    // Nearly all are ASCII or plain Chinese, which have one form.
    name.utf8.allSatisfy { $0 < 0x80 } ? name : name.precomposedStringWithCanonicalMapping
  }
}
