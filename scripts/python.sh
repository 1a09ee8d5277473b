#!/bin/sh
# An optional Python with pyarrow, polars, duckdb, pandas and openpyxl, to read our files with other
# people's readers in the tests, and for python/ and its recipes.
# Without it those tests are skipped, and say so.
cd "$(dirname "$0")/.." || exit 0
check='import pyarrow, polars, duckdb, pandas, openpyxl'
[ -x .venv/bin/python ] && .venv/bin/python -c "$check" >/dev/null 2>&1 && exit 0
if ! command -v python3 >/dev/null 2>&1; then
  echo "spotcheck: no python3: the cross-checks with pyarrow, polars, duckdb, pandas and openpyxl will be skipped" >&2
  exit 0
fi
echo "spotcheck: making .venv with pyarrow, polars, duckdb, pandas and openpyxl (cross-checks with other people's readers)"
if python3 -m venv .venv >/dev/null 2>&1 && .venv/bin/pip install --quiet --disable-pip-version-check \
    pyarrow polars duckdb pandas openpyxl >/dev/null 2>&1 &&
  .venv/bin/python -c "$check" >/dev/null 2>&1; then
  exit 0
fi
echo "spotcheck: pyarrow, polars, duckdb, pandas and openpyxl could not be installed: their cross-checks will be skipped" >&2
rm -rf .venv
exit 0
