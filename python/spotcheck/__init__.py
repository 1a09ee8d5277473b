"""Reads SpotCheck stores: what counts as of a snapshot, as Arrow tables.

    import spotcheck
    with spotcheck.open("/srv/spotcheck", as_of="2024-12-31") as store:
        samples = store.samples()          # a pyarrow.Table, one row a sample that counts
        items = store.items()              # one row an item; items["sample"] is a row of samples
        rates = store.rate(by=["category:1", "year"])

Nothing is ever written into a store.
"""

from .errors import SpotCheckError, StoreDamaged, StoreMissing, StoreTooNew, UnknownSnapshot
from .catalogue import Snapshot
from .columns import CLASSES, SAMPLE_FLAGS, ITEM_FLAGS
from .store import Store, open

__all__ = [
    "CLASSES", "ITEM_FLAGS", "SAMPLE_FLAGS", "Snapshot", "SpotCheckError", "Store", "StoreDamaged", "StoreMissing",
    "StoreTooNew", "UnknownSnapshot", "open",
]
__version__ = "0.1.0"
