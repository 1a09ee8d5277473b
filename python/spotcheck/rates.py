"""Pass rates by dimension, with the same counts, names and order as `spotcheck rate --format csv`."""

from __future__ import annotations

import math
from typing import Callable, NamedTuple, Optional, Sequence, Union

import pyarrow as pa
import pyarrow.compute as pc

from .codes import CodeTable
from .columns import CLASSES, SAMPLE_FLAGS

#: Dimensions that are columns of samples; those with a code table whose codes have levels name it.
_WORDS: dict[str, Optional[str]] = {
    "category": "categories", "district": "districts", "unit_district": "districts", "producer_district": "districts",
    **dict.fromkeys(
        "park stage level purpose bureau lab programme producer unit product section version verdict batch".split()),
}
_PERIODS = ("year", "quarter", "month")
#: The days that the program believes: years 1 to 9999.
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896

#: Purposes whose share of passes is no pass rate, and those whose share of failures is reported as 问题发现率.
_WITHOUT_RATE = {"suspect", "screening"}
_WITH_FINDING = {"selective", "suspect"}

_COUNTS = (
    "samples", "inspected", "passed", "failed", "undetermined", "not_tested", "refused", "unlicensed",
    "risk_monitoring", "screening", "screening_positive", "listed", "label_only", "pending")

#: Standard normal quantile of 0.975.
_Z = 1.959963984540054


class Dimension(NamedTuple):
    kind: str
    level: Optional[int]

    @property
    def column(self) -> str:
        return self.kind if self.level is None else f"{self.kind}_{self.level}"


def dimensions(by: Union[str, Sequence[str]], pool: bool) -> list[Dimension]:
    """Reads `category:1,district`, or a list of such names; the purpose is added unless it is there or pooled."""
    names = by.split(",") if isinstance(by, str) else list(by)
    found: list[Dimension] = []
    for name in names:
        kind, _, level = name.strip().partition(":")
        if kind not in _WORDS and kind not in _PERIODS:
            raise ValueError(f"unknown dimension '{kind}'; known: {', '.join([*_WORDS, *_PERIODS])}")
        if level and (_WORDS.get(kind) is None or level not in "123456789"):
            raise ValueError(f"'{name}': levels are written category:1, district:2; 1 is the top")
        dimension = Dimension(kind, int(level) if level else None)
        if dimension in found:
            raise ValueError(f"dimension '{name}' is named twice")
        found.append(dimension)
    if not pool and not any(dimension.kind == "purpose" for dimension in found):
        found.append(Dimension("purpose", None))
    if not found:
        raise ValueError("no dimension is named")
    return found


def needed(dimensions: Sequence[Dimension], period_by: str) -> list[str]:
    """The columns of samples that counting takes."""
    if period_by not in ("sampled", "received", "reported"):
        raise ValueError(f"period_by is sampled, received or reported; got '{period_by}'")
    names = ["purpose", "class", "flags", "verdict"]
    names += [period_by + "_day" if d.kind in _PERIODS else d.kind for d in dimensions]
    return list(dict.fromkeys(names))


def count(
    samples: pa.Table, dimensions: Sequence[Dimension], tables: dict[str, CodeTable], period_by: str
) -> pa.Table:
    """One row for each combination of keys that occurs, in order of the keys."""
    # No nulls: older versions of Arrow make several groups of them.
    keys = {
        f"key{place}": _without_nulls(_key(samples, d, tables, period_by)) for place, d in enumerate(dimensions)}
    purpose = _plain(samples["purpose"], str)
    pooled = not any(d.kind == "purpose" for d in dimensions)
    grouped = pa.table({**keys, **_counters(samples)}).group_by(list(keys), use_threads=False)
    counts = grouped.aggregate([(name, "sum") for name in _COUNTS])
    only = set(pc.unique(purpose).to_pylist()) if pooled else set()

    rows = []
    for row in counts.to_pylist():
        codes = [_code(row[f"key{place}"], d) for place, d in enumerate(dimensions)]
        numbers = [row[name + "_sum"] for name in _COUNTS]
        rows.append((codes, numbers))
    rows.sort(key=lambda row: [(code or "").encode() for code in row[0]])

    columns: dict[str, pa.Array] = {
        d.column: pa.array([row[0][place] for row in rows], pa.string()) for place, d in enumerate(dimensions)}
    for place, name in enumerate(_COUNTS):
        columns[name] = pa.array([row[1][place] for row in rows], pa.int64())
    shown = next((index for index, d in enumerate(dimensions) if d.kind == "purpose"), None)
    common = next(iter(only)) if len(only) == 1 else None
    rates = [
        _rates(numbers[2], numbers[1], common if shown is None else codes[shown]) for codes, numbers in rows]
    for index, name in enumerate(("rate", "wilson_low", "wilson_high", "finding_rate")):
        columns[name] = pa.array([row[index] for row in rates], pa.float64())
    return pa.table(columns)


def _rates(passed: int, inspected: int, purpose: Optional[str]) -> tuple[Optional[float], ...]:
    """Rate, Wilson's 95 % interval, finding rate. None where samples of this purpose have none."""
    if inspected == 0:
        return None, None, None, None
    finding = (inspected - passed) / inspected if purpose in _WITH_FINDING else None
    if purpose in _WITHOUT_RATE:
        return None, None, None, finding
    failed, z = inspected - passed, _Z
    middle, spread = 2 * passed + z * z, z * math.sqrt(z * z + 4 * passed * failed / inspected)
    width = 2 * (inspected + z * z)
    low = 0.0 if passed == 0 else max(0.0, (middle - spread) / width)
    high = 1.0 if failed == 0 else min(1.0, (middle + spread) / width)
    return passed / inspected, low, high, finding


def _counters(samples: pa.Table) -> dict[str, pa.ChunkedArray]:
    """One column of zeros and ones for each number of an answer."""
    found = _plain(samples["class"], str)
    flags = samples["flags"].cast(pa.uint32())
    failing = pc.fill_null(pc.equal(_plain(samples["verdict"], str), "fail"), False)
    marks = {name: pc.equal(found, name) for name in CLASSES}

    def has(flag: str) -> pa.ChunkedArray:
        return pc.not_equal(pc.bit_wise_and(flags, pa.scalar(SAMPLE_FLAGS[flag], pa.uint32())), 0)

    marks["samples"] = pc.is_valid(found)
    marks["inspected"] = pc.or_(marks["passed"], marks["failed"])
    marks["screening_positive"] = pc.and_(marks["screening"], failing)
    marks["label_only"] = pc.and_(marks["failed"], has("label_only"))
    marks["pending"] = has("pending")
    return {name: marks[name].cast(pa.int64()) for name in _COUNTS}


def _key(
    samples: pa.Table, dimension: Dimension, tables: dict[str, CodeTable], period_by: str
) -> pa.ChunkedArray:
    """Texts, or whole numbers for periods, which `_code` turns into text once a group."""
    if dimension.kind in _PERIODS:
        days = samples[period_by + "_day"].cast(pa.date32())
        number = days.cast(pa.int32())
        believed = pc.and_(pc.greater_equal(number, _FIRST_DAY), pc.less_equal(number, _LAST_DAY))
        days = pc.if_else(believed, days, pa.scalar(None, pa.date32()))
        year = pc.year(days)
        if dimension.kind == "year":
            return year
        if dimension.kind == "quarter":
            return pc.add(pc.multiply(year, 4), pc.subtract(pc.quarter(days), 1))
        return pc.add(pc.multiply(year, 12), pc.subtract(pc.month(days), 1))
    table, level = tables.get(_WORDS[dimension.kind] or ""), dimension.level
    if table is None or level is None:
        return _plain(samples[dimension.kind], str)
    return _plain(samples[dimension.kind], lambda code: table.ancestor(code, level))


def _without_nulls(key: pa.ChunkedArray) -> pa.ChunkedArray:
    """The empty text and -1 are no keys."""
    return key.fill_null("" if pa.types.is_string(key.type) else -1)


def _plain(column: pa.ChunkedArray, change: Callable[[str], str]) -> pa.ChunkedArray:
    """A column of words as texts, each word changed once."""
    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    chunks = []
    for chunk in column.chunks:
        words = pa.array([change(word) for word in chunk.dictionary.to_pylist()], pa.string())
        chunks.append(words.take(chunk.indices))
    return pa.chunked_array(chunks, pa.string())


def _code(key: Union[int, str], dimension: Dimension) -> Optional[str]:
    if key in ("", -1):
        return None
    if isinstance(key, str):
        return key
    if dimension.kind == "year":
        return f"{key:04}"
    if dimension.kind == "quarter":
        return f"{key // 4:04}Q{key % 4 + 1}"
    return f"{key // 12:04}-{key % 12 + 1:02}"
