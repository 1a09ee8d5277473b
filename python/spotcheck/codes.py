"""Code tables as the catalogue keeps them: CSV, lists inside a cell separated by `|`."""

from __future__ import annotations

import csv
import io
from typing import NamedTuple

#: The code of what was delivered but is in no table.
UNMAPPED, UNMAPPED_NAME = "?", "未映射"

HEADER = ["code", "name", "parent", "level", "valid_from", "valid_to", "successors", "aliases"]


class Entry(NamedTuple):
    name: str
    parent: str
    #: 1 at the top of the tree.
    level: int
    #: First day on which the code is in use no longer, as ISO; empty: it still is.
    valid_to: str


class CodeTable:
    """Codes with names and parents, in force at one snapshot."""

    def __init__(self, text: str) -> None:
        """Raises ValueError or csv.Error if the text is no code table."""
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        if not rows or rows[0] != HEADER or any(len(row) != len(HEADER) for row in rows):
            raise ValueError("it is no code table")
        self._entries: dict[str, Entry] = {}
        for code, name, parent, level, _, valid_to, _, _ in rows[1:]:
            entry, before = Entry(name, parent, int(level), valid_to), self._entries.get(code)
            # Of several entries of a code the first that is valid still, else the one that was valid last.
            if before is None or before.valid_to and (not valid_to or valid_to > before.valid_to):
                self._entries[code] = entry

    def names(self) -> dict[str, str]:
        return {code: entry.name for code, entry in self._entries.items()}

    def ancestor(self, code: str, level: int) -> str:
        """The ancestor of a code at a level (1 = top), or the code itself if it stands at or above that level."""
        for _ in range(32):
            entry = self._entries.get(code)
            if entry is None or entry.level <= level or not entry.parent:
                break
            code = entry.parent
        return code

    def is_below(self, code: str, root: str) -> bool:
        """Whether a code is `root` or stands below it."""
        for _ in range(32):
            if code == root:
                return True
            entry = self._entries.get(code)
            if entry is None or not entry.parent:
                return False
            code = entry.parent
        return False
