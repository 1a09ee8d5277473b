#!/bin/sh
# Makes sure that everything a build needs is there (with "test": and what tests like to have); says exactly what is missing and how to get it.
set -eu
cd "$(dirname "$0")/.."

missing=""
need() { # package, test
  sh -c "$2" >/dev/null 2>&1 || missing="$missing $1"
}
need pkg-config "command -v pkg-config || command -v pkgconf"
need libxml2-dev "test -e /usr/include/libxml2/libxml/parser.h"
need zlib1g-dev "test -e /usr/include/zlib.h"
need libsqlite3-dev "test -e /usr/include/sqlite3.h"
need git "command -v git"

if [ -n "$missing" ]; then
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "spotcheck: these development packages are missing:$missing" >&2
    echo "           install them with your system's package manager, then run make again" >&2
    exit 1
  fi
  if [ "$(id -u)" = 0 ]; then root=""
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then root="sudo"
  else
    echo "spotcheck: Debian packages are missing, and this user may not install them. Run:" >&2
    echo "    sudo apt-get update && sudo apt-get install -y --no-install-recommends$missing" >&2
    exit 1
  fi
  echo "spotcheck: installing$missing"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086
  { $root apt-get install -y --no-install-recommends $missing >/dev/null 2>&1 ||
    { $root apt-get update >/dev/null && $root apt-get install -y --no-install-recommends $missing >/dev/null; }; } || {
    echo "spotcheck: apt-get could not install$missing" >&2
    exit 1
  }
fi

wish() { # package, test, what is done without it
  if sh -c "$2" >/dev/null 2>&1 || ! command -v apt-get >/dev/null 2>&1; then return; fi
  if [ "$(id -u)" = 0 ]; then root=""; else root="sudo -n"; fi
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $root apt-get install -y --no-install-recommends "$1" >/dev/null 2>&1 ||
    echo "spotcheck: no $1: $3" >&2
}
wish libxlsxwriter-dev "test -e /usr/include/xlsxwriter.h" "built and tested without --format xlsx"
if [ "${1:-}" = test ]; then
  wish valgrind "command -v valgrind" "instructions are not counted"
fi

if ! command -v "${SWIFT:-swift}" >/dev/null 2>&1; then
  cat >&2 <<'TEXT'
spotcheck: no Swift toolchain was found.
  Install Swift 6.3 or newer for this system (see "Install Swift" on swift.org), put its usr/bin on the PATH,
  check with `swift --version`, then run make again.
TEXT
  exit 1
fi
