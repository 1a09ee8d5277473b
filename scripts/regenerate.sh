#!/bin/sh
# Rewrites everything in the repository that is made from code. Tests fail when one of them is stale.
set -eu
cd "$(dirname "$0")/.."
spotcheck="$1"
rm -rf samples/deliveries.new
"$spotcheck" generate --out samples/deliveries.new >/dev/null
cp samples/deliveries/README.md samples/deliveries.new/ 2>/dev/null || true
rm -rf samples/deliveries
mv samples/deliveries.new samples/deliveries
chmod 644 samples/deliveries/*
python3 scripts/hostile.py
"$spotcheck" pipeline schema > pipelines/schema.json
"$spotcheck" pipeline reference > Sources/SpotCheck/Documentation.docc/PipelineReference.md
"$spotcheck" diagnostics > Sources/SpotCheck/Documentation.docc/Diagnostics.md
