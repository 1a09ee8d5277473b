#!/usr/bin/env python3
"""Reads Arrow files with pyarrow and polars, and prints every value as JSON.

Usage: arrow_check.py FILE...
Prints one JSON object a file: {"columns": {name: [values]}, "types": {name: type}, "allocated": bytes}.
Fails if pyarrow finds the file invalid, if reading it from a memory map copies anything, or if polars sees other
values. Nulls are null; integers beyond 2^53 are exact, because Python's JSON writes them in full.
"""

import datetime
import json
import sys

import polars
import pyarrow
import pyarrow.ipc


def plain(value):
    if isinstance(value, datetime.date):
        return (value - datetime.date(1970, 1, 1)).days
    return value


def columns_of_pyarrow(path):
    with pyarrow.memory_map(path) as source:
        before = pyarrow.total_allocated_bytes()
        table = pyarrow.ipc.open_file(source).read_all()
        allocated = pyarrow.total_allocated_bytes() - before
        table.validate(full=True)
        metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
        types = {field.name: str(field.type) for field in table.schema}
        columns = {name: [plain(value) for value in table.column(name).to_pylist()] for name in table.column_names}
        return metadata, types, columns, allocated


def columns_of_polars(path):
    frame = polars.read_ipc(path)
    return {name: [plain(value) for value in frame.get_column(name).to_list()] for name in frame.columns}


def main(paths):
    for path in paths:
        metadata, types, columns, allocated = columns_of_pyarrow(path)
        if allocated != 0:
            sys.exit(f"{path}: pyarrow copied {allocated} bytes")
        other = columns_of_polars(path)
        for name, values in columns.items():
            if other[name] != values:
                sys.exit(f"{path}: polars reads {name} differently")
        print(json.dumps({"metadata": metadata, "types": types, "columns": columns}, ensure_ascii=False))


main(sys.argv[1:])
