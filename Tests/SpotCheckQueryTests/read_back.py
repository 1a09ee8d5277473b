"""Reads Arrow files and workbooks back and compares every cell with the NDJSON of the same answer.

Arguments: a folder with N.ndjson, N.columns (names and headings), N.arrow and, if the program can, N.xlsx.
"""

import json
import os
import sys

import pyarrow.ipc

try:
    import openpyxl
    from openpyxl.utils.escape import unescape
except ImportError:
    openpyxl = None


class Number(float):
    """A number that remembers how it was written."""

    def __new__(cls, text):
        number = super().__new__(cls, text)
        number.text = text
        return number


def lines(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return [json.loads(line, parse_float=Number) for line in file.read().split("\n") if line]


def shown(value):
    return value if isinstance(value, str) else getattr(value, "text", str(value))


def check_arrow(path, names, rows):
    table = pyarrow.ipc.open_file(path).read_all()
    table.validate(full=True)
    assert table.column_names == names, table.column_names
    assert table.num_rows == len(rows), table.num_rows
    for name in names:
        column = table[name]
        assert str(column.type) in ("string", "int64", "double"), column.type
        for number, (found, row) in enumerate(zip(column.to_pylist(), rows)):
            wanted = row[name]
            if str(column.type) == "string" and wanted is not None:
                wanted = shown(wanted)
            assert found == wanted and (found is None) == (wanted is None), (path, name, number, found, wanted)
    return table


def check_sheet(path, headings, names, rows):
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["数据", "说明"], book.sheetnames
    sheet = book["数据"]
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref.startswith("A1:")
    cells = list(sheet.iter_rows())
    assert [unescape(cell.value) if cell.value else "" for cell in cells[0]] == headings
    # Rows at the end of which nothing stands are not there.
    assert len(cells) <= len(rows) + 1
    for number, row in enumerate(rows):
        for place, name in enumerate(names):
            cell = cells[number + 1][place] if number + 1 < len(cells) else None
            found, wanted = (cell.value if cell else None), row[name]
            if isinstance(wanted, int) and len(str(abs(wanted))) > 15:
                wanted = str(wanted)
            where = (path, name, number, found, wanted)
            if wanted in (None, ""):
                assert found is None, where
            elif isinstance(wanted, str):
                assert cell.data_type == "s" and unescape(found) == wanted and cell.number_format == "@", where
            else:
                assert cell.data_type == "n" and abs(found - wanted) <= abs(wanted) * 1e-15, where


folder = sys.argv[1]
numbers = sorted({name.split(".")[0] for name in os.listdir(folder)})
sheets = 0
for number in numbers:
    path = os.path.join(folder, number)
    rows = lines(path + ".ndjson")
    with open(path + ".columns", encoding="utf-8") as file:
        columns = json.load(file)
    names = [name for name, _ in columns]
    check_arrow(path + ".arrow", names, rows)
    if openpyxl and os.path.exists(path + ".xlsx"):
        check_sheet(path + ".xlsx", [heading for _, heading in columns], names, rows)
        sheets += 1
print(f"{len(numbers)} answers, {sheets} workbooks")
