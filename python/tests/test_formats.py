"""Answers as Arrow files and workbooks: other people's readers find the cells that JSON and CSV say."""

import csv
import functools
import html.parser
import io
import json
import os
import pty
import re
import subprocess
import unittest

import support

try:
    import pyarrow.ipc
except ImportError:
    pass

#: One of every kind of answer.
QUESTIONS = {
    "rate": ("rate", "--by", "category:1,year"),
    "rates beside each other": ("rate", "--by", "district", "--period", "2024", "--year-on-year", "--measure", "item"),
    "cross table": ("rate", "--by", "category:1,year", "--pool", "--pivot", "year"),
    "nothing": ("rate", "--by", "category", "--where", "year = 1999"),
    "samples": ("list", "samples", "--all", "--limit", "1000"),
    "items": ("list", "items", "--limit", "500"),
    "rejects": ("list", "rejects"),
    "batches": ("list", "batches"),
    "compare": ("compare", "--period", "2024", "--by", "district"),
    "targets": ("targets", "--period", "2024"),
    "values": ("values", "--by", "analyte,category:1"),
    "explain": ("explain", "--by", "category:1", "--where", "year = 2024"),
    "diff": ("diff", "v1", "v2", "--by", "category:1"),
}


@functools.lru_cache(maxsize=None)
def answer(name, form):
    return asked(name, form)


def asked(name, form):
    command, *rest = QUESTIONS[name]
    return support.run_raw(command, *rest, "--store", support.delivered(), "--format", form)


def lines(name):
    return [json.loads(line) for line in answer(name, "ndjson").decode().split("\n") if line]


def table(name):
    return list(csv.reader(io.StringIO(answer(name, "csv").decode(), newline="")))


@support.needs_program
class Arrow(unittest.TestCase):
    def test_every_cell_is_that_of_json_and_csv(self):
        for name in QUESTIONS:
            with self.subTest(name):
                found = pyarrow.ipc.open_file(pyarrow.BufferReader(answer(name, "arrow"))).read_all()
                found.validate(full=True)
                names, *texts = table(name)
                self.assertEqual(found.column_names, names)
                self.assertEqual(found.to_pylist(), lines(name))
                for row, cells in zip(found.to_pylist(), texts, strict=True):
                    for value, text in zip(row.values(), cells, strict=True):
                        if isinstance(value, float):
                            self.assertLessEqual(abs(value - float(text)), 5e-11 * max(1, abs(value)))
                        else:
                            self.assertEqual("" if value is None else str(value), text)

    def test_the_schema_says_what_was_asked(self):
        said = json.loads(answer("rate", "json"))
        reader = pyarrow.ipc.open_file(pyarrow.BufferReader(answer("rate", "arrow")))
        metadata = {key.decode(): value.decode() for key, value in reader.schema.metadata.items()}
        self.assertEqual(json.loads(metadata["spotcheck.query"]), said["query"])
        self.assertEqual(json.loads(metadata["spotcheck.notes"]), said.get("notes", []))
        self.assertEqual(metadata["spotcheck.snapshot"], str(said["snapshot"]))
        sums = int(metadata["spotcheck.sums"])
        self.assertEqual(sums, len(said.get("subtotals", [])) + 1)
        rows = reader.read_all().to_pylist()
        self.assertEqual(rows[:len(rows) - sums], said["rows"])

    def test_pandas_and_polars_read_it(self):
        for name in QUESTIONS:
            with self.subTest(name):
                data, wanted = answer(name, "arrow"), lines(name)
                try:
                    import pandas
                    frame = pandas.read_feather(io.BytesIO(data))
                    self.assertEqual(len(frame), len(wanted))
                    import polars
                    self.assertEqual(polars.read_ipc(io.BytesIO(data)).to_dicts(), wanted)
                except ModuleNotFoundError as error:
                    self.skipTest(f"{error.name} is not installed")

    def test_not_on_a_terminal(self):
        ours, theirs = pty.openpty()
        done = subprocess.run(
            [support.BINARY, "rate", "--store", support.delivered(), "--by", "year", "--format", "arrow"], stdout=theirs,
            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False)
        os.close(theirs)
        os.close(ours)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"write it to a file (> answer.arrow) or a pipe", done.stderr)


@support.needs_program
class Workbooks(unittest.TestCase):
    def setUp(self):
        try:
            answer("rate", "xlsx")
        except AssertionError as error:
            self.assertIn("ended with 2: spotcheck: this spotcheck was built without XLSX", str(error))
            self.skipTest("the program was built without XLSX")

    def test_every_cell_is_that_of_csv(self):
        try:
            import openpyxl
            from openpyxl.utils.escape import unescape
        except ImportError:
            self.skipTest("openpyxl is not installed")
        for name in QUESTIONS:
            with self.subTest(name):
                book = openpyxl.load_workbook(io.BytesIO(answer(name, "xlsx")))
                _, *texts = table(name)
                values = lines(name)
                rows = list(book["数据"].iter_rows())[1:]
                self.assertEqual(len(rows), len(texts))
                for cells, wanted, typed in zip(rows, texts, values):
                    for cell, text, value in zip(cells, wanted, typed.values(), strict=True):
                        if text == "":
                            self.assertIsNone(cell.value)
                        elif isinstance(value, str):
                            self.assertEqual((cell.data_type, unescape(cell.value)), ("s", text))
                        else:
                            self.assertEqual(cell.data_type, "n")
                            self.assertLessEqual(abs(cell.value - float(text)), 1e-10 * max(1, abs(value)))
                said = dict(row[:2] for row in book["说明"].iter_rows(values_only=True))
                self.assertEqual(said["快照"], f"v{json.loads(answer(name, 'json'))['snapshot']}")

    def test_headings_are_those_of_excel_csv(self):
        import importlib.util
        if importlib.util.find_spec("openpyxl") is None:
            self.skipTest("openpyxl is not installed")
        import openpyxl
        sheet = openpyxl.load_workbook(io.BytesIO(answer("rate", "xlsx")))["数据"]
        wanted = next(csv.reader(io.StringIO(answer("rate", "excel-csv").decode("utf-8-sig"), newline="")))
        self.assertEqual([cell.value for cell in sheet[1]], wanted)
        self.assertEqual(sheet.freeze_panes, "A2")
        rate = sheet.cell(3, wanted.index("合格率") + 1)
        self.assertRegex(rate.number_format, r"^0\.0+%$")

    def test_equal_answers_are_equal_bytes(self):
        self.assertEqual(asked("samples", "xlsx"), asked("samples", "xlsx"))


class Page(html.parser.HTMLParser):
    """Rows of the one table of a page, and whatever a page must not have."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.rows, self.tags, self.cell = [], set(), None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attributes), attributes
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.cell = ""

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.rows[-1].append(self.cell)
            self.cell = None


@support.needs_program
class Pages(unittest.TestCase):
    def same(self, shown, exact):
        """A cell as people see it says what the exact one of the workbook's twin says, rounded."""
        if exact == "" or shown in ("-", "—"):
            return shown in ("-", "—", "") and exact == ""
        if shown == exact:
            return True
        number = re.fullmatch(r"([+-]?\d+(?:\.(\d+))?)(%?)", shown)
        if not number:
            return False
        digits = len(number.group(2) or "")
        # A share is shown in percent; a change in points, without a sign for it.
        return any(abs(float(number.group(1)) - float(exact) * scale) <= 0.5000001 * 10 ** -digits for scale in (1, 100))

    def test_every_cell_is_that_of_excel_csv(self):
        for name in QUESTIONS:
            with self.subTest(name):
                page = Page(answer(name, "html").decode())
                self.assertFalse(page.tags & {"script", "img", "link", "iframe", "object", "form"})
                exact = list(csv.reader(io.StringIO(answer(name, "excel-csv").decode("utf-8-sig"), newline="")))
                headings, *rows = page.rows
                self.assertEqual(len(rows), len(exact) - 1)
                start = 0
                for column, heading in enumerate(headings):
                    # Columns keep their order; some are left out, and a code and its name may share a heading.
                    shown = [row[column] for row in rows]
                    found = [place for place, other in enumerate(exact[0])
                             if place >= start and other == heading and self.same_column(shown, exact, place)]
                    self.assertTrue(found, f"{heading}: {shown[:5]}")
                    start = found[0] + 1

    def same_column(self, shown, exact, place):
        for text, wanted in zip(shown, exact[1:], strict=True):
            ends = re.fullmatch(r"([^–…]+)[–…]([^–…]+?)%?", text)
            # The two ends of an interval share a cell.
            if ends and re.search(r"\d%?$", text):
                if len(wanted) < place + 2 or not all(self.same(end, cell) for end, cell in zip(ends.groups(), wanted[place:place + 2])):
                    return False
            else:
                # Excel would run a formula or change an identifier: those are guarded there.
                plain = re.sub(r'^="(.*)"$', r"\1", wanted[place]).removeprefix("'")
                if not self.same(text, plain) and not self.same(text, wanted[place]):
                    return False
        return True


if __name__ == "__main__":
    unittest.main()
