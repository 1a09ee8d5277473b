#!/bin/sh
# Prints the flags that link the program to nothing but itself, if this machine has the libraries for it; otherwise prints
# nothing, and the C libraries are shared as usual. More than half of a start was the dynamic loader: libxml2 brings ICU,
# whose converters we never use (whatever comes in is UTF-8 before libxml2 sees it; GB18030 is a table of ours, so that
# nothing is loaded from libc's folder of converters either).
set -eu
[ "$(uname -s)" = Linux ] || exit 0
libraries="$(pkg-config --static --libs-only-l libxml-2.0 zlib sqlite3 2>/dev/null) -lstdc++ -lm"
program='int xmlParseChunk(void); int sqlite3_initialize(void); int main(void) { return xmlParseChunk() + sqlite3_initialize(); }'
# shellcheck disable=SC2086
echo "$program" | "${CC:-cc}" -w -static -x c - -o /dev/null $libraries 2>/dev/null || exit 0
printf '%s' '-Xswiftc -static-executable'
for library in $libraries; do printf ' -Xlinker %s' "$library"; done
echo
