// UNSAFE FILE: hands the addresses of spans to a kernel in C.

import CKernels

/// Counts rows by what the codes of their columns are worth: the inner loop of a group-by over rows.
///
/// The cell of a row is the sum of one number for each of four columns, looked up by a code of one byte, and of what the caller
/// has summed up besides. Where the processor can, 32 rows are looked up at once (AVX-512).
public enum CodeCounting {
  /// Columns of codes; one that is not needed is worth nothing.
  public static let columns = 4
  /// Entries of a column's table. Codes beyond take the last one.
  public static let codes = 128
  /// Columns of codes must be readable up to the next multiple of this many rows.
  public static let rowsAtOnce = 32
  /// Whether this processor has the instructions.
  public static let hasKernel = sck_best_level() >= 3

  /// `counters[sums[i] + Σ tables[c * codes + min(codes[c * stride + i], codes - 1)]] += mask[i]` for the first `rows`.
  ///
  /// - Parameters:
  ///   - text: column after column, `stride` bytes apart.
  ///   - tables: what codes are worth, table after table; the sums of their largest entries are below 2¹⁶.
  ///   - sums: empty: 0.
  ///   - mask: empty: 1.
  ///   - counters: more than the largest sum. They count modulo 2³².
  ///   - kernel: false: the twin, in plain Swift.
  /// - Precondition: buffers are as long as said; whatever the codes are, only cells of `counters` are touched.
  public static func count(
    _ text: Span<UInt8>, stride: Int, worth tables: Span<UInt16>, sums: Span<UInt32>, mask: Span<UInt8>, rows: Int,
    into counters: inout MutableSpan<UInt32>, kernel: Bool = hasKernel
  ) {
    guard rows > 0 else { return }
    let readable = (rows + rowsAtOnce - 1) / rowsAtOnce * rowsAtOnce
    precondition(
      stride >= readable && text.count / columns >= stride && tables.count == columns * codes
        && (sums.isEmpty || sums.count >= rows) && (mask.isEmpty || mask.count >= rows), "a buffer is too short")
    var largest = 0
    for column in 0..<columns {
      var most: UInt16 = 0
      for code in 0..<codes { most = max(most, tables[column * codes + code]) }
      largest += Int(most)
    }
    precondition(largest <= Int(UInt16.max), "cells do not fit in 16 bits")
    var besides: UInt32 = 0
    if !sums.isEmpty {
      for row in 0..<rows { besides = max(besides, sums[row]) }
    }
    precondition(largest + Int(besides) < counters.count, "there are too few counters")
    guard kernel else {
      return countPlainly(text, stride: stride, tables, sums, mask, rows, &counters)
    }
    // SAFETY: the checks above are what the kernel asks for, whatever the codes are; it keeps no address.
    text.withUnsafeBufferPointer { text in
      tables.withUnsafeBufferPointer { tables in
        sums.withUnsafeBufferPointer { sums in
          mask.withUnsafeBufferPointer { mask in
            counters.withUnsafeMutableBufferPointer { counters in
              sck_count_codes(
                text.baseAddress, stride, tables.baseAddress, sums.isEmpty ? nil : sums.baseAddress,
                mask.isEmpty ? nil : mask.baseAddress, rows, counters.baseAddress)
            }
          }
        }
      }
    }
  }

  /// The kernel's twin.
  private static func countPlainly(
    _ text: Span<UInt8>, stride: Int, _ tables: Span<UInt16>, _ sums: Span<UInt32>, _ mask: Span<UInt8>, _ rows: Int,
    _ counters: inout MutableSpan<UInt32>
  ) {
    // A place for every byte, so that no code needs to be compared with anything.
    var places = [UInt32](repeating: 0, count: columns * 256)
    for column in 0..<columns {
      for byte in 0..<256 { places[column * 256 + byte] = UInt32(tables[column * codes + min(byte, codes - 1)]) }
    }
    let one = text.extracting(0..<rows)
    let two = text.extracting(stride..<(stride + rows))
    let three = text.extracting((2 * stride)..<(2 * stride + rows))
    let four = text.extracting((3 * stride)..<(3 * stride + rows))
    let ofOne = places.span.extracting(0..<256)
    let ofTwo = places.span.extracting(256..<512)
    let ofThree = places.span.extracting(512..<768)
    let ofFour = places.span.extracting(768..<1024)
    for row in 0..<rows {
      var cell = ofOne[Int(one[row])] &+ ofTwo[Int(two[row])] &+ ofThree[Int(three[row])] &+ ofFour[Int(four[row])]
      if !sums.isEmpty { cell &+= sums[row] }
      counters[Int(cell)] &+= mask.isEmpty ? 1 : UInt32(mask[row])
    }
  }
}
