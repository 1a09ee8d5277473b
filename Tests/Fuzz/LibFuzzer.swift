// UNSAFE FILE: libFuzzer lends its input by address. Compiled by scripts/fuzz.sh only.

import SpotCheckSystem

private let target: FuzzTarget = {
  guard let target = FuzzTarget(rawValue: Machine.environment("FUZZ_TARGET") ?? "") else {
    fatalError("FUZZ_TARGET must be one of \(FuzzTarget.allCases.map(\.rawValue))")
  }
  return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer keeps `count` bytes at `data` alive for the call.
  target.run(Array(UnsafeBufferPointer(start: data, count: count)))
  return 0
}
