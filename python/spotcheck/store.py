"""A store opened as of one snapshot."""

from __future__ import annotations

import os
from typing import Callable, Optional, Sequence, Union

import pyarrow as pa

from . import catalogue, rates
from .catalogue import AsOf, Snapshot
from .codes import UNMAPPED, UNMAPPED_NAME
from .columns import DEFAULT_ITEMS, DEFAULT_SAMPLES, ITEM_TYPES, SAMPLE_TYPES
from .errors import StoreMissing
from .pin import ReaderPin
from .segments import Segment


def open(path: Union[str, "os.PathLike[str]"], as_of: AsOf = None, verify: bool = False) -> "Store":
    """Opens a store as of a snapshot; nothing is ever written into it.

    as_of: as after the program's `--as-of`. None or "latest": the newest snapshot. A number (3, "3", "v3"); a day
        ("2024-12-31" or a datetime.date: the newest snapshot of that day or before); a moment
        ("2024-12-31T12:30+08:00" or a datetime; without a zone it is China Standard Time); a label; the id of a run.
    verify: whether to compare every segment file with its SHA-256 first. Otherwise lengths and schemas are checked.

    Raises StoreMissing, StoreTooNew, StoreDamaged or UnknownSnapshot, all of them a SpotCheckError.
    """
    store = Store(os.fspath(path), as_of)
    if verify:
        try:
            store.verify()
        except BaseException:
            store.close()
            raise
    return store


class Store:
    """What a store says as of one snapshot. Superseded, repeated and withdrawn samples are not there.

    While it is open, segments that `spotcheck store expire` drops keep their files. Tables stay valid after `close()`.
    """

    def __init__(self, path: str, as_of: AsOf = None) -> None:
        self.path = path
        place = os.path.join(path, "catalogue.sqlite")
        if not os.path.isfile(place):
            raise StoreMissing(
                path, "there is no store", "Name the folder of a store, or make one with 'spotcheck init'")
        # Before the catalogue is asked: what it names then stays.
        self._pin = ReaderPin.take(os.path.join(path, "readers"))
        try:
            self._state = catalogue.read(place, as_of)
        except BaseException:
            self._pin.release()
            raise
        self._segments: Optional[list[Segment]] = [
            Segment(visible, os.path.join(path, "segments"), self._state.files, self._state.tables.get("purposes"))
            for visible in self._state.segments]

    def close(self) -> None:
        """Lets go of the store. Tables that were read stay valid."""
        self._segments = None
        self._pin.release()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<spotcheck.Store {self.path!r} at v{self.snapshot.number}>"

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot that is read; every number that leaves the store should name it."""
        return self._state.snapshot

    def snapshots(self) -> list[Snapshot]:
        """All snapshots, oldest first, number 0 (the empty store) included."""
        return list(self._state.snapshots)

    def samples(self, columns: Optional[Sequence[str]] = None) -> pa.Table:
        """The samples that count, one row each, in order of arrival.

        columns: names; None: all but `unit`, `producer` and hashes. Beside the columns of the segment format there are
        `sample` (number of the row), `segment` and `row` (where it is kept), `file` (the delivered file's name),
        `class` (where it counts: one of CLASSES; `passed` and `failed` are the denominator) and `pending`. `flags` and
        `pending` say what is open as of the snapshot.
        """
        return self._table(_chosen(columns, DEFAULT_SAMPLES, SAMPLE_TYPES), lambda segment, types, first:
                           segment.samples(types, first))

    def items(self, columns: Optional[Sequence[str]] = None) -> pa.Table:
        """The items of the samples that count, in order of their samples. `sample` is the row of `samples()`.

        columns: names; None: all but the scales. Decimals are decimal128(38, 18), exact; `value_scale` and the like
        say with how many digits behind the point each was delivered.
        """
        return self._table(_chosen(columns, DEFAULT_ITEMS, ITEM_TYPES), lambda segment, types, first:
                           segment.items(types, first))

    def rate(
        self, by: Union[str, Sequence[str]], *, pool: bool = False, period_by: str = "sampled",
        samples: Optional[pa.Table] = None
    ) -> pa.Table:
        """Pass rates: the rows of `spotcheck rate --by … --format csv`, without names and totals.

        by: dimensions, as a list or comma-separated; `category:1` for a level of a tree. `purpose` is added unless it
            is among them or `pool` is said: a rate over several purposes describes no population.
        period_by: the day that years, quarters and months are taken from: sampled, received or reported.
        samples: count only these rows of `samples()`; it needs the columns `purpose`, `class`, `flags`, `verdict` and
            those of the dimensions. None: all.

        A code is null where nothing was delivered and `?` where the text is in no table. `rate` is passed / inspected,
        null where samples of the purpose have no pass rate; the interval is Wilson's, 95 %.
        """
        dimensions = rates.dimensions(by, pool)
        columns = rates.needed(dimensions, period_by)
        if samples is None:
            samples = self.samples(columns)
        missing = [name for name in columns if name not in samples.column_names]
        if missing:
            raise ValueError(f"the samples lack the columns {', '.join(missing)}")
        return rates.count(samples, dimensions, self._state.tables, period_by)

    def names(self, table: str) -> dict[str, str]:
        """Names by code of a code table (`categories`, `districts` …) as of the snapshot, `?` among them."""
        if table not in self._state.tables:
            raise KeyError(f"no code table '{table}'; there are: {', '.join(sorted(self._state.tables))}")
        return {UNMAPPED: UNMAPPED_NAME, **self._state.tables[table].names()}

    def verify(self) -> None:
        """Compares every segment file of the snapshot with its SHA-256; StoreDamaged names the first that differs."""
        for segment in self._open_segments():
            segment.verify()

    def _open_segments(self) -> list[Segment]:
        if self._segments is None:
            raise ValueError("the store is closed")
        return self._segments

    def _table(
        self, types: dict[str, pa.DataType], read: Callable[[Segment, dict[str, pa.DataType], int], pa.RecordBatch]
    ) -> pa.Table:
        batches = []
        first = 0
        for segment in self._open_segments():
            batches.append(read(segment, types, first))
            first += segment.visible.sample_rows - len(segment.visible.excluded)
        return pa.Table.from_batches(batches, schema=pa.schema(list(types.items()))).unify_dictionaries()


def _chosen(
    columns: Optional[Sequence[str]], default: list[str], types: dict[str, pa.DataType]
) -> dict[str, pa.DataType]:
    if isinstance(columns, str):
        raise TypeError("columns is a list of names")
    names = default if columns is None else list(columns)
    unknown = [name for name in names if name not in types]
    if unknown:
        raise ValueError(f"unknown columns: {', '.join(map(str, unknown))}; known: {', '.join(types)}")
    if len(set(names)) != len(names):
        raise ValueError("a column is named twice")
    return {name: types[name] for name in names}
