"""The program under test, the peers, and the folder they all work in."""

import json
import os
import shutil
import subprocess

from data import warm
from measure import Contestant, Failure, child
from venv import REPOSITORY, python

HERE = os.path.dirname(os.path.abspath(__file__))


class Bench:
    """`work` is cleared after each case; `data` is where generated files are, and may outlive the run."""

    def __init__(self, options, work):
        self.binary = os.path.abspath(options.binary)
        self.work = work
        self.data = os.path.abspath(options.keep) if options.keep else os.path.join(work, "data")
        self.runs = 1 if options.quick else 3
        self.big_runs = min(self.runs, options.big_runs)
        self.sizes = [options.rows] + ([options.big] if options.big else [])
        # Only asked: nobody waits for ten peers to import that many three times.
        self.asked_sizes = self.sizes + ([options.huge] if options.huge else [])
        self.scratch = os.path.join(work, "scratch")
        os.makedirs(self.scratch)
        self.python, self.why_no_peers = (None, "not asked for") if options.quick else python()

    def clear(self):
        """Stores of one case would fill the disk for the next."""
        for name in os.listdir(self.work):
            path = os.path.join(self.work, name)
            if path not in (self.data, self.scratch):
                shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)

    def runs_of(self, rows):
        """How often something of this size is measured."""
        return self.runs if rows == self.sizes[0] else self.big_runs

    def store(self, delivery):
        return os.path.join(self.work, delivery.name + ".store")

    # Ours

    def fresh(self, store):
        shutil.rmtree(store, ignore_errors=True)
        child([self.binary, "init", store], self.scratch)

    def import_command(self, store, files, jobs):
        return [self.binary, "import", "--quiet", "--jobs", str(jobs), "--store", store, "--pipelines",
                os.path.join(REPOSITORY, "pipelines"), *files]

    def take(self, store, files, jobs, one_core=False):
        # 3: rows were refused, as the generator means it.
        return child(self.import_command(store, files, jobs), self.scratch, one_core, exits=(0, 3))

    def ask(self, store, query, format="csv", one_core=False):
        asked = conditions(query)
        where = ["--where", asked] if asked else []
        return child([self.binary, "rate", "--store", store, "--pipelines", os.path.join(REPOSITORY, "pipelines"), "--by",
                      ",".join(query["by"]), "--format", format, *where], self.scratch, one_core)

    def scan(self, store, query, *more):
        """The time of a question from rows, told by a program of ours that asks from inside; `make bench` builds it.

        `more`: how often, and `kept` for the counts that are kept with a store, which is opened each time."""
        tool = os.path.join(os.path.dirname(self.binary), "spotcheck-bench")
        if not os.path.exists(tool):
            raise Failure("there is no spotcheck-bench beside the program: make bench builds it")
        return child([tool, store, ",".join(query["by"]), conditions(query), *more], self.scratch, one_core=True)

    def start(self):
        return child([self.binary, "--version"], self.scratch)

    def export(self, store, kind, columns, path):
        child([self.binary, "list", kind, "--store", store, "--pipelines", os.path.join(REPOSITORY, "pipelines"), "--format", "csv",
               "--columns", ",".join(columns)], self.scratch, into=path)

    def importing(self, delivery, check, jobs=1, one_core=True):
        """A contestant: from files to a store that answers."""
        store = self.store(delivery)

        def prepare():
            self.fresh(store)
            warm(delivery.files)

        return Contestant(lambda: self.take(store, delivery.files, jobs, one_core), prepare,
                          lambda run: check(self, store, delivery))

    # Peers

    def peer(self, *arguments, one_core=False):
        if not self.python:
            raise Failure(self.why_no_peers)
        return child([self.python, os.path.join(HERE, "peers.py"), *map(str, arguments)], self.scratch, one_core)

    def peer_says(self, *arguments, one_core=False):
        return json.loads(self.peer(*arguments, one_core=one_core).text())

    def peer_importing(self, name, bureau, files, told, threads=1, one_core=True):
        target = os.path.join(self.work, "peer." + name)

        def clear():
            for path in (target, target + ".wal"):
                if os.path.exists(path):
                    os.remove(path)
            warm(files)

        return Contestant(lambda: self.peer(name + "-ingest", threads, bureau, target, *files, one_core=one_core), clear,
                          lambda run: told.check(name, self.peer_says(name + "-told", bureau, target)))

    def push_parser(self):
        """The C program with libxml2, compiled here; its path, or a failure that says what is missing."""
        compiler = shutil.which("cc")
        if not compiler:
            raise Failure("no C compiler")
        for asked in (["pkg-config", "--cflags", "--libs", "libxml-2.0"], ["xml2-config", "--cflags", "--libs"]):
            if shutil.which(asked[0]):
                flags = subprocess.run(asked, capture_output=True, text=True)
                if flags.returncode == 0:
                    break
        else:
            raise Failure("no libxml2 to compile with")
        path = os.path.join(self.scratch, "push")
        done = subprocess.run([compiler, "-O2", "-o", path, os.path.join(HERE, "push.c"), *flags.stdout.split()],
                              capture_output=True, text=True)
        if done.returncode:
            raise Failure("push.c: " + done.stderr.strip().splitlines()[-1][:120])
        return path

    def disk(self, delivery):
        """Megabytes of what is asked: without the kept originals."""
        store, total = self.store(delivery), 0
        for folder, _, files in os.walk(store):
            if not folder.startswith(os.path.join(store, "archive")):
                total += sum(os.path.getsize(os.path.join(folder, name)) for name in files)
        return total / 1e6


def conditions(query):
    """The filter of a question, as ours reads it; empty if it has none."""
    parts = []
    if query["year"]:
        parts.append(f"year = {query['year']}")
    if query["districts"]:
        parts.append(f"district in ({', '.join(query['districts'])})")
    return " and ".join(parts)
