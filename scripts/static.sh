#!/bin/sh
# Prints how the release is linked and with which traits.
#
# If this machine has the libraries for it, the program is linked to nothing but itself; otherwise the C libraries are shared
# as usual. More than half of a start was the dynamic loader: libxml2 brings ICU, whose converters we never use (whatever comes
# in is UTF-8 before libxml2 sees it; GB18030 is a table of ours, so that nothing is loaded from libc's folder of converters
# either).
#
# Debian has libxlsxwriter only as a shared library, with OpenSSL behind it: 5 ms more at every start. So where it cannot be
# linked in, workbooks are left out, unless XLSX=1 asks for a shared program that writes them (Decisions/0020).
set -eu
traits="$("$(dirname "$0")/traits.sh")"
shared() {
  echo "$traits"
  exit 0
}
[ "$(uname -s)" = Linux ] || shared
# What is printed: the flags of a static program with these libraries.
static() {
  printf '%s' '-Xswiftc -static-executable'
  for library in "$@"; do printf ' -Xlinker %s' "$library"; done
}
links() { # program, libraries
  program="$1"
  shift
  echo "$program" | "${CC:-cc}" -w -static -x c - -o /dev/null "$@" 2>/dev/null
}
libraries="$(pkg-config --static --libs-only-l libxml-2.0 zlib sqlite3 2>/dev/null) -lstdc++ -lm"
workbooks="$(pkg-config --static --libs-only-l xlsxwriter 2>/dev/null || true)"
ours='int xmlParseChunk(void); int sqlite3_initialize(void); int workbook_new(void);
int main(void) { return xmlParseChunk() + sqlite3_initialize()'
# shellcheck disable=SC2086
if [ -n "$traits" ] && links "$ours + workbook_new(); }" $workbooks $libraries; then
  static $workbooks $libraries
  echo " $traits"
elif [ -n "$traits" ] && [ "${XLSX:-}" = 1 ]; then
  shared
elif links "$ours; }" $libraries; then
  static $libraries
  echo
else
  shared
fi
