"""A scratch world: one store, the files delivered to it, and what can be said about it from outside."""

import csv
import gzip
import hashlib
import io
import os
import re
import shutil
import signal
import subprocess
import tempfile

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Names that hold a run, a delivery of it or a time, and so differ between two runs that did the same.
CHANGING = [
    (re.compile(r"r\d{10,}-\d+(-\d{6})?"), "RUN"),
    (re.compile(r"\b20\d\d[/-]\d\d[/-]\d\d\b"), "DAY"),
]
# Files of SQLite and of the lock come and go; records of runs depend on how many there were.
UNCOUNTED = re.compile(r"(catalogue\.sqlite-(wal|shm|journal)|lock|runs/.*|metrics.*)$")
BATCH_COLUMNS_OUT = {"run", "snapshot", "received", "imported", "revision", "place", "delivery"}


class Finding(Exception):
    """Something that must not happen."""


class Endless(Finding):
    """It had to be ended."""


class World:
    def __init__(self, binary, parent=None):
        parent = parent or ("/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
        self.binary = os.path.abspath(binary)
        self.folder = tempfile.mkdtemp(prefix="spotcheck-torture-", dir=parent)
        self.root = os.path.join(self.folder, "world")
        self.store = os.path.join(self.root, "store")
        self.files = os.path.join(self.folder, "files")
        os.makedirs(self.root)
        os.makedirs(self.files)
        # A copy: codes are mapped in it.
        self.pipelines = os.path.join(self.folder, "pipelines")
        shutil.copytree(os.path.join(REPOSITORY, "pipelines"), self.pipelines)
        self.kept = {}
        self.make_files()

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    # The program

    def command(self, arguments):
        """A command line of a scenario: @name is a delivered file, the store is always this world's."""
        verb = [os.path.join(self.files, a[1:]) if a.startswith("@") else a.format(root=self.root) for a in arguments]
        if verb[0] == "init":
            return [self.binary, "init", self.store]
        at = 2 if verb[0] in ("store", "codes", "runs") else 1
        return [self.binary, *verb[:at], "--store", self.store, *verb[at:]]

    def run(self, arguments, prefix=(), limits=None, stdout=subprocess.PIPE, patience=120):
        environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "TZ": "UTC", "HOME": self.folder,
            "SPOTCHECK_PIPELINES": self.pipelines, "SWIFT_BACKTRACE": "enable=no",
        }
        environment.update({k: v for k, v in os.environ.items() if k.startswith("LD_LIBRARY")})
        process = subprocess.Popen(
            [*prefix, *self.command(arguments)], env=environment, cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=stdout, stderr=subprocess.PIPE, preexec_fn=limits, start_new_session=True)
        try:
            out, error = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            # The program too, not strace alone: it would go on without faults.
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise Endless("it does not end") from None
        return subprocess.CompletedProcess(process.args, process.returncode, out, error)

    def do(self, steps):
        for step in steps:
            if step[0] == "drop":
                _, bureau, name = step[:3]
                inbox = os.path.join(self.store, "inbox", bureau)
                os.makedirs(inbox, exist_ok=True)
                shutil.copyfile(os.path.join(self.files, name), os.path.join(inbox, step[3] if len(step) > 3 else name))
                continue
            if step[0] == "move":
                os.rename(os.path.join(self.root, step[1]), os.path.join(self.root, step[2]))
                continue
            done = self.run(step)
            if done.returncode not in (0, 3):
                raise Finding(f"setup {step}: exit {done.returncode}\n{done.stderr.decode()}")

    # Copies of the whole world

    def keep(self, name):
        self.kept[name] = os.path.join(self.folder, "kept-" + name)
        shutil.rmtree(self.kept[name], ignore_errors=True)
        shutil.copytree(self.root, self.kept[name], symlinks=True)

    def back_to(self, name):
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self.kept[name], self.root, symlinks=True)

    # What the store says

    def state(self):
        """The logical content: independent of runs, times and the order of publication."""
        if not os.path.exists(os.path.join(self.store, "catalogue.sqlite")):
            return {"store": "none"}
        said = {}
        for name, arguments in [
            ("rate", ["rate", "--by", "bureau,category,district,purpose", "--format", "csv"]),
            ("samples", ["list", "samples", "--all", "--format", "csv"]),
            ("items", ["list", "items", "--format", "csv"]),
            ("rejects", ["list", "rejects", "--format", "csv"]),
            ("batches", ["list", "batches", "--format", "csv"]),
        ]:
            done = self.run(arguments)
            if done.returncode != 0:
                raise Finding(f"{' '.join(arguments)}: exit {done.returncode}: {done.stderr.decode()}")
            text = done.stdout.decode()
            said[name] = self.batches(text) if name == "batches" else self.sorted(text)
        return said

    @staticmethod
    def sorted(text):
        head, *rows = text.splitlines(keepends=True) or [""]
        return head + "".join(sorted(rows))

    @staticmethod
    def batches(text):
        # A file that is imported again after a kill is a duplicate then, or refused once more: no other content. One that
        # could not be read is recorded as refused; it lies where it lay, and all of these can be read.
        rows = list(csv.DictReader(io.StringIO(text)))
        return sorted({
            str({k: v for k, v in row.items() if k not in BATCH_COLUMNS_OUT})
            for row in rows if row["state"] != "duplicate" and row["refusal_code"] != "FS_UNREADABLE"})

    def verify(self):
        """Raises unless the store is sound."""
        done = self.run(["store", "verify"])
        if done.returncode != 0:
            raise Finding(f"store verify: exit {done.returncode}: {done.stderr.decode().strip()}")
        for line in done.stderr.decode().splitlines():
            if line.startswith("damaged"):
                raise Finding(line)

    def tree(self):
        """Everything in the store's folder, with the content of what bureaus delivered."""
        found = set()
        for folder, folders, files in os.walk(self.store):
            for name in folders + files:
                path = os.path.join(folder, name)
                place = os.path.relpath(path, self.store)
                if UNCOUNTED.search(place) or place.startswith("runs"):
                    continue
                shown = place
                for pattern, word in CHANGING:
                    shown = pattern.sub(word, shown)
                if os.path.isfile(path) and place.split("/")[0] in ("inbox", "archive", "processing"):
                    with open(path, "rb") as file:
                        shown += " " + hashlib.sha256(file.read()).hexdigest()[:12]
                found.add(shown)
        return found

    def digest(self):
        """Every name and byte of this world, and of the pipelines."""
        whole = hashlib.sha256()
        for top in (self.root, self.pipelines):
            for folder, folders, files in os.walk(top):
                folders.sort()
                for name in sorted(files):
                    path = os.path.join(folder, name)
                    with open(path, "rb") as file:
                        whole.update(f"{path}\0{os.stat(path).st_mode:o}\0".encode())
                        whole.update(hashlib.sha256(file.read()).digest())
                for name in folders:
                    whole.update(f"{os.path.join(folder, name)}/\0".encode())
        return whole.hexdigest()

    def receipts(self):
        """Final receipts: one for every delivery that is done."""
        return sum(
            name.endswith(".json") and not name.endswith(".received.json") and not name.startswith(".")
            for _, _, files in os.walk(os.path.join(self.store, "receipts")) for name in files)

    # Deliveries

    def make_files(self):
        samples = os.path.join(REPOSITORY, "samples")
        for name in os.listdir(os.path.join(samples, "deliveries")):
            if name.startswith("lcj-2023Q") or name in ("nyncj-2023-wide.csv.gz", "scjgj-2023-failed.csv.gz"):
                shutil.copyfile(os.path.join(samples, "deliveries", name), os.path.join(self.files, name))
        first = gzip.decompress(self.bytes("lcj-2023Q1.csv.gz"))
        for encoding in ("utf-8", "gb18030"):
            old, new = "青花椒".encode(encoding), "红花椒".encode(encoding)
            if old in first:
                corrected = first.replace(old, new, 1)
        self.make("corrected.csv", corrected)
        self.make("short.csv", b"".join(first.splitlines(keepends=True)[:30]))
        self.make("broken.csv.gz", self.bytes("lcj-2023Q2.csv.gz")[:-9])
        self.make("same-payload.csv", first)
        shutil.copyfile(os.path.join(samples, "hostile", "CODE_UNKNOWN_CATEGORY.csv"),
                        os.path.join(self.files, "unmapped.csv"))

    def bytes(self, name):
        with open(os.path.join(self.files, name), "rb") as file:
            return file.read()

    def make(self, name, content):
        with open(os.path.join(self.files, name), "wb") as file:
            file.write(content)


def difference(found, wanted):
    """The first lines in which two states differ."""
    lines = []
    for key in sorted(set(found) | set(wanted)):
        a, b = found.get(key), wanted.get(key)
        if a == b:
            continue
        a = a.splitlines() if isinstance(a, str) else a or []
        b = b.splitlines() if isinstance(b, str) else b or []
        lines += [f"{key}: - {line[:160]}" for line in b if line not in a][:3]
        lines += [f"{key}: + {line[:160]}" for line in a if line not in b][:3]
    return "\n    ".join(lines) or "none"
