#!/bin/sh
# What a newcomer sees first: the deliveries of three bureaus become pass rates.
set -eu
cd "$(dirname "$0")/.."
spotcheck="$1"
store="$(mktemp -d)/store"
trap 'rm -rf "$(dirname "$store")"' EXIT

"$spotcheck" init "$store" >/dev/null
echo "Importing samples/deliveries: market supervision (XML), agriculture and forestry (CSV.gz), 2023 and 2024"
status=0
"$spotcheck" import --store "$store" samples/deliveries/*.xml samples/deliveries/*.gz 2>"$store/import.log" || status=$?
tail -n 2 "$store/import.log"
# 3 means: done, with rejected rows. Anything else is a failure, and its reason is in the log.
[ "$status" = 0 ] || [ "$status" = 3 ] || { cat "$store/import.log" >&2; exit "$status"; }
echo
echo "Pass rates by category and district, 2024: spotcheck rate --by category:1,district --where \"year = 2024\""
"$spotcheck" rate --store "$store" --by category:1,district --where "year = 2024"
echo
echo "The three bureaus: spotcheck rate --by bureau"
"$spotcheck" rate --store "$store" --by bureau
echo
echo "The city's targets, 2024: spotcheck targets --period 2024"
"$spotcheck" targets --store "$store" --period 2024
