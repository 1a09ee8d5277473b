"""One segment: two Arrow files, mapped into memory, of which columns are lent out."""

from __future__ import annotations

import array
import hashlib
import os
from typing import Callable, Optional

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc

from .catalogue import VisibleSegment
from .checksums import metadata_hash
from .columns import CLASSES, DECIMAL, DECIMALS, DICTIONARY, SAMPLE_FLAGS, SAMPLE_TYPES
from .codes import CodeTable
from .errors import StoreDamaged, StoreTooNew

#: The newest segment format that is understood here.
FORMAT = 1

_RESTORE = "'spotcheck store verify' says what else is damaged; restore it from a backup"


class Segment:
    """A visible segment with its files open. Whatever is wrong with a file is an error that names it."""

    def __init__(
        self, visible: VisibleSegment, folder: str, names: dict[str, str], purposes: Optional[CodeTable]
    ) -> None:
        """names: file names of batches by digest."""
        self.visible = visible
        self._names = names
        self._purposes = purposes
        self._paths = {
            table: os.path.join(folder, f"{visible.id}.{table}.arrow") for table in ("samples", "items")}
        self._batches: dict[str, pa.RecordBatch] = {}
        self._kept = self._find_kept()

    # Files

    def batch(self, table: str) -> pa.RecordBatch:
        """A file's only record batch; nothing of it is copied."""
        if table not in self._batches:
            self._batches[table] = self._open(table)
        return self._batches[table]

    def _open(self, table: str) -> pa.RecordBatch:
        path = self._paths[table]
        self._check_length(table)
        self._check_metadata(table)
        try:
            with pa.memory_map(path, "r") as source:
                file = pa.ipc.open_file(source)
                told = {key.decode(): value.decode() for key, value in (file.schema.metadata or {}).items()}
                if told.get("format") != "spotcheck.segment" or told.get("table") != table:
                    raise self._damaged(table, "it is no segment of ours")
                version = told.get("version", "")
                if version.isdigit() and int(version) > FORMAT:
                    raise StoreTooNew(
                        path, f"segment format {version} is newer than the {FORMAT} that this module knows",
                        "Use the module that came with the program")
                if version != str(FORMAT) or file.num_record_batches != 1:
                    raise self._damaged(table, "it is no segment of ours")
                batch = file.get_batch(0)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self._damaged(table, f"it cannot be read: {error}") from error
        rows = self.visible.sample_rows if table == "samples" else self.visible.item_rows
        if batch.num_rows != rows:
            raise self._damaged(table, f"it has {batch.num_rows} rows and must have {rows}")
        return batch

    def _check_length(self, table: str) -> None:
        # Before the file is mapped: a page behind its end would end the process.
        try:
            length = os.stat(self._paths[table]).st_size
        except FileNotFoundError as error:
            raise self._damaged(
                table, "it is missing; if 'spotcheck store expire' ran meanwhile, open the store again") from error
        except OSError as error:
            raise self._damaged(table, f"it cannot be read: {error.strerror}") from error
        if length != self.visible.lengths[table]:
            raise self._damaged(table, f"it has {length} bytes and must have {self.visible.lengths[table]}")

    def _check_metadata(self, table: str) -> None:
        expected = self.visible.metadata_hashes[table]
        try:
            with open(self._paths[table], "rb") as file:
                found = metadata_hash(file, self.visible.lengths[table])
        except (OSError, ValueError) as error:
            raise self._damaged(table, f"it cannot be read: {error}") from error
        if found != expected:
            raise self._damaged(table, f"the checksum of its metadata is {found} and must be {expected}")

    def verify(self) -> None:
        """Reads every byte: SHA-256 of both files, and of both together, which is the segment's name."""
        both = hashlib.sha256()
        for table in ("samples", "items"):
            self._check_length(table)
            digest = hashlib.sha256()
            try:
                with open(self._paths[table], "rb") as file:
                    while block := file.read(1 << 20):
                        digest.update(block)
                        both.update(block)
            except OSError as error:
                raise self._damaged(table, f"it cannot be read: {error.strerror}") from error
            if digest.hexdigest() != self.visible.digests[table]:
                raise self._damaged(
                    table, f"SHA-256 is {digest.hexdigest()} and must be {self.visible.digests[table]}")
        if both.hexdigest()[:32] != self.visible.id:
            raise self._damaged("samples", f"the two files together are {both.hexdigest()[:32]}")

    def _damaged(self, table: str, message: str) -> StoreDamaged:
        return StoreDamaged(self._paths[table], message, _RESTORE)

    # Rows

    def _find_kept(self) -> Optional[pa.BooleanArray]:
        """Which samples count; None: all."""
        if not self.visible.excluded:
            return None
        rows = bytearray(b"\1") * self.visible.sample_rows
        for row in self.visible.excluded:
            rows[row] = 0
        return pa.Array.from_buffers(pa.uint8(), len(rows), [None, pa.py_buffer(rows)]).cast(pa.bool_())

    def samples(self, types: dict[str, pa.DataType], first: int) -> pa.RecordBatch:
        """Columns of the samples that count; the first of them has the number `first`."""
        columns = [self._sample_column(name, first) for name in types]
        batch = pa.RecordBatch.from_arrays(columns, schema=pa.schema(list(types.items())))
        if self._kept is not None:
            batch = batch.filter(self._kept)
        return batch

    def items(self, types: dict[str, pa.DataType], first: int) -> pa.RecordBatch:
        """Columns of the items of the samples that count."""
        sample = self._samples_of_items()
        columns = []
        for name in types:
            if name == "sample":
                columns.append(self._numbers(first).take(sample))
            elif name in DECIMALS:
                columns.append(self._decimals(name))
            else:
                columns.append(self._column("items", name, types[name]))
        batch = pa.RecordBatch.from_arrays(columns, schema=pa.schema(list(types.items())))
        if self._kept is not None:
            batch = batch.filter(self._kept.take(sample))
        return batch

    def _samples_of_items(self) -> pa.UInt32Array:
        sample = self._stored("items", "sample", pa.uint32())
        last = pc.max(sample).as_py()
        if sample.null_count or (last is not None and last >= self.visible.sample_rows):
            raise self._damaged("items", "an item belongs to no sample")
        return sample

    def _sample_column(self, name: str, first: int) -> pa.Array:
        if name == "sample":
            return self._numbers(first)
        if name == "file":
            batch = self._words("samples", "batch")
            entries = [self._names.get(text, text) for text in batch.dictionary.to_pylist()]
            # Two files may have one name; a dictionary has it once.
            names = pa.array(entries, pa.string()).dictionary_encode()
            return pa.DictionaryArray.from_arrays(names.indices.take(batch.indices), names.dictionary)
        if name == "class":
            return self._classes()
        if name == "pending":
            return pc.not_equal(pc.bit_wise_and(self._flags(), SAMPLE_FLAGS["pending"]), 0)
        if name == "flags":
            return self._flags()
        return self._column("samples", name, SAMPLE_TYPES[name])

    def _column(self, table: str, name: str, type: pa.DataType) -> pa.Array:
        if name == "segment":
            rows = self.batch(table).num_rows
            indices = pa.Array.from_buffers(pa.int32(), rows, [None, pa.py_buffer(bytes(rows * 4))])
            return pa.DictionaryArray.from_arrays(indices, pa.array([self.visible.id], pa.string()))
        if name == "row":
            return _counted(self.batch(table).num_rows)
        return self._words(table, name) if type == DICTIONARY else self._stored(table, name, type)

    # Columns

    def _stored(self, table: str, name: str, type: pa.DataType) -> pa.Array:
        batch = self.batch(table)
        place = batch.schema.get_field_index(name)
        if place < 0 or batch.schema.field(place).type != type:
            raise self._damaged(table, f"it has no column '{name}' of type {type}")
        column = batch.column(place)
        if type == pa.string():
            self._check_texts(table, name, column)
        return column

    def _check_texts(self, table: str, name: str, texts: pa.StringArray) -> None:
        """Arrow follows the offsets of texts wherever they lead."""
        try:
            texts.validate(full=True)
        except pa.ArrowException as error:
            raise self._damaged(table, f"the texts of '{name}' are damaged") from error

    def _words(self, table: str, name: str) -> pa.DictionaryArray:
        """A dictionary column with 32-bit indices, and without entry 0, the empty text that stands for missing."""
        batch = self.batch(table)
        place = batch.schema.get_field_index(name)
        if place < 0 or not pa.types.is_dictionary(batch.schema.field(place).type):
            raise self._damaged(table, f"it has no dictionary column '{name}'")
        column = batch.column(place)
        self._check_texts(table, name, column.dictionary)
        indices = pc.subtract(column.indices.cast(pa.int32()), pa.scalar(1, pa.int32()))
        try:
            return pa.DictionaryArray.from_arrays(indices, column.dictionary.slice(1))
        except pa.ArrowException as error:
            raise self._damaged(table, f"a code of '{name}' is in no dictionary") from error

    def _decimals(self, name: str) -> pa.Decimal128Array:
        mantissas = self._stored("items", name + "_mantissa", pa.int64())
        scales = self._stored("items", name + "_scale", pa.int8())
        whole = mantissas.cast(pa.decimal128(19, 0))
        result = pa.nulls(len(whole), DECIMAL)
        for scale in pc.unique(scales.drop_null()).to_pylist():
            if not 0 <= scale <= 18:
                raise self._damaged("items", f"'{name}' has a scale of {scale}")
            # The same digits, read with the point where it belongs.
            values = pa.Array.from_buffers(
                pa.decimal128(19, scale), len(whole), whole.buffers(), offset=whole.offset).cast(DECIMAL)
            result = pc.if_else(pc.fill_null(pc.equal(scales, scale), False), values, result)
        return result

    def _flags(self) -> pa.UInt32Array:
        """The stored flags, and over them what became pending, or no longer is, after the rows were written."""
        stored = self._stored("samples", "flags", pa.uint32())
        pending = self.visible.pending - self.visible.excluded
        settled = self.visible.settled - self.visible.excluded
        if not pending and not settled:
            return stored
        flags = array.array("I", stored.to_pylist())
        for row in pending:
            flags[row] |= SAMPLE_FLAGS["pending"]
        for row in settled:
            flags[row] &= ~SAMPLE_FLAGS["pending"]
        return pa.Array.from_buffers(pa.uint32(), len(flags), [None, pa.py_buffer(flags)])

    def _classes(self) -> pa.DictionaryArray:
        """Where each sample counts: the first rule that holds, in the order of the program's `SampleClass`."""
        flags = self._flags()

        def has(flag: str) -> pa.BooleanArray:
            return pc.not_equal(pc.bit_wise_and(flags, SAMPLE_FLAGS[flag]), 0)

        verdict = self._words("samples", "verdict")
        not_tested = _is(verdict, lambda word: word == "not_tested")
        rules = {
            "screening": _is(self._words("samples", "purpose"), self._is_screening),
            "listed": has("listed"),
            "unlicensed": pc.and_(not_tested, has("unlicensed")),
            "refused": pc.and_(not_tested, has("refused")),
            "not_tested": not_tested,
            "risk_monitoring": has("risk_monitoring"),
            "passed": _is(verdict, lambda word: word == "pass"),
            "failed": _is(verdict, lambda word: word == "fail"),
        }
        places = [pa.scalar(CLASSES.index(name), pa.int32()) for name in [*rules, "undetermined"]]
        conditions = pa.StructArray.from_arrays(list(rules.values()), names=list(rules))
        return pa.DictionaryArray.from_arrays(pc.case_when(conditions, *places), pa.array(CLASSES, pa.string()))

    def _is_screening(self, purpose: str) -> bool:
        if self._purposes is None:
            return purpose == "screening"
        return self._purposes.is_below(purpose, "screening")

    def _numbers(self, first: int) -> pa.Int64Array:
        """By row of the file, the number of the sample among those that count; meaningless for those that do not."""
        if self._kept is None:
            return pc.add(_counted(self.visible.sample_rows).cast(pa.int64()), first)
        return pc.add(pc.cumulative_sum(self._kept.cast(pa.int64())), first - 1)


def _is(column: pa.DictionaryArray, test: Callable[[str], bool]) -> pa.BooleanArray:
    """Whether a test holds for the words of a column; it does not for what is missing."""
    answers = pa.array([bool(test(word)) for word in column.dictionary.to_pylist()], pa.bool_())
    return pc.fill_null(answers.take(column.indices), False)


def _counted(rows: int) -> pa.UInt32Array:
    # An empty Python buffer lies anywhere, which Arrow warns of.
    if rows == 0:
        return pa.array([], pa.uint32())
    return pa.Array.from_buffers(pa.uint32(), rows, [None, pa.py_buffer(array.array("I", range(rows)))])
