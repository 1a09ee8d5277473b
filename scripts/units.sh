#!/bin/sh
# Checks the units and the crontab line with the tools that will read them. Called by the tests; prints what systemd
# thinks of the exposure of each service. Without systemd-analyze it says so and succeeds.
#   scripts/units.sh BINARY
set -eu
here="$(cd "$(dirname "$0")" && pwd)"
binary="${1:-/bin/true}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/prefix/bin" "$work/prefix/share/spotcheck" "$work/units"
cp "$binary" "$work/prefix/bin/spotcheck"
cp "$here/systemd/mail-failure" "$work/prefix/share/spotcheck/"
for unit in "$here"/systemd/*.service "$here"/systemd/*.timer; do
  sed "s|@PREFIX@|$work/prefix|g" "$unit" >"$work/units/$(basename "$unit")"
done

# Five fields and a command, each field of the form that cron(8) reads.
awk '
  /^[ \t]*(#|$)/ || /^[A-Z_]+=/ { next }
  {
    if (NF < 6) { print "crontab: too few fields: " $0; bad = 1 }
    for (i = 1; i <= 5; i++)
      if ($i !~ /^(\*|[0-9]+(-[0-9]+)?)(\/[0-9]+)?(,(\*|[0-9]+(-[0-9]+)?)(\/[0-9]+)?)*$/) { print "crontab: " $i; bad = 1 }
    if ($0 ~ /[^\\]%/) { print "crontab: a bare % is a line break: " $0; bad = 1 }
    lines++
  }
  END { if (lines == 0 || bad) exit 1 }
' "$here/crontab.example"
if command -v crontab >/dev/null 2>&1 && crontab -T "$here/crontab.example" >/dev/null 2>&1; then
  echo "crontab.example: accepted by crontab -T"
else
  echo "crontab.example: fields are in order"
fi

if ! command -v systemd-analyze >/dev/null 2>&1; then
  echo "units: no systemd-analyze here, not verified"
  exit 0
fi
# verify also reads what the units refer to; only what it says about ours counts.
if ! SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$work"/units/spotcheck-nightly.service \
  "$work"/units/spotcheck-nightly.timer "$work"/units/spotcheck-watch.service \
  "$work/units/spotcheck-failure@test.service" >"$work/verify" 2>&1 || grep -q spotcheck "$work/verify"; then
  cat "$work/verify" >&2
  exit 1
fi
echo "units: systemd-analyze verify has nothing to say"
systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' "$here/systemd/spotcheck-nightly.timer")" >/dev/null
for service in spotcheck-nightly spotcheck-watch; do
  systemd-analyze security --offline=true --no-pager --threshold=20 "$work/units/$service.service" >"$work/security" 2>&1 || {
    tail -n 40 "$work/security" >&2
    exit 1
  }
  grep -o "Overall exposure.*" "$work/security" | sed "s/^/$service: /"
done
