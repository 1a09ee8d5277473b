"""The peers, each run as a process of its own: `python peers.py NAME ARGUMENTS`. Prints one line of JSON.

  versions
  polars-ingest THREADS BUREAU TARGET FILE...   CSV.gz to an Arrow file, every column
  duckdb-ingest THREADS BUREAU TARGET FILE...   CSV.gz to a database file, every column
  polars-told BUREAU TARGET, duckdb-told ...    what such a store holds, outside the clock
  duckdb-load TABLE.csv TARGET               a database file with ENUM columns, to be queried
  duckdb-memory THREADS TIMES TARGET QUERY   group-by on an in-memory ENUM table, timed inside; rows TIMES over
  polars-memory THREADS TABLE.csv QUERY      the same on a DataFrame of categories
  duckdb-cold TARGET QUERY                   open the database file, one group-by, print
  duckdb-start TARGET                        open the database file, ask nothing

QUERY is JSON: {"by": [...], "year": 2023 or null, "districts": [...] or null}.
"""

import json
import os
import statistics
import sys
import time


class Shape:
    """A bureau's tables, as peers read them: titles and header are skipped, every column is text."""

    def __init__(self, columns, categories, skip, number, cells, item=None):
        self.columns, self.categories = columns.split(), categories.split()
        self.skip = skip
        # What a sampling number contains. A row of data has one, or, where cells were merged, only an item whose name is not
        # the header's. Titles, repeated headers, footers and blank lines have neither.
        self.number, self.item = number, item
        # Rows are counted by these two texts, to be compared.
        self.cells = cells


SHAPES = {
    "agriculture": Shape(
        "sampling_number report_number programme level stage category product unit unit_code district producer sampled received "
        "reported lab analyte result result_unit limit_text item_verdict method basis verdict remark",
        # What repeats enough to be worth a code; the rest is text.
        "programme level stage category product district producer lab analyte result_unit limit_text item_verdict method basis "
        "verdict remark",
        3, "NCP", ("district", "verdict"), item=("analyte", "检测项目")),
    "forestry": Shape(
        "serial sampling_number category product unit producer purpose stage sampled reported failed verdict lab remark",
        "category product producer purpose stage failed verdict lab remark", 2, "LCP", ("category", "verdict")),
}


def duckdb_on(path, threads, read_only=False):
    import duckdb

    connection = duckdb.connect(path, read_only=read_only)
    connection.execute(f"set threads = {threads}")
    return connection


def versions():
    import duckdb
    import polars

    return {"duckdb": duckdb.__version__, "polars": polars.__version__, "python": sys.version.split()[0]}


def polars_ingest(threads, bureau, target, *files):
    import polars as pl

    shape = SHAPES[bureau]
    frame = pl.scan_csv(list(files), has_header=False, skip_rows=shape.skip, schema={name: pl.String for name in shape.columns},
                        truncate_ragged_lines=True, ignore_errors=True)
    frame.with_columns(pl.col(shape.categories).cast(pl.Categorical)).sink_ipc(target)
    return {"bytes": os.path.getsize(target)}


def duckdb_ingest(threads, bureau, target, *files):
    shape = SHAPES[bureau]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in shape.columns)
    connection = duckdb_on(target, threads)
    connection.execute(
        f"create table rows as select * from read_csv({list(files)}, header = false, skip = {shape.skip}, auto_detect = false, delim = ',', "
        f"quote = '\"', escape = '\"', ignore_errors = true, columns = {{{columns}}})")
    connection.execute("checkpoint")
    connection.close()
    return {"bytes": os.path.getsize(target)}


def told(cells, samples):
    """Rows by two texts, and how many samples there are."""
    return {"cells": sorted(([d or "", v or "", n] for d, v, n in cells)), "samples": samples}


def polars_told(bureau, target):
    import polars as pl

    shape = SHAPES[bureau]
    number = pl.col("sampling_number").str.strip_chars()
    is_row = number.str.contains(shape.number)
    if shape.item:
        item = pl.col(shape.item[0]).cast(pl.String)
        is_row = is_row | ((item != "") & (item != shape.item[1]))
    rows = pl.scan_ipc(target).filter(is_row)
    cells = rows.group_by([pl.col(name).cast(pl.String) for name in shape.cells]).agg(pl.len()).collect().rows()
    return told(cells, rows.filter(number.str.contains(shape.number)).select(number.n_unique()).collect().item())


def duckdb_told(bureau, target):
    shape = SHAPES[bureau]
    connection = duckdb_on(target, 1, read_only=True)
    numbered = f"from rows where contains(sampling_number, '{shape.number}')"
    where = numbered
    if shape.item:
        where += " or ({0} <> '' and {0} <> '{1}')".format(*shape.item)
    cells = connection.execute(f"select {', '.join(shape.cells)}, count(*) {where} group by all").fetchall()
    return told(cells, connection.execute(f"select count(distinct trim(sampling_number)) {numbered}").fetchone()[0])


def duckdb_load(table, target):
    connection = duckdb_on(target, 1)
    words = ("category", "district", "purpose", "verdict")
    connection.execute(f"create temp table raw as select * from read_csv('{table}', all_varchar = true, header = true)")
    for word in words:
        connection.execute(f"create type {word}_t as enum (select distinct {word} from raw where {word} is not null order by 1)")
    typed = ", ".join(f"{word}::{word}_t as {word}" for word in words)
    connection.execute(
        f"create table rows as select {typed}, year(day)::usmallint as year, (year(day) * 12 + month(day) - 1)::usmallint as month "
        "from (select *, try_cast(sampled_day as date) as day from raw)")
    connection.execute("checkpoint")
    rows = connection.execute("select count(*) from rows").fetchone()[0]
    connection.close()
    return {"rows": rows}


def sql(query):
    by = ", ".join(query["by"] + ["purpose"])
    conditions = []
    if query["year"]:
        conditions.append(f"year = {query['year']}")
    if query["districts"]:
        conditions.append("district in (" + ", ".join(f"'{code}'" for code in query["districts"]) + ")")
    where = " where " + " and ".join(conditions) if conditions else ""
    return f"select {by}, count(*), count(*) filter (verdict = 'pass') from rows{where} group by {by}"


def named(rows, query):
    """Cells as ours names them: a month is 2023-01."""
    at = query["by"].index("month") if "month" in query["by"] else None
    cells = []
    for row in rows:
        row = list(row)
        if at is not None:
            row[at] = f"{row[at] // 12}-{row[at] % 12 + 1:02}"
        cells.append(row)
    return sorted(cells)


def timed(ask):
    """Median milliseconds of seven, after one that warms up; and the answer."""
    ask()
    times = []
    for _ in range(7):
        start = time.perf_counter()
        answer = ask()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000, answer


def duckdb_memory(threads, times, target, query):
    query = json.loads(query)
    connection = duckdb_on(":memory:", threads)
    connection.execute(f"attach '{target}' as stored (read_only)")
    connection.execute(f"create table rows as select r.* from stored.rows r, range({times})")
    count = connection.execute("select count(*) from rows").fetchone()[0]
    milliseconds, rows = timed(lambda: connection.execute(sql(query)).fetchall())
    return {"ms": milliseconds, "rows": count, "cells": named(rows, query)}


def polars_memory(threads, table, query):
    import polars as pl

    query = json.loads(query)
    frame = pl.read_csv(table, infer_schema=False).with_columns(
        pl.col("category", "district", "purpose").cast(pl.Categorical), passed=pl.col("verdict") == "pass",
        day=pl.col("sampled_day").str.to_date(strict=False)
    ).with_columns(year=pl.col("day").dt.year(), month=pl.col("day").dt.month())
    month = (pl.col("year") * 12 + pl.col("month").cast(pl.Int32) - 1).cast(pl.UInt16)
    frame = frame.with_columns(month=month).select("category", "district", "purpose", "passed", "year", "month").rechunk()
    lazy = frame.lazy()
    if query["year"]:
        lazy = lazy.filter(pl.col("year") == query["year"])
    if query["districts"]:
        lazy = lazy.filter(pl.col("district").is_in(query["districts"]))
    lazy = lazy.group_by(*query["by"], "purpose").agg(pl.len(), pl.col("passed").sum())
    milliseconds, rows = timed(lambda: lazy.collect(engine="streaming").rows())
    return {"ms": milliseconds, "rows": frame.height, "cells": named(rows, query)}


def duckdb_cold(target, query):
    query = json.loads(query)
    connection = duckdb_on(target, len(os.sched_getaffinity(0)), read_only=True)
    return {"cells": named(connection.execute(sql(query)).fetchall(), query)}


def duckdb_start(target):
    duckdb_on(target, len(os.sched_getaffinity(0)), read_only=True).execute("select 1").fetchall()


def main():
    name, *arguments = sys.argv[1:]
    if name in ("polars-ingest", "polars-memory"):
        os.environ["POLARS_MAX_THREADS"] = arguments[0]
    print(json.dumps(globals()[name.replace("-", "_")](*arguments), ensure_ascii=False))


if __name__ == "__main__":
    main()
