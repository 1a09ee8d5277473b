#!/bin/sh
# Prints the package traits that this machine has the libraries for: `--traits XLSX` where libxlsxwriter is. Every build and
# test of the same configuration must get the same ones: another trait is another program, compiled from the start.
set -eu
printf '#include <xlsxwriter.h>\nint main(void) { return workbook_new("") == 0; }\n' |
  "${CC:-cc}" -w -x c - -o /dev/null -lxlsxwriter 2>/dev/null || exit 0
echo "--traits XLSX"
