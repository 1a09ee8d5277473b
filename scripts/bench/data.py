"""Generated deliveries. The same seed gives the same bytes, so figures of two days are about the same data."""

import gzip
import json
import os
import shutil

from measure import child

SEED = 2015


class Delivery:
    """Files of one bureau, with the generator's own count of what is in them."""

    def __init__(self, bench, bureau, rows, quarters):
        self.name = f"{bureau}-{rows}-{quarters}"
        self.folder = os.path.join(bench.data, self.name)
        self.scratch = bench.scratch
        truth = os.path.join(self.folder, "TRUTH.json")
        # TRUTH.json is written last: a folder without it is the rest of an interrupted run.
        if not os.path.exists(truth):
            shutil.rmtree(self.folder, ignore_errors=True)
            os.makedirs(self.folder)
            child([bench.binary, "generate", "--rows", str(rows), "--seed", str(SEED), "--bureau", bureau,
                   "--quarters", str(quarters), "--out", self.folder], bench.scratch)
        with open(truth, encoding="utf-8") as file:
            self.truth = json.load(file)
        self.rows, self.samples = self.truth["rows"], self.truth["samples"]
        names = sorted(name for name in os.listdir(self.folder) if name.endswith((".csv.gz", ".xml", ".xml.gz")))
        self.files = [os.path.join(self.folder, name) for name in names]

    def payload(self):
        """Megabytes (10^6) of CSV or XML text, decompressed."""
        return sum(_length(path) for path in self.files) / 1e6

    def for_peers(self):
        """The same files in UTF-8: no peer reads GB18030 out of the box. Made beside the clock, in the peers' favour."""
        folder = self.folder + "-utf8"
        os.makedirs(folder, exist_ok=True)
        return [_in_utf8(path, os.path.join(folder, os.path.basename(path))) for path in self.files]


def warm(paths):
    """Reads files once, so that nobody pays for the disk: an import lets go of what memory holds of a large original."""
    for path in paths:
        with open(path, "rb") as file:
            while file.read(1 << 20):
                pass


def _opened(path):
    return gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb")


def _length(path):
    with _opened(path) as file:
        return sum(len(block) for block in iter(lambda: file.read(1 << 20), b""))


def _in_utf8(path, target):
    with _opened(path) as file:
        if file.read(3) == b"\xef\xbb\xbf":
            return path
    if not os.path.exists(target):
        with gzip.open(path, "rt", encoding="gb18030", newline="") as source, \
                gzip.open(target + ".part", "wt", 6, encoding="utf-8-sig", newline="") as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
        os.rename(target + ".part", target)
    return target
