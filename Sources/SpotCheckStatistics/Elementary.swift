// The only file of this room that knows the C library: six elementary functions of one real number.
// They are pure and thread-safe. `lgamma` is not here on purpose: it writes the global `signgam`.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Natural logarithm.
func naturalLog(_ x: Double) -> Double { log(x) }

/// ln(1 + x), accurate for small x.
func logOnePlus(_ x: Double) -> Double { log1p(x) }

/// e^x.
func exponential(_ x: Double) -> Double { exp(x) }

/// Complementary error function.
func complementaryError(_ x: Double) -> Double { erfc(x) }

func sine(_ x: Double) -> Double { sin(x) }

func arcsine(_ x: Double) -> Double { asin(x) }

extension Int {
  /// The nearest whole number not outside `Int`; 0 for NaN. `Int(_:)` would trap on all three.
  init(saturating value: Double) {
    if let exact = Int(exactly: value.rounded()) {
      self = exact
    } else if value.isNaN {
      self = 0
    } else {
      self = value < 0 ? .min : .max
    }
  }
}

extension Double {
  /// The value moved into 0...1.
  var clampedToUnit: Double { Swift.min(1, Swift.max(0, self)) }
}
