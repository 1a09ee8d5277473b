"""The pin of a reader: the same shared lock that the program takes while it reads segments."""

from __future__ import annotations

import os
from typing import Optional

try:
    import fcntl
except ImportError:  # No flock, so no program of ours that removes segments either.
    fcntl = None  # type: ignore[assignment]


class ReaderPin:
    """Keeps segments that are read from being removed, until it is released or forgotten.

    Whoever removes segments makes the catalogue forget them first, and then waits for all pins, or leaves the files to
    a later run. The lock file is never made here; without it, or where it cannot be locked, there is no pin.
    """

    def __init__(self, descriptor: Optional[int] = None) -> None:
        self._descriptor = descriptor

    @staticmethod
    def take(path: str) -> "ReaderPin":
        if fcntl is None:
            return ReaderPin()
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return ReaderPin()
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return ReaderPin()
        return ReaderPin(descriptor)

    def release(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __del__(self) -> None:
        self.release()
