"""The rows that DuckDB's CSV reader refuses: line, byte (both from 1), first column, kind; as JSON lines."""

import json
import sys

import duckdb

path = sys.argv[1]
with open(path, encoding="utf-8", newline="") as file:
    header = file.readline().rstrip("\r\n").split(",")
columns = {name: "VARCHAR" for name in header}
connection = duckdb.connect()
connection.execute("SET threads = 1")
connection.execute(
    "SELECT count(*) FROM read_csv(?, header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', "
    f"columns = {columns!r}, store_rejects = true)", [path]).fetchall()
for row in connection.execute(
        "SELECT line, line_byte_position, min(column_idx), min(error_type::VARCHAR) FROM reject_errors "
        "GROUP BY ALL ORDER BY 1").fetchall():
    print(json.dumps({"line": row[0], "byte": row[1], "column": row[2], "kind": row[3]}))
