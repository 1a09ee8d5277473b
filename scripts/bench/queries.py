"""Goals 5 to 9 and 12: from a store to rates."""

import json
import os
import statistics

import answers
from data import Delivery
from imports import against, kept
from measure import Contestant, Failure, in_turn
from report import Line, milliseconds, size

COLUMNS = ["category", "district", "purpose", "sampled_day", "verdict"]
COLD_RUNS = 5
STATED = 10_000_000


def questions(delivery):
    """{name: (goal's number, its bound, query)}. The filter's year is the first of the data, its districts the first five."""
    districts = sorted({cell["district"] for cell in delivery.truth["cells"]})[:5]
    plain = ["category", "district"]
    return {
        "category x district": (5, 8, {"by": plain, "year": None, "districts": None}),
        "category x district x month": (6, 6, {"by": plain + ["month"], "year": None, "districts": None}),
        "one year, five districts": (7, 2, {"by": plain, "year": 2023, "districts": districts}),
    }


def query(bench):
    """Item rows, several a sample."""
    return [line for rows in bench.asked_sizes for line in
            Questioned(bench, Delivery(bench, "agriculture", rows, 8), rows).lines(items=True)]


def flat(bench):
    """One row a sample: as many samples as rows."""
    return [line for rows in bench.sizes for line in
            Questioned(bench, Delivery(bench, "forestry", rows, 8), rows).lines(items=False)]


def stored(bench, delivery):
    """(the store, its samples as CSV): imported and checked, not measured."""
    contestant = bench.importing(delivery, answers.check_import, jobs=2, one_core=False)
    contestant.prepare()
    contestant.check(contestant.act())
    store = bench.store(delivery)
    samples = os.path.join(bench.work, delivery.name + ".samples.csv")
    bench.export(store, "samples", COLUMNS, samples)
    return store, samples


class Questioned:
    """One store, and the same samples in the peers."""

    def __init__(self, bench, delivery, rows):
        self.bench, self.delivery, self.rows = bench, delivery, rows
        self.where = f"{size(rows)} rows, {size(delivery.samples)} samples"
        self.store, self.samples = stored(bench, delivery)
        self.start = started(Contestant(bench.start))
        self.loaded, self.peer_start, self.why = None, None, bench.why_no_peers
        try:
            self.loaded = self.load(self.samples, delivery.samples)
            self.peer_start = started(Contestant(lambda: bench.peer("duckdb-start", self.loaded)), COLD_RUNS)
        except Failure as error:
            self.why = str(error)

    def load(self, table, rows):
        target = table + ".duckdb"
        answers.require(self.bench.peer_says("duckdb-load", table, target)["rows"], rows, "rows that DuckDB loaded")
        return target

    def ours(self, asked, expected):
        return Contestant(lambda: self.bench.ask(self.store, asked),
                          check=lambda run: answers.require(answers.cells(run.text(), asked["by"]), expected, "the same again"))

    def lines(self, items):
        lines = []
        for name, (number, bound, asked) in questions(self.delivery).items():
            expected = answers.cells(self.bench.ask(self.store, asked).text(), asked["by"])
            lines.append(self.inside(name, number, bound, asked, expected))
            lines.append(self.from_kept_counts(name, asked, expected))
            lines += self.cold(name, asked, expected)
            if name == "category x district" and self.loaded and items and self.rows < STATED:
                lines.append(self.by_item(asked))
        return lines

    def inside(self, name, number, bound, asked, expected):
        """From rows, not from kept counts; theirs and ours inside of the process, on one core, what is asked open."""
        told = {"ours": [], "duckdb": [], "polars": []}

        def contestant(name, act):
            def check(run):
                answer = json.loads(run.text())
                answers.check_cells(answer, expected, name)
                told[name].append(answer["ms"] / 1000)
            return Contestant(act, check=check)

        def peer(name, *arguments):
            return contestant(name, lambda: self.bench.peer(name + "-memory", 1, *arguments, json.dumps(asked), one_core=True))

        contestants = {"ours": contestant("ours", lambda: self.bench.scan(self.store, asked))}
        if self.loaded:
            contestants.update(duckdb=peer("duckdb", 1, self.loaded), polars=peer("polars", self.samples))
        found, failed = in_turn(contestants, self.bench.runs_of(self.rows))
        kept(found, failed)
        times = {name: statistics.median(times) for name, times in told.items() if name in found}
        ours = times.pop("ours")
        # Goal 7 is against the better of the two, 5 and 6 against DuckDB.
        rivals = [peer for peer in times if number == 7 or peer == "duckdb"]
        best = min(rivals, key=times.get) if rivals else None
        line = Line(number, f"{name} by row scan, {self.where}, one core, in process", milliseconds(ours), goal=(">=", bound),
                    rows=self.rows, stated=STATED)
        against(line, times.get(best), "; ".join(failed.values()) or self.why, lambda time: time / ours,
                lambda time: f"{milliseconds(time)} ({best})")
        line.add(f"{self.delivery.samples / ours / 1e6:.0f} M samples a second")
        for name in times:
            if name != best:
                line.add(f"{name} {milliseconds(times[name])}")
        return line

    def from_kept_counts(self, name, asked, expected):
        """As goals 5 to 7 are: inside of the process. The store is opened each time."""
        answer = json.loads(self.bench.scan(self.store, asked, "21", "kept").text())
        answers.check_cells(answer, expected, name + ", kept counts")
        return Line(8, f"{name}, {self.where}, from kept counts, store opened anew, in process", milliseconds(answer["ms"] / 1000),
                    value=answer["ms"], unit="ms", goal=("<=", 5), rows=self.rows, stated=STATED,
                    note=f"{answer['rows']} rows read")

    def cold(self, name, asked, expected):
        """Both as whole processes, on all cores; ours from kept counts."""
        contestants = {"ours": self.ours(asked, expected)}
        if self.loaded:
            contestants["duckdb"] = Contestant(
                lambda: self.bench.peer("duckdb-cold", self.loaded, json.dumps(asked)),
                check=lambda run: answers.check_cells(json.loads(run.text()), expected, "DuckDB, cold"))
        found, failed = in_turn(contestants, COLD_RUNS)
        ours = kept(found, failed)
        line = Line(9, f"{name}, {self.where}, cold wall, Python + DuckDB's own file", milliseconds(ours.wall), goal=(">=", 9),
                    rows=self.rows, stated=STATED)
        against(line, found.get("duckdb"), failed.get("duckdb") or self.why, lambda peer: peer.wall / ours.wall,
                lambda peer: milliseconds(peer.wall))
        if self.peer_start:
            line.add(f"{milliseconds(self.peer_start.wall)} of theirs is start")
        return [Line(8, f"{name}, {self.where}, cold wall less start-up", milliseconds(ours.wall),
                     f"{milliseconds(self.start.wall)} (start-up)", max(0.0, ours.wall - self.start.wall) * 1000, "ms",
                     ("<=", 5), rows=self.rows, stated=STATED), line]

    def by_item(self, asked):
        """DuckDB on one row an item, which is what it has without curation. Another question than ours, so no ratio."""
        line = Line(5, f"category x district, {self.where}, one row an item", note="for information: counts items, not samples")
        table = self.store + ".items.csv"
        self.bench.export(self.store, "items", COLUMNS, table)
        try:
            rows = lines_in(table) - 1
            answer = self.bench.peer_says("duckdb-memory", 1, 1, self.load(table, rows), json.dumps(asked), one_core=True)
            answers.require(sum(cell[-2] for cell in answer["cells"]), rows, "items that DuckDB counted")
            line.peer = f"{answer['ms']:.1f} ms (duckdb, {size(rows)})"
        except Failure as error:
            line.add(str(error))
        return line


def lines_in(path):
    with open(path, "rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def started(contestant, runs=20):
    found, failed = in_turn({"start": contestant}, runs)
    if failed:
        raise Failure(failed["start"])
    return found["start"]


def start(bench):
    run = started(Contestant(bench.start))
    return [Line(12, "start-up, spotcheck --version, wall", milliseconds(run.wall), value=run.wall * 1000, unit="ms",
                 goal=("<=", 5))]


def quick(bench, delivery):
    """Every question, against a count of the listed samples one by one; no figures."""
    store, samples = stored(bench, delivery)
    for name, (_, _, asked) in questions(delivery).items():
        ours = answers.cells(bench.ask(store, asked).text(), asked["by"])
        answers.require(ours, answers.counted(samples, asked), f"{delivery.name}, {name}")
