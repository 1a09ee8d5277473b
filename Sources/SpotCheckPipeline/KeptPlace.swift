import SpotCheckDigest
import SpotCheckModel
import SpotCheckStore
import SpotCheckSystem

/// Where a delivered file will be kept: decided and recorded before it is moved there, so that a run that was cut short
/// can be finished.
struct KeptPlace {
  private let layout: StoreLayout
  private let delivery: Delivery
  private let digest: String

  init(_ layout: StoreLayout, _ delivery: Delivery, digest: String) {
    self.layout = layout
    self.delivery = delivery
    self.digest = digest
  }

  func archived() throws -> String {
    try free { StoreLayout.archived(day: delivery.day, digest: digest, name: delivery.name, digits: $0) }
  }

  func refused(_ code: DiagnosticCode) throws -> String {
    try free {
      StoreLayout.quarantined(
        code: code.rawValue, day: delivery.day, digest: digest, name: delivery.name, digits: $0)
    }
  }

  /// The first name that is free, or holds these very bytes: what is kept is never overwritten.
  private func free(_ place: (_ digits: Int) -> String) throws -> String {
    if !delivery.keptPlace.isEmpty { return delivery.keptPlace }
    guard delivery.id != nil, !delivery.day.isEmpty else { return "" }
    for digits in [8, 16, 32] {
      let candidate = place(digits)
      let path = layout.path(of: candidate)
      guard try FileSystem.exists(path) else { return candidate }
      if (try? FileDigest(of: path).digest.hex) == digest { return candidate }
    }
    return place(64)
  }
}
