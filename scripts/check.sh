#!/bin/sh
# Format, imports and generated files: what must hold at every commit. House rules run with the tests.
set -eu
cd "$(dirname "$0")/.."
SWIFT="${SWIFT:-swift}"

echo "check: format"
"$SWIFT" format lint --strict --configuration .swift-format --recursive --parallel Sources Tests Package.swift

echo "check: rooms import what Package.swift lists, and nothing else"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2046
if ! "$SWIFT" build $(scripts/traits.sh) --explicit-target-dependency-import-check error -j "${JOBS:-2}" >"$log" 2>&1; then
  grep -E 'error' "$log" >&2 || tail -n 20 "$log" >&2
  exit 1
fi

echo "check: passed"
