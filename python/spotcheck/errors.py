"""What can be wrong with a store. Every error names the file, and says what to do."""

from __future__ import annotations


class SpotCheckError(Exception):
    """A store cannot be read as asked. `path` is the file or folder concerned."""

    def __init__(self, path: str, message: str, advice: str = "") -> None:
        self.path = path
        self.message = message
        self.advice = advice
        super().__init__(f"{path}: {message}" + (f". {advice}" if advice else ""))


class StoreMissing(SpotCheckError):
    """There is no store at this place."""


class StoreTooNew(SpotCheckError):
    """The store, or one of its segments, was written by a newer program than this module knows."""


class StoreDamaged(SpotCheckError):
    """A file of the store is missing, cut, or is not what the catalogue says."""


class UnknownSnapshot(SpotCheckError):
    """No snapshot is called so, or it was expired."""
