"""The module beside the program: every number is what `spotcheck` prints for the same snapshot."""

import datetime
import decimal
import json
import os
import sqlite3
import unittest

import support
from support import needs_program, rows, run

if not support.MISSING:
    import pyarrow as pa
    import pyarrow.compute as pc
    import spotcheck
    from spotcheck.checksums import metadata_hash, xxh64

COUNTS = (
    "samples inspected passed failed undetermined not_tested refused unlicensed risk_monitoring screening "
    "screening_positive listed label_only pending").split()
RATES = "rate wilson_low wilson_high finding_rate".split()


@needs_program
class Rates(unittest.TestCase):
    def compare(self, path, store, by, *more, pool=False, period_by="sampled"):
        """Every row and cell of the program's answer, in the same order."""
        theirs = rows("rate", "--store", path, "--by", by, "--as-of", f"v{store.snapshot.number}", *more)
        ours = store.rate(by, pool=pool, period_by=period_by)
        keys = ours.column_names[:ours.column_names.index("samples")]
        # The last rows are sums.
        theirs = [row for row in theirs if "*" not in (row[key] for key in keys)]
        where = f"{by} {more} at v{store.snapshot.number}"
        self.assertEqual(
            [tuple(row[key] for key in keys) for row in theirs],
            [tuple(row[key] or "" for key in keys) for row in ours.to_pylist()], where)
        for their, our in zip(theirs, ours.to_pylist()):
            self.assertEqual([int(their[name]) for name in COUNTS], [our[name] for name in COUNTS], where)
            for name in RATES:
                if our[name] is None:
                    self.assertEqual(their[name], "", f"{name} {where}")
                else:
                    self.assertAlmostEqual(float(their[name]), our[name], 9, f"{name} {where}")
        return ours

    def test_every_dimension_of_the_newest_snapshot(self):
        path = support.delivered()
        with spotcheck.open(path) as store:
            for by in (
                "category", "district", "bureau", "purpose", "year", "month", "quarter", "category,district",
                "bureau,year,stage", "category:1,quarter", "category:2", "district:1,level", "unit_district",
                "producer_district,park", "lab,programme", "version,verdict", "product", "section",
            ):
                self.compare(path, store, by)
            self.compare(path, store, "year,district", "--pool", pool=True)
            self.compare(path, store, "bureau", "--pool", pool=True)
            self.compare(path, store, "month", "--period-by", "reported", period_by="reported")
            self.compare(path, store, "quarter", "--period-by", "received", period_by="received")

    def test_every_class_and_purpose(self):
        path = support.stories()
        with spotcheck.open(path) as store:
            answer = self.compare(path, store, "purpose").to_pylist()
            for name in [*spotcheck.CLASSES, "label_only", "screening_positive", "pending"]:
                if name not in ("listed", "pending"):
                    self.assertTrue(any(row[name] for row in answer), name)
            self.compare(path, store, "year,verdict")
            self.compare(path, store, "purpose,stage")
            suspect = store.samples()
            suspect = suspect.filter(pc.equal(suspect["purpose"].cast(pa.string()), "suspect"))
            rates = store.rate("category", pool=True, samples=suspect).to_pylist()
        theirs = rows("rate", "--store", path, "--by", "category", "--pool", "--where", "purpose = suspect")
        self.assertEqual([row["rate"] or None for row in theirs][:-1], [row["rate"] for row in rates])
        self.assertEqual(float(theirs[0]["finding_rate"]), rates[0]["finding_rate"])

    def test_every_snapshot(self):
        for path in (support.delivered(), support.stories()):
            with spotcheck.open(path) as newest:
                numbers = [snapshot.number for snapshot in newest.snapshots()]
            for number in numbers:
                with spotcheck.open(path, as_of=number) as store:
                    self.compare(path, store, "category,month" if number % 2 else "district,bureau,year")

    def test_the_stories_are_told(self):
        """Superseded, withdrawn and pending rows are there: the comparison above has something to compare."""
        seen = []
        for number in range(1, 6):
            with spotcheck.open(support.stories(), as_of=f"v{number}") as store:
                samples = store.samples(["sampling_number", "class", "pending", "flags"])
            pending = samples.filter(samples["pending"])["sampling_number"].to_pylist()
            for flags, is_pending in zip(samples["flags"].to_pylist(), samples["pending"].to_pylist()):
                self.assertEqual(flags & spotcheck.SAMPLE_FLAGS["pending"] != 0, is_pending)
            seen.append((sorted(samples["class"].to_pylist()), sorted(pending)))
        self.assertEqual(seen[0], (["failed"] * 3 + ["passed"] * 3, []))
        self.assertEqual(seen[1][1], ["L1", "L3", "L4", "L5"])
        self.assertEqual(seen[2][1], ["L3", "L4"])
        self.assertEqual(seen[4], (["failed"] * 3 + ["passed"] * 2, ["L4"]))

    def test_only_some_samples(self):
        path = support.delivered()
        with spotcheck.open(path) as store:
            samples = store.samples()
            chosen = samples.filter(pc.equal(pc.year(samples["sampled_day"]), 2024))
            ours = store.rate("district", samples=chosen).to_pylist()
        theirs = rows("rate", "--store", path, "--by", "district", "--where", "year = 2024")
        theirs = [row for row in theirs if row["district"] != "*"]
        self.assertEqual(
            [(row["district"], row["purpose"], int(row["passed"]), int(row["inspected"])) for row in theirs],
            [(row["district"] or "", row["purpose"], row["passed"], row["inspected"]) for row in ours])
        with self.assertRaisesRegex(ValueError, "flags"):
            store.rate("district", samples=chosen.drop_columns(["flags"]))

    def test_dimensions_that_are_none(self):
        with spotcheck.open(support.stories()) as store:
            for by in ("categry", "category:0", "stage:1", "category,category", "", "analyte"):
                with self.assertRaises(ValueError, msg=by):
                    store.rate(by)


@needs_program
class Rows(unittest.TestCase):
    def test_samples_are_those_that_the_program_lists(self):
        names = "bureau sampling_number product category district purpose stage sampled_day verdict file line".split()
        for path in (support.delivered(), support.stories()):
            with spotcheck.open(path) as newest:
                numbers = [snapshot.number for snapshot in newest.snapshots()][::5] + [newest.snapshot.number]
            for number in numbers:
                theirs = rows("list", "samples", "--store", path, "--as-of", f"v{number}")
                with spotcheck.open(path, as_of=number) as store:
                    ours = store.samples(names).to_pylist()
                self.assertEqual(len(ours), len(theirs))
                self.assertEqual(
                    [[row[name] for name in names] for row in theirs],
                    [["" if row[name] is None else str(row[name]) for name in names] for row in ours])

    def test_items_are_those_that_the_program_lists(self):
        path = support.delivered()
        names = ["analyte", "qualifier", "value", "unit", "limit_high", "verdict", "line"]
        theirs = rows("list", "items", "--store", path, "--columns", ",".join(["sampling_number", *names]))
        with spotcheck.open(path) as store:
            numbers = store.samples(["sampling_number"])["sampling_number"]
            items = store.items(["sample", *names, "value_scale"])
            self.assertEqual(items.num_rows, len(theirs))
            self.assertEqual(numbers.take(items["sample"]).to_pylist(), [row["sampling_number"] for row in theirs])
        for row, theirs in zip(items.to_pylist(), theirs):
            for name in names:
                if isinstance(row[name], decimal.Decimal):
                    self.assertEqual(row[name], decimal.Decimal(theirs[name]))
                else:
                    self.assertEqual("" if row[name] is None else str(row[name]), theirs[name])
            if row["value"] is not None:
                shown = row["value"].quantize(decimal.Decimal(1).scaleb(-row["value_scale"]))
                self.assertEqual(format(shown, "f"), theirs["value"])

    def test_types_and_places(self):
        with spotcheck.open(support.stories()) as store:
            samples, items = store.samples(), store.items()
            samples.validate(full=True)
            items.validate(full=True)
            self.assertEqual(samples["sample"].to_pylist(), list(range(samples.num_rows)))
            self.assertEqual(samples.schema.field("category").type, pa.dictionary(pa.int32(), pa.string()))
            self.assertEqual(samples.schema.field("sampled_day").type, pa.date32())
            self.assertEqual(items.schema.field("value").type, pa.decimal128(38, 18))
            self.assertNotIn("unit", samples.column_names)
            self.assertIn("unit", store.samples(["unit"]).column_names)
            self.assertEqual(
                items.group_by("sample").aggregate([("sample", "count")]).num_rows,
                sum(1 for count in samples["item_count"].to_pylist() if count))
            # Where a row is kept is where it was read from.
            for table, kept in ((samples, "samples"), (items, "items")):
                for row in table.slice(0, 3).to_pylist():
                    path = os.path.join(store.path, "segments", f"{row['segment']}.{kept}.arrow")
                    with pa.memory_map(path) as source:
                        stored = pa.ipc.open_file(source).read_all().slice(row["row"], 1).to_pylist()[0]
                    self.assertEqual(stored["line"], row["line"])
            with self.assertRaisesRegex(ValueError, "colour"):
                store.samples(["colour"])
        with self.assertRaisesRegex(ValueError, "closed"):
            store.samples()

    def test_the_empty_store(self):
        with spotcheck.open(support.stories(), as_of=0) as store:
            self.assertEqual(store.samples().num_rows, 0)
            self.assertEqual(store.items().num_rows, 0)
            self.assertEqual(store.rate("category:1,month").num_rows, 0)

    def test_names(self):
        with spotcheck.open(support.delivered()) as store:
            names = store.names("districts")
            for row in rows("rate", "--store", store.path, "--by", "district"):
                if row["district"] not in ("", "*"):
                    self.assertEqual(names[row["district"]], row["district_name"])
            with self.assertRaisesRegex(KeyError, "districts"):
                store.names("district")


@needs_program
class Snapshots(unittest.TestCase):
    def test_as_of_means_what_it_means_to_the_program(self):
        path = support.delivered()
        with spotcheck.open(path) as store:
            snapshots = store.snapshots()
        self.assertEqual(len(snapshots), 28)
        texts = ["3", "v3", "latest", "2000-01-01", "2999-12-31", snapshots[5].run, "empty"]
        for snapshot in snapshots[1::6]:
            time = snapshot.time
            texts += [time.date().isoformat(), time.strftime("%Y-%m-%dT%H:%M"), time.strftime("%Y-%m-%d %H:%M:%S")]
            utc = time.astimezone(datetime.timezone.utc)
            texts += [utc.strftime("%Y-%m-%dT%H:%M:%SZ"), utc.strftime("%Y-%m-%dT%H:%M:%S-08:00")]
        for text in texts:
            with spotcheck.open(path, as_of=text) as store:
                self.assertEqual(store.snapshot.number, support.snapshot(path, text), text)
        day = snapshots[-1].time
        for as_of, number in ((3, 3), (day.date(), 27), (day, 27), (day.replace(tzinfo=None), 27),
                              (datetime.date(2000, 1, 1), 0)):
            with spotcheck.open(path, as_of=as_of) as store:
                self.assertEqual(store.snapshot.number, number, as_of)

    def test_unknown_snapshots(self):
        path = support.stories()
        for text in ("99", "v99", "nobody", "2024-13-01", "2024-01-01T25:00", "v", ""):
            with self.assertRaises(spotcheck.UnknownSnapshot, msg=text):
                spotcheck.open(path, as_of=text)
            run("rate", "--store", path, "--by", "purpose", "--as-of", text, allowed=(1, 2))

    def test_labels(self):
        path = support.copy(support.stories())
        with sqlite3.connect(os.path.join(path, "catalogue.sqlite")) as catalogue:
            catalogue.execute("UPDATE snapshots SET label = '2023年报' WHERE number = 4")
        catalogue.close()
        with spotcheck.open(path, as_of="2023年报") as store:
            self.assertEqual(store.snapshot.number, 4)
            self.assertEqual(store.snapshot.label, "2023年报")
            self.assertEqual(store.snapshot.file, "3.csv")
        self.assertEqual(support.snapshot(path, "2023年报"), 4)

    def test_expired_snapshots_and_the_pin(self):
        path = support.copy(support.stories())
        with spotcheck.open(path, as_of="v3") as reader:
            # The segments are forgotten, but not removed while we read.
            run("store", "expire", "--store", path, "--keep", "1")
            self.assertEqual(reader.samples().num_rows, 6)
            with self.assertRaisesRegex(spotcheck.UnknownSnapshot, "expired"):
                spotcheck.open(path, as_of="v3")
        run("store", "expire", "--store", path, "--keep", "1")
        with spotcheck.open(path, verify=True) as store:
            kept = {visible.id for visible in store._state.segments}
        names = {name.split(".")[0] for name in os.listdir(os.path.join(path, "segments"))}
        self.assertEqual(names, kept)

    def test_an_older_format(self):
        """A catalogue of format 2 has no arrivals, gaps and endings; it is read as it is."""
        path = support.copy(support.stories())
        with spotcheck.open(path, as_of="v4") as store:
            expected = store.samples(["sampling_number", "class", "pending"])
        catalogue = sqlite3.connect(os.path.join(path, "catalogue.sqlite"))
        with catalogue:
            for sql in (
                "DELETE FROM segments WHERE added > 4", "DELETE FROM superseded WHERE since > 4",
                "DELETE FROM marks WHERE since > 4", "DELETE FROM snapshots WHERE number > 4",
                "UPDATE segments SET removed = NULL", "DROP TABLE segment_gaps", "DROP TABLE segment_parts",
                "ALTER TABLE superseded DROP COLUMN until", "ALTER TABLE marks DROP COLUMN until",
                "ALTER TABLE snapshots DROP COLUMN kind", "ALTER TABLE snapshots DROP COLUMN is_expired",
                "ALTER TABLE segments DROP COLUMN arrival", "ALTER TABLE segments DROP COLUMN arrival_row",
                "PRAGMA user_version = 2",
            ):
                catalogue.execute(sql)
        catalogue.close()
        with spotcheck.open(path) as store:
            self.assertEqual(store.samples(["sampling_number", "class", "pending"]).to_pylist(), expected.to_pylist())


@needs_program
class Manners(unittest.TestCase):
    def test_nothing_is_written(self):
        path = support.copy(support.stories())

        def everything():
            found = {}
            for folder, _, files in os.walk(path):
                for name in files:
                    # SQLite's own index of the log holds the marks of readers.
                    if not name.endswith("-shm"):
                        with open(os.path.join(folder, name), "rb") as file:
                            found[os.path.join(folder, name)] = file.read()
            return found

        before = everything()
        with spotcheck.open(path, verify=True) as store:
            store.samples(), store.items(), store.rate("category")
        after = everything()
        # It makes an empty log where there is none, as every reader of such a database does.
        log = os.path.join(path, "catalogue.sqlite-wal")
        self.assertIn(after.pop(log, b""), (b"", before.pop(log, b"")))
        self.assertEqual(before, after)

    def test_what_is_in_the_log_is_seen(self):
        path = support.copy(support.stories())
        place = os.path.join(path, "catalogue.sqlite")
        writer = sqlite3.connect(place, isolation_level=None)
        writer.execute("PRAGMA wal_autocheckpoint = 0")
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE snapshots SET label = 'open' WHERE number = 2")
        with self.assertRaises(spotcheck.UnknownSnapshot):
            spotcheck.open(path, as_of="open")
        writer.execute("COMMIT")
        with spotcheck.open(path, as_of="open") as store:
            self.assertEqual(store.snapshot.number, 2)
        # A store that is open keeps no transaction: the writer can empty its log.
        with spotcheck.open(path):
            self.assertEqual(writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0], 0)
        writer.close()

    def test_where_nobody_may_write(self):
        """Without a log the file alone is read there, with one it is refused: SQLite cannot make its index of the log."""
        path = support.copy(support.stories())
        place = os.path.join(path, "catalogue.sqlite")
        sqlite3.connect(place).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
        with open(place, "rb") as file:
            content = file.read()
        for name in os.listdir(path):
            if name.startswith("catalogue.sqlite"):
                os.remove(os.path.join(path, name))
        with open(place, "wb") as file:
            file.write(content)
        os.chmod(support.scratch(), 0o755)
        os.chmod(path, 0o555)
        # Root may write anywhere.
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)
        try:
            with spotcheck.open(path) as store:
                self.assertEqual(store.snapshot.file, "classes.xml")
            self.assertNotIn("catalogue.sqlite-shm", os.listdir(path))
            os.seteuid(user)
            # While somebody who may write is at work, log and index are there, and are read.
            os.chmod(path, 0o755)
            writer = sqlite3.connect(place)
            with writer:
                writer.execute("UPDATE snapshots SET label = 'at work' WHERE number = 2")
            os.chmod(path, 0o555)
            if user == 0:
                os.seteuid(65534)
            with spotcheck.open(path, as_of="at work") as store:
                self.assertEqual(store.snapshot.number, 2)
            os.seteuid(user)
            os.chmod(path, 0o755)
            writer.close()
            os.chmod(path, 0o555)
            with open(place + "-wal", "wb") as file:
                file.write(b"something")
            if user == 0:
                os.seteuid(65534)
            with self.assertRaisesRegex(spotcheck.SpotCheckError, "backup"):
                spotcheck.open(path)
        finally:
            os.seteuid(user)
            os.chmod(path, 0o755)

    def test_imports_go_on_meanwhile(self):
        path = support.copy(support.stories())
        with spotcheck.open(path) as store:
            before = store.rate("category").to_pylist()
            run("import", "--quiet", "--store", path,
                os.path.join(support.REPOSITORY, "samples", "deliveries", "lcj-2023Q2.csv.gz"), allowed=(0, 3))
            self.assertEqual(store.rate("category").to_pylist(), before)
            with spotcheck.open(path) as newer:
                self.assertEqual(newer.snapshot.number, store.snapshot.number + 1)
                self.assertGreater(newer.samples(["class"]).num_rows, store.samples(["class"]).num_rows)


@needs_program
class Damage(unittest.TestCase):
    def setUp(self):
        self.path = support.copy(support.stories())
        with spotcheck.open(self.path) as store:
            self.id = store._state.segments[0].id

    def file(self, table):
        return os.path.join(self.path, "segments", f"{self.id}.{table}.arrow")

    def spoil(self, table, change):
        path = self.file(table)
        os.chmod(path, 0o640)
        with open(path, "r+b") as file:
            change(file)
        return path

    def check(self, path, kind, act):
        with self.assertRaises(kind) as caught:
            act()
        self.assertEqual(caught.exception.path, path)
        self.assertTrue(str(caught.exception).startswith(path))

    def read(self, **more):
        with spotcheck.open(self.path, **more) as store:
            store.samples()
            store.items()

    def test_no_store(self):
        for path in (os.path.join(self.path, "nowhere"), support.PYTHON):
            self.check(path, spotcheck.StoreMissing, lambda: spotcheck.open(path))

    def test_a_newer_store(self):
        place = os.path.join(self.path, "catalogue.sqlite")
        catalogue = sqlite3.connect(place)
        catalogue.execute("PRAGMA user_version = 4")
        catalogue.commit()
        catalogue.close()
        self.check(place, spotcheck.StoreTooNew, self.read)
        run("rate", "--store", self.path, "--by", "purpose", allowed=(13,))

    def test_a_newer_segment(self):
        path = self.file("samples")
        with open(path, "rb") as file:
            content = file.read()
        # In the first message and in the footer: what was `version` = `1`.
        tables = pa.ipc.open_file(path)
        schema = tables.schema.with_metadata({"format": "spotcheck.segment", "version": "2", "table": "samples"})
        self.spoil("samples", lambda file: file.truncate(0))
        with pa.ipc.new_file(path, schema) as writer:
            batch = pa.ipc.open_file(pa.py_buffer(content)).get_batch(0)
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))
        self.redescribe("samples", path)
        self.check(path, spotcheck.StoreTooNew, self.read)

    def redescribe(self, table, path):
        length = os.path.getsize(path)
        with open(path, "rb") as file:
            hash = metadata_hash(file, length)
        catalogue = sqlite3.connect(os.path.join(self.path, "catalogue.sqlite"))
        text, = catalogue.execute("SELECT description FROM segments WHERE id = ?", (self.id,)).fetchone()
        description = json.loads(text)
        description[table].update(byteCount=length, metadataHash=hash)
        with catalogue:
            catalogue.execute("UPDATE segments SET description = ? WHERE id = ?", (json.dumps(description), self.id))
        catalogue.close()

    def test_missing_and_cut_files(self):
        path = self.spoil("items", lambda file: file.truncate(1000))
        self.check(path, spotcheck.StoreDamaged, self.read)
        os.remove(path)
        self.check(path, spotcheck.StoreDamaged, self.read)

    def test_rubbish_of_the_right_length(self):
        length = os.path.getsize(self.file("samples"))
        path = self.spoil("samples", lambda file: file.write(os.urandom(8) + bytes(length - 8)))
        self.check(path, spotcheck.StoreDamaged, self.read)

    def test_damaged_metadata_is_found_before_arrow_sees_it(self):
        for table, place in (("samples", 300), ("items", 400), ("items", -200)):
            path = self.file(table)
            os.chmod(path, 0o640)
            with open(path, "r+b") as file:
                content = bytearray(file.read())
                content[place] ^= 4
                file.seek(0)
                file.write(content)
            self.check(path, spotcheck.StoreDamaged, self.read)
            content[place] ^= 4
            with open(path, "r+b") as file:
                file.write(content)
        self.read(verify=True)

    def test_xxh64(self):
        """Vectors of the reference implementation (xxHash 0.8, seed 0)."""
        self.assertEqual(xxh64(b""), 0xEF46DB3751D8E999)
        self.assertEqual(xxh64(b"a"), 0xD24EC4F1A98C6E5B)
        self.assertEqual(xxh64(b"abc"), 0x44BC2CF5AD770999)
        self.assertEqual(xxh64(b"Nobody inspects the spammish repetition"), 0xFBCEA83C8A378BF1)

    def test_a_flipped_bit_is_found_when_it_is_asked_for(self):
        def flip(file):
            file.seek(20_000)
            byte = file.read(1)
            file.seek(20_000)
            file.write(bytes([byte[0] ^ 1]))

        path = self.spoil("samples", flip)
        self.check(path, spotcheck.StoreDamaged, lambda: self.read(verify=True))

    def test_a_damaged_catalogue(self):
        place = os.path.join(self.path, "catalogue.sqlite")
        for sql in (
            "UPDATE segments SET description = '{'", "UPDATE superseded SET rows = x'0102'",
            "UPDATE superseded SET rows = x'ffffffff'", "UPDATE code_texts SET text = 'x'",
            "UPDATE marks SET kind = 'odd'", "DROP TABLE superseded",
        ):
            path = support.copy(support.stories())
            place = os.path.join(path, "catalogue.sqlite")
            catalogue = sqlite3.connect(place)
            with catalogue:
                catalogue.execute(sql)
            catalogue.close()
            # Before the compaction there are rows that are superseded, and marks.
            self.check(place, spotcheck.StoreDamaged, lambda: spotcheck.open(path, as_of="v5"))
        with open(place, "wb") as file:
            file.write(b"no database at all, but long enough to be looked at" * 100)
        self.check(place, spotcheck.StoreMissing, lambda: spotcheck.open(path))


if __name__ == "__main__":
    unittest.main()
