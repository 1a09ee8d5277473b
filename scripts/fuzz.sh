#!/bin/sh
# Fuzzes every reader of bytes from outside with libFuzzer. See Documentation.docc/Torture.md.
#
#   scripts/fuzz.sh [target …]      FUZZ_SECONDS=60 a target, or FUZZ_RUNS=n; FUZZ_SANITIZE=fuzzer,address
#
# The rooms are compiled again with instrumentation, one swiftc call a room, against the dependencies of an ordinary
# release build; the harness is Tests/Fuzz. What the fuzzer finds interesting is kept in .build/fuzz/found/<target>;
# only what is worth keeping goes into Tests/Fuzz/corpus by hand. A crash leaves .build/fuzz/crashes/<target>-*, its
# path is printed, and the exit status is 1.
set -eu
cd "$(dirname "$0")/.."
SWIFTC="${SWIFTC:-swiftc}"
SANITIZE="${FUZZ_SANITIZE:-fuzzer,address}"
SECONDS_EACH="${FUZZ_SECONDS:-60}"
BUILD="${FUZZ_BUILD:-$PWD/.build}"
RELEASE="$BUILD/release"
OUT="$BUILD/fuzz"
ROOMS="Model Statistics Audit System Digest Reading Curation Store Catalogue Workbook Query Receipts Pipeline Operations Generator"

clang="$(dirname "$(readlink -f "$(command -v "$SWIFTC")")")/clang"
if ! echo 'int LLVMFuzzerTestOneInput(const char *d, long n) { return 0; }' |
  "$clang" -x c - -fsanitize="$SANITIZE" -o /dev/null 2>/dev/null; then
  echo "fuzz: this tool chain has no runtime for -sanitize=$SANITIZE; try FUZZ_SANITIZE=fuzzer" >&2
  exit 1
fi

if [ ! -x "$RELEASE/spotcheck" ]; then
  echo "fuzz: build the release first: make build" >&2
  exit 1
fi
mkdir -p "$OUT/modules" "$OUT/objects" "$OUT/crashes"

# The modules of C code: ours, and those of the dependencies.
includes=""
for map in "$RELEASE"/CSystem.build/module.modulemap "$RELEASE"/CKernels.build/module.modulemap \
  "$BUILD"/checkouts/swift-crypto/Sources/*/include/module.modulemap \
  "$BUILD"/checkouts/GRDB.swift/Sources/GRDBSQLite/module.modulemap \
  "$BUILD"/checkouts/Yams/Sources/CYaml/include/module.modulemap \
  Sources/CLibXML2/module.modulemap Sources/CZlib/module.modulemap; do
  includes="$includes -Xcc -fmodule-map-file=$map -Xcc -I -Xcc $(dirname "$map")"
done
includes="$includes -Xcc -I -Xcc Sources/CSystem/include -Xcc -I -Xcc Sources/CKernels/include"
includes="$includes $(pkg-config --cflags-only-I libxml-2.0)"

changed=""
compile() { # module, sources…
  module="$1"
  shift
  object="$OUT/objects/$module.o"
  # A room that was compiled makes those behind it stale.
  if [ -z "$changed" ] && [ -f "$object" ] && [ -z "$(find "$@" -newer "$object" -name '*.swift')" ]; then
    return 0
  fi
  changed=yes
  echo "fuzz: compiling $module"
  # shellcheck disable=SC2046,SC2086
  "$SWIFTC" -module-name "$module" -swift-version 6 -O -g -wmo -parse-as-library -enable-testing -static-stdlib \
    -package-name spotcheck -enable-upcoming-feature ExistentialAny -enable-upcoming-feature InternalImportsByDefault \
    -enable-upcoming-feature MemberImportVisibility -sanitize="$SANITIZE" -I "$OUT/modules" -I "$RELEASE/Modules" \
    $includes -emit-module -emit-module-path "$OUT/modules/$module.swiftmodule" -c -o "$object" \
    $(find "$@" -name '*.swift' | sort)
}

for file in Sources/CSystem/*.c Sources/CKernels/*.c; do
  folder="$(dirname "$file")"
  "$clang" -O2 -g -fPIC -fsanitize="$(echo "$SANITIZE" | sed 's/fuzzer/fuzzer-no-link/')" -I "$folder/include" -c "$file" \
    -o "$OUT/objects/$(basename "$folder")-$(basename "$file").o"
done
for room in $ROOMS; do
  [ -d "Sources/SpotCheck$room" ] && compile "SpotCheck$room" "Sources/SpotCheck$room"
done
compile SpotCheck Sources/SpotCheck/Exports.swift
compile SpotCheckFuzz Tests/Fuzz/LibFuzzer.swift Tests/Fuzz/Targets

dependencies="$(find -L "$RELEASE"/Crypto.build "$RELEASE"/CryptoBoringWrapper.build "$RELEASE"/CCryptoBoringSSL.build \
  "$RELEASE"/CCryptoBoringSSLShims.build "$RELEASE"/CXKCP.build "$RELEASE"/CXKCPShims.build "$RELEASE"/SwiftASN1.build \
  "$RELEASE"/GRDB.build "$RELEASE"/Yams.build "$RELEASE"/CYaml.build -name '*.o' 2>/dev/null)"
binary="$OUT/spotcheck-fuzz"
if [ ! -x "$binary" ] || [ -n "$changed" ]; then
  echo "fuzz: linking"
  # shellcheck disable=SC2086
  "$SWIFTC" -sanitize="$SANITIZE" -static-stdlib -o "$binary" "$OUT"/objects/*.o $dependencies \
    -lsqlite3 -lz $(pkg-config --libs libxml-2.0) -lm -lstdc++ 2>"$OUT/link.log" || { tail -n 20 "$OUT/link.log" >&2; exit 1; }
fi

# More seeds than the corpus: files of the repository that a target reads anyway.
seeds() {
  case "$1" in
    gzip) find samples/hostile samples/deliveries -name '*.gz' -size -32k ;;
    text | csv | xml | delivery) find samples/hostile samples/deliveries -size -32k -type f ! -name '*.json' ;;
    pipeline) find pipelines -name '*.yaml' ! -name targets.yaml ;;
    codetable) find pipelines/codes -name '*.csv' ;;
    targets) echo pipelines/targets.yaml ;;
    bulletin) find samples/bulletins -type f ;;
  esac
}

# Scratch files in memory, where there is such a folder.
[ -w /dev/shm ] && TMPDIR=/dev/shm
TMPDIR="$(mktemp -d)"
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

status=0
targets="${*:-gzip text csv xml delivery pipeline codetable targets description segment filter bulletin}"
for target in $targets; do
  found="$OUT/found/$target"
  mkdir -p "$found" "$OUT/seeds/$target" "Tests/Fuzz/corpus/$target"
  for file in $(seeds "$target"); do cp "$file" "$OUT/seeds/$target/$(basename "$file")"; done
  dictionary="Tests/Fuzz/dictionaries/$target.txt"
  [ -f "$dictionary" ] && dictionary="-dict=$dictionary" || dictionary=""
  if [ -n "${FUZZ_RUNS:-}" ]; then bound="-runs=$FUZZ_RUNS"; else bound="-max_total_time=$SECONDS_EACH"; fi
  # A segment is tens of kilobytes even if it holds one row.
  [ "$target" = segment ] && length=32768 || length=4096
  log="$OUT/$target.log"
  if FUZZ_TARGET="$target" SPOTCHECK_REPOSITORY="$PWD" ASAN_OPTIONS="detect_leaks=0:malloc_context_size=2:quarantine_size_mb=16" \
    "$binary" "$found" "$OUT/seeds/$target" "Tests/Fuzz/corpus/$target" $dictionary $bound -max_len="$length" \
    -print_funcs=0 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$OUT/crashes/$target-" >"$log" 2>&1; then
    echo "fuzz: $target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions, nothing found"
  else
    status=1
    echo "fuzz: $target FAILED; see $log" >&2
    grep -E 'Fatal error|ERROR: |SUMMARY|Test unit written' "$log" | head -n 5 >&2 || true
  fi
done
exit $status
