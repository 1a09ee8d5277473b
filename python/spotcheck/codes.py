"""Code tables as the catalogue keeps them: CSV, lists inside a cell separated by `|`."""

from __future__ import annotations

import csv
import io
from typing import Optional

#: The code of what was delivered but is in no table.
UNMAPPED, UNMAPPED_NAME = "?", "未映射"

HEADER = ["code", "name", "parent", "level", "valid_from", "valid_to", "successors", "aliases"]


class CodeTable:
    """Codes with names and parents, in force at one snapshot."""

    def __init__(self, text: str) -> None:
        """Raises ValueError if the text is no code table."""
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        if not rows or rows[0] != HEADER or any(len(row) != len(HEADER) for row in rows):
            raise ValueError("it is no code table")
        #: Cells in the order of HEADER; the level is a number.
        self.rows = [row[:3] + [int(row[3])] + row[4:] for row in rows[1:]]
        self._entries: dict[str, list] = {}
        for row in self.rows:
            before = self._entries.get(row[0])
            if before is None or self._is_newer(row, before):
                self._entries[row[0]] = row

    @staticmethod
    def _is_newer(row: list, before: list) -> bool:
        # Of several entries of a code the first that is valid still, else the one that was valid last.
        return before[5] != "" and (row[5] == "" or row[5] > before[5])

    def name(self, code: str) -> Optional[str]:
        entry = self._entries.get(code)
        return entry[1] if entry else None

    def names(self) -> dict[str, str]:
        return {code: entry[1] for code, entry in self._entries.items()}

    def ancestor(self, code: str, level: int) -> str:
        """The ancestor of a code at a level (1 = top), or the code itself if it stands at or above that level."""
        for _ in range(32):
            entry = self._entries.get(code)
            if entry is None or entry[3] <= level or not entry[2]:
                break
            code = entry[2]
        return code

    def is_below(self, code: str, root: str) -> bool:
        """Whether a code is `root` or stands below it."""
        for _ in range(32):
            if code == root:
                return True
            entry = self._entries.get(code)
            if entry is None or not entry[2]:
                return False
            code = entry[2]
        return False
