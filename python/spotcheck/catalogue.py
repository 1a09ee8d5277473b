"""What the catalogue (SQLite) says about one snapshot. It is read once, in one transaction, and closed again."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import json
import os
import re
import sqlite3
import struct
import urllib.parse
from typing import Any, Iterator, Mapping, Optional, Union

from . import moments
from .codes import CodeTable
from .errors import SpotCheckError, StoreDamaged, StoreMissing, StoreTooNew, UnknownSnapshot

#: "SPTC" in SQLite's header.
APPLICATION_ID = 0x53505443
#: The newest format that is understood here.
FORMAT = 3

AsOf = Union[None, int, str, datetime.date, datetime.datetime]

_ANOTHER_STORE = "Name the folder of a store"
_RESTORE = "Restore the catalogue from a backup, or rebuild the store"


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """One state of a store: what was visible after one publication."""

    number: int
    #: When it was published, in China Standard Time; None if nobody recorded it.
    time: Optional[datetime.datetime]
    #: What somebody called it; mostly empty.
    label: str
    #: The run that published it.
    run: Optional[str]
    #: Name of the delivered file that it brought.
    file: Optional[str]
    #: `batch`, `compaction` or `replay`.
    kind: str
    #: Whether it cannot be read any more.
    is_expired: bool


@dataclasses.dataclass
class VisibleSegment:
    """A segment as a snapshot sees it. Row numbers are those in the samples file."""

    id: str
    sample_rows: int
    item_rows: int
    #: Length, SHA-256, and XXH64 of the metadata, of the files by table.
    lengths: dict[str, int]
    digests: dict[str, str]
    metadata_hashes: dict[str, str]
    #: Superseded, repeated and withdrawn.
    excluded: set[int] = dataclasses.field(default_factory=set)
    #: What an objection or a retest has said since about rows that go on counting; the last word of each.
    pending: set[int] = dataclasses.field(default_factory=set)
    settled: set[int] = dataclasses.field(default_factory=set)


@dataclasses.dataclass
class CatalogueState:
    """Everything that reading one snapshot takes."""

    snapshot: Snapshot
    snapshots: list[Snapshot]
    segments: list[VisibleSegment]
    tables: dict[str, CodeTable]
    #: File names of batches by digest.
    files: dict[str, str]


def read(path: str, as_of: AsOf) -> CatalogueState:
    """Reads the state that `as_of` means."""
    try:
        with _opened(path) as connection:
            return _Reader(connection, path).state(as_of)
    except sqlite3.Error as error:
        raise _translated(error, path) from error
    except UnicodeDecodeError as error:
        raise StoreDamaged(path, "a text is not UTF-8", _RESTORE) from error


def _translated(error: sqlite3.Error, path: str) -> SpotCheckError:
    text = str(error)
    if "locked" in text or "busy" in text:
        return SpotCheckError(path, text, "Wait until the other run has ended, then try again")
    if "not a database" in text:
        return StoreMissing(path, "this database was not made by SpotCheck", _ANOTHER_STORE)
    if _lacks_index(error):
        return SpotCheckError(
            path, "it cannot be opened", "Check who may read the store's folder. If nobody may write there and a "
            "'-wal' file lies beside the catalogue, read a copy made by 'spotcheck store backup'")
    if isinstance(error, sqlite3.OperationalError) and "disk I/O" in text:
        return SpotCheckError(path, text, "Check the disk, then try again")
    return StoreDamaged(path, text, _RESTORE)


def _lacks_index(error: sqlite3.Error) -> bool:
    """Whether it may be the index of the log that cannot be opened, or made."""
    text = str(error)
    return isinstance(error, sqlite3.OperationalError) and ("unable to open" in text or "readonly" in text)


@contextlib.contextmanager
def _opened(path: str) -> Iterator[sqlite3.Connection]:
    """A read-only connection inside one read transaction.

    `mode=ro` takes part in SQLite's locking, so what is seen is one committed state, log (`-wal`) included, while an
    import runs. `immutable=1` would not look at the log, so it is used only where SQLite cannot make the log's index
    because nobody may write there (a read-only medium), there is no log, and the file stays as it is meanwhile.
    """
    if not os.path.exists(path):
        raise StoreMissing(path, "there is no store", _ANOTHER_STORE)
    try:
        connection = _connect(path, "mode=ro")
    except sqlite3.OperationalError as error:
        before = _standing(path) if _lacks_index(error) else None
        if before is None:
            raise
        connection = _connect(path, "mode=ro&immutable=1")
        try:
            yield connection
        finally:
            connection.close()
        if _standing(path) != before:
            raise SpotCheckError(path, "it was written to while it was being read", "Try again") from None
        return
    try:
        yield connection
    finally:
        connection.close()


def _connect(path: str, mode: str) -> sqlite3.Connection:
    uri = "file:" + urllib.parse.quote(os.path.abspath(path)) + "?" + mode
    connection = sqlite3.connect(uri, uri=True, timeout=30, isolation_level=None)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master")
    except BaseException:
        connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection


def _standing(path: str) -> Optional[tuple[int, int, int]]:
    """What tells whether the file was changed; None if there is a log, which would have to be read too."""
    try:
        if os.path.exists(path + "-wal") and os.path.getsize(path + "-wal") > 0:
            return None
        status = os.stat(path)
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


class _Reader:
    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self._connection = connection
        self._path = path
        if self._one("PRAGMA application_id") != APPLICATION_ID:
            raise StoreMissing(path, "this database was not made by SpotCheck", _ANOTHER_STORE)
        self._format = self._one("PRAGMA user_version")
        if self._format > FORMAT:
            raise StoreTooNew(
                path, f"format {self._format} is newer than the {FORMAT} that this module knows",
                "Use the module that came with the program")
        if self._format < 1:
            raise self._damaged(f"format {self._format} does not exist")

    def state(self, as_of: AsOf) -> CatalogueState:
        snapshots = self._snapshots()
        number = self._resolve(as_of, snapshots)
        found = next((snapshot for snapshot in snapshots if snapshot.number == number), None)
        if found is None:
            raise self._unknown(str(as_of))
        if found.is_expired:
            raise UnknownSnapshot(
                self._path, f"snapshot {number}, which '{as_of}' means, was expired",
                "'spotcheck store snapshots' lists those that can be read")
        return CatalogueState(found, snapshots, self._segments(number), self._tables(number), self._files())

    # Snapshots

    def _snapshots(self) -> list[Snapshot]:
        sql = "SELECT s.*, b.name AS file FROM snapshots s LEFT JOIN batches b ON b.id = s.batch ORDER BY s.number"
        snapshots = []
        for row in self._rows(sql):
            known = row.keys()
            snapshots.append(Snapshot(
                row["number"], moments.moment(row["time"]), row["label"], row["run"], row["file"],
                row["kind"] if "kind" in known else "batch",
                bool(row["is_expired"]) if "is_expired" in known else False))
        return snapshots

    def _resolve(self, as_of: AsOf, snapshots: list[Snapshot]) -> int:
        newest = snapshots[-1].number if snapshots else 0
        if as_of is None or as_of == "latest":
            return newest
        if isinstance(as_of, datetime.datetime):
            return self._at(moments.milliseconds(as_of))
        text = as_of.isoformat() if isinstance(as_of, datetime.date) else str(as_of)
        number = re.fullmatch("v?([0-9]+)", text, re.ASCII)
        if number is not None:
            found = int(number[1])
            if not any(snapshot.number == found for snapshot in snapshots):
                raise self._unknown(text)
            return found
        end = moments.last_millisecond(text)
        if end is not None:
            return self._at(end)
        for sql in (
            "SELECT number FROM snapshots WHERE label = ? AND label <> ''",
            "SELECT max(number) FROM snapshots WHERE run = ?", "SELECT last_snapshot FROM runs WHERE id = ?",
        ):
            found = self._one(sql, text)
            if found is not None:
                return int(found)
        raise self._unknown(text)

    def _at(self, time: int) -> int:
        # Before the first snapshot the store was empty.
        return int(self._one("SELECT max(number) FROM snapshots WHERE time <= ?", time) or 0)

    # What a snapshot consists of

    def _is_visible(self) -> str:
        plain = "g.added <= :at AND (g.removed IS NULL OR g.removed > :at)"
        if self._format < 3:
            return plain
        return plain + (" AND NOT EXISTS (SELECT 1 FROM segment_gaps x "
                        "WHERE x.segment = g.id AND x.since <= :at AND x.until > :at)")

    def _holds(self, table: str) -> str:
        return f"{table}.since <= :at" + (
            f" AND ({table}.until IS NULL OR {table}.until > :at)" if self._format >= 3 else "")

    def _segments(self, number: int) -> list[VisibleSegment]:
        at = {"at": number}
        order = "g.arrival, g.arrival_row, g.ordinal" if self._format >= 3 else "g.ordinal"
        sql = f"SELECT g.id, g.description FROM segments g WHERE {self._is_visible()} ORDER BY {order}"
        segments = [self._described(*row) for row in self._rows(sql, at)]
        by_id = {segment.id: segment for segment in segments}
        sql = (f"SELECT s.segment, s.rows FROM superseded s JOIN segments g ON g.id = s.segment "
               f"WHERE {self._holds('s')} AND {self._is_visible()}")
        for segment, rows in self._rows(sql, at):
            by_id[segment].excluded.update(self._row_list(rows, by_id[segment]))
        if self._format >= 2:
            sql = (f"SELECT m.segment, m.kind, m.rows FROM marks m JOIN segments g ON g.id = m.segment "
                   f"WHERE {self._holds('m')} AND {self._is_visible()} ORDER BY m.since, m.id")
            for segment, kind, rows in self._rows(sql, at):
                self._mark(by_id[segment], kind, self._row_list(rows, by_id[segment]))
        return segments

    def _mark(self, segment: VisibleSegment, kind: str, rows: tuple[int, ...]) -> None:
        # Of several marks of one row the newest holds.
        if kind not in ("pending", "settled"):
            raise self._damaged("a list of marked rows cannot be read")
        here, there = segment.pending, segment.settled
        if kind == "settled":
            here, there = there, here
        here.update(rows)
        there.difference_update(rows)

    def _row_list(self, data: bytes, segment: VisibleSegment) -> tuple[int, ...]:
        """Ascending row numbers, little-endian, four bytes each."""
        if not isinstance(data, bytes) or len(data) % 4:
            raise self._damaged("a list of rows cannot be read")
        rows = struct.unpack(f"<{len(data) // 4}I", data)
        if rows and max(rows) >= segment.sample_rows:
            raise self._damaged(f"a list of rows leaves segment {segment.id}")
        return rows

    def _described(self, id: str, text: str) -> VisibleSegment:
        try:
            description = json.loads(text)
            files = {table: description[table] for table in ("samples", "items")}
            segment = VisibleSegment(
                description["id"], int(description["sampleRows"]), int(description["itemRows"]),
                {table: int(file["byteCount"]) for table, file in files.items()},
                {table: str(file["sha256"]) for table, file in files.items()},
                {table: str(file["metadataHash"]) for table, file in files.items()})
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise self._damaged("the description of a segment cannot be read") from error
        if segment.id != id or re.fullmatch("[0-9a-f]{32}", id) is None:
            raise self._damaged("the description of a segment has another name")
        return segment

    def _tables(self, number: int) -> dict[str, CodeTable]:
        sql = """
            SELECT c.name, x.text FROM code_tables c JOIN code_texts x ON x.digest = c.digest
            WHERE c.since = (SELECT max(since) FROM code_tables d WHERE d.name = c.name AND d.since <= :at)
            """
        tables = {}
        for name, text in self._rows(sql, {"at": number}):
            try:
                tables[name] = CodeTable(text)
            except Exception as error:
                raise self._damaged(f"the code table '{name}' cannot be read") from error
        return tables

    def _files(self) -> dict[str, str]:
        # A file that was refused once and accepted later has the name of its acceptance.
        sql = "SELECT file_digest, name FROM batches ORDER BY state = 'accepted', id"
        return {digest: name for digest, name in self._rows(sql)}

    # Plumbing

    def _rows(self, sql: str, arguments: Union[tuple[object, ...], Mapping[str, object]] = ()) -> sqlite3.Cursor:
        return self._connection.execute(sql, arguments)

    def _one(self, sql: str, *arguments: object) -> Any:
        row = self._rows(sql, arguments).fetchone()
        return None if row is None else row[0]

    def _damaged(self, message: str) -> StoreDamaged:
        return StoreDamaged(self._path, message, _RESTORE)

    def _unknown(self, text: str) -> UnknownSnapshot:
        return UnknownSnapshot(
            self._path, f"no snapshot is called '{text}'",
            "Give the number of a snapshot, a date such as 2025-07-01, a label, or the id of a run")
